"""The command line: every command that users of concurrency limits, pools, queues, deployments and runs named."""

import json

from acceptance.case import case
from acceptance.stage import FLOWS


def lines(scene, text):
    """One command of prefect for each line."""
    for line in text.strip().splitlines():
        scene.prefect(*line.split())


@case
def gcl(scene):
    """prefect gcl: create, inspect, ls, update, enable, disable, delete, and what is refused"""
    lines(scene, """
        gcl create db --limit 5
        gcl create db --limit 6
        gcl create negative --limit -1
        gcl inspect db
        gcl inspect db --output json
        gcl ls
        gcl update db --limit 1 --enable
        gcl update db --active-slots 1
        gcl inspect db
        gcl update db --active-slots 0
        gcl update db --slot-decay-per-second 1
        gcl update db
        gcl update nobody --limit 1
        gcl disable db
        gcl disable db
        gcl enable db
        gcl enable db
        gcl create api --limit 3 --disable --active-slots 2 --slot-decay-per-second 0.001
        gcl inspect api
        gcl create a/b --limit 1
        global-concurrency-limit create deploy:my-deployment --limit 1
        global-concurrency-limit inspect deploy:my-deployment
        --no-prompt gcl delete db
        gcl inspect db
        --no-prompt gcl delete db
    """)  # fmt: skip


@case
def concurrency_limit(scene):
    """prefect concurrency-limit: create, inspect, ls, reset, delete, and what is refused"""
    lines(scene, """
        concurrency-limit create invoices 2
        concurrency-limit inspect invoices
        concurrency-limit create invoices 3
        concurrency-limit ls
        gcl inspect tag:invoices
        concurrency-limit reset invoices
        --no-prompt concurrency-limit delete invoices
        concurrency-limit inspect invoices
        concurrency-limit reset invoices
        --no-prompt concurrency-limit delete invoices
        concurrency-limit create negative -1
    """)  # fmt: skip


@case
def work_pool(scene):
    """prefect work-pool: create of every type, templates, limits, pause, preview, delete, and what is refused"""
    template = scene.directory / "template.json"
    template.write_text(json.dumps({"job_configuration": {"command": "{{ command }}"}, "variables": {"type": "object", "properties": {"command": {"type": "string"}}}}))
    lines(scene, f"""
        work-pool create laptop --type process
        work-pool create laptop --type process
        work-pool create docker1 --type docker
        work-pool create k8s --type kubernetes
        work-pool create ecs1 --type ecs
        work-pool create nonsense --type no-such-type
        work-pool create prefect-mine --type process
        work-pool create from-file --type process --base-job-template {template}
        work-pool create from-file --base-job-template {template} --overwrite
        work-pool inspect from-file
        work-pool inspect laptop
        work-pool set-concurrency-limit laptop 3
        work-pool inspect laptop --output json
        work-pool ls
        work-pool ls --verbose
        work-pool set-concurrency-limit laptop -1
        work-pool clear-concurrency-limit laptop
        work-pool pause laptop
        work-pool inspect laptop
        work-pool resume laptop
        work-pool update laptop --description mine --concurrency-limit 2
        work-pool preview laptop
        work-pool preview nobody
        work-pool get-default-base-job-template --type process
        work-pool get-default-base-job-template --type kubernetes
        work-pool get-default-base-job-template --type no-such-type
        work-pool set-concurrency-limit nobody 1
        --no-prompt work-pool delete k8s
        work-pool inspect k8s
        --no-prompt work-pool delete k8s
    """)  # fmt: skip


@case
def work_queue(scene):
    """prefect work-queue: create, priority, limits, pause, preview, read-runs, delete, and what is refused"""
    lines(scene, """
        work-pool create tower --type process
        work-queue create high --pool tower --priority 1
        work-queue create low --pool tower --limit 2
        work-queue create low --pool tower
        work-queue create orphan --pool nobody
        work-queue ls --pool tower
        work-queue ls --pool tower --verbose
        work-queue inspect low --pool tower
        work-queue inspect default --pool tower
        work-queue set-concurrency-limit low 1 --pool tower
        work-queue inspect low --pool tower
        work-queue clear-concurrency-limit low --pool tower
        work-queue pause low --pool tower
        work-queue ls --pool tower
        work-queue resume low --pool tower
        work-queue preview low --pool tower
        work-queue read-runs low --pool tower
        work-queue set-concurrency-limit none 1 --pool tower
        --no-prompt work-queue delete low --pool tower
        work-queue inspect low --pool tower
        --no-prompt work-queue delete default --pool tower
    """)  # fmt: skip


@case
def deployment_and_runs(scene):
    """prefect deployment, flow-run, flow: inspect, schedules, run, cancel, delete, and what is refused"""
    pool = scene.pool()
    name = scene.deploy("hello", pool, concurrency_limit=2, tags=["code"])
    lines(scene, f"""
        deployment ls
        deployment inspect {name}
        deployment inspect hello/none
        deployment schedule create {name} --cron nonsense
        deployment schedule create {name} --interval 600
        deployment schedule create {name} --rrule FREQ=DAILY
        deployment schedule create {name} --rrule FREQ=NEVER
        deployment schedule ls {name}
    """)  # fmt: skip
    scene.prefect("deployment", "schedule", "create", name, "--cron", "0 0 * * *")
    first = scene.deployment(name)["schedules"][0]["id"]
    lines(scene, f"""
        deployment schedule pause {name} {first}
        deployment schedule pause {name} {first}
        deployment schedule resume {name} {first}
        deployment schedule delete {name} {first} --accept-yes
        deployment schedule clear {name} --accept-yes
        deployment schedule ls {name}
        deployment run {name} --param x=2
        deployment run {name} --param y=1
        deployment run {name} --param x=words
        deployment run hello/none
        deployment run {name} --start-in 5minutes
    """)  # fmt: skip
    later = scene.run_later(name)
    # A run that is due is late some 15 s later: looks before that would depend on how busy the machine is.
    scene.until(later, "Late")
    lines(scene, f"""
        flow ls
        flow-run ls
        flow-run inspect {later}
        flow-run logs {later}
        work-pool preview {pool}
        work-queue preview default --pool {pool}
        flow-run cancel {later}
        flow-run cancel {later}
        flow-run inspect {later}
        --no-prompt flow-run delete {later}
        flow-run inspect {later}
        flow-run cancel {later}
        --no-prompt deployment delete {name}
        deployment inspect {name}
    """)  # fmt: skip


@case
def deploy_by_yaml(scene):
    """prefect deploy of a prefect.yaml with limit, strategy, queue and schedules, twice"""
    pool = scene.pool()
    (scene.directory / "deployed.py").write_text((FLOWS / "deployed.py").read_text())
    (scene.directory / "prefect.yaml").write_text(YAML.format(pool=pool))
    for _ in range(2):
        scene.prefect("--no-prompt", "deploy", "--all")
    scene.prefect("deployment", "inspect", "hello/yaml")
    found = scene.deployment("hello/yaml")
    scene.note("queue, limit, strategy", [found["work_queue_name"], found["global_concurrency_limit"]["limit"], found["concurrency_options"]["collision_strategy"]])


YAML = """
name: beside
deployments:
- name: yaml
  entrypoint: deployed.py:hello
  concurrency_limit: {{limit: 1, collision_strategy: CANCEL_NEW}}
  schedules: [{{cron: "0 6 * * *", timezone: Europe/Berlin}}, {{rrule: "FREQ=DAILY;COUNT=5", timezone: UTC}}]
  work_pool: {{name: {pool}, work_queue_name: fast}}
"""


@case
def worker_commands(scene):
    """prefect worker start: once on an empty pool, of a pool that is not there, with a limit"""
    lines(scene, """
        work-pool create once --type process
        worker start --pool once --run-once --name w1
        worker start --pool made --type process --run-once --name w2
        worker start --pool nobody --run-once --name w3
        worker start --pool once --type docker --run-once --name w4
    """)  # fmt: skip


@case
def variables(scene):
    """prefect variable: set, get, ls, overwrite, unset"""
    lines(scene, """
        variable set colour blue
        variable set colour red
        variable set colour red --overwrite
        variable get colour
        variable ls
        variable unset colour
        variable get colour
    """)  # fmt: skip
