"""Deploying: prefect.yaml, flow.deploy(), schedules; listing and deleting what was deployed."""

import shutil

from acceptance.case import case
from acceptance.stage import FLOWS

YAML = """
name: acceptance
deployments:
- name: {name}
  entrypoint: deployed.py:hello
  parameters: {{x: 4}}
  tags: [yaml]
  concurrency_limit: {{limit: 1, collision_strategy: CANCEL_NEW}}
  schedules: [{{cron: "0 6 * * *", timezone: Europe/Berlin}}]
  work_pool: {{name: {pool}, work_queue_name: fast}}
"""


@case
def deploy_by_prefect_yaml(scene):
    """prefect deploy --all of a prefect.yaml, twice: pool, queue, limit, strategy, schedule, parameters"""
    pool, name = scene.pool(), scene.unique("d")
    shutil.copy(FLOWS / "deployed.py", scene.directory)
    (scene.directory / "prefect.yaml").write_text(YAML.format(name=name, pool=pool))
    for _ in range(2):
        scene.prefect("--no-prompt", "deploy", "--all").shows(f"Deployment 'hello/{name}' successfully created")
    found = scene.deployment(f"hello/{name}")
    assert (found["work_pool_name"], found["work_queue_name"]) == (pool, "fast"), found
    assert (found["parameters"], found["tags"]) == ({"x": 4}, ["yaml"]), found
    assert found["global_concurrency_limit"]["limit"] == 1, found
    assert found["concurrency_options"]["collision_strategy"] == "CANCEL_NEW", found
    assert [s["schedule"]["cron"] for s in found["schedules"]] == ["0 6 * * *"], found
    scene.prefect("deployment", "inspect", f"hello/{name}").shows(found["id"], "CANCEL_NEW", "Europe/Berlin")


@case
def deploy_by_code(scene):
    """flow.deploy() with a queue that does not exist yet, a limit and an interval; ls, inspect, delete"""
    pool = scene.pool()
    name = scene.deploy("hello", pool, work_queue_name="slow", concurrency_limit=2, interval=3600, tags=["code"])
    found = scene.deployment(name)
    assert (found["work_queue_name"], found["global_concurrency_limit"]["limit"]) == ("slow", 2), found
    scene.prefect("gcl", "inspect", f"deployment:{found['id']}").shows("limit=2")
    scene.prefect("deployment", "ls").shows(name)
    shown = scene.prefect("deployment", "inspect", name, "--output", "json").json()
    assert (shown["id"], shown["status"]) == (found["id"], "NOT_READY"), shown
    scene.prefect("deployment", "schedule", "ls", name).shows("interval: 1:00:00")
    scene.prefect("--no-prompt", "deployment", "delete", name).shows(f"Deleted deployment '{name}'.")
    scene.prefect("deployment", "inspect", name, code=1).shows("not found")
    scene.prefect("gcl", "inspect", f"deployment:{found['id']}", code=1)


@case
def deployment_schedules(scene):
    """deployment schedule create, ls, pause, resume, delete, clear"""
    name = scene.deploy("hello", scene.pool())
    scene.prefect("deployment", "schedule", "create", name, "--cron", "0 0 * * *").shows("Created deployment schedule!")
    scene.prefect("deployment", "schedule", "create", name, "--interval", 600).shows("Created deployment schedule!")
    scene.prefect("deployment", "schedule", "create", name, "--rrule", "FREQ=DAILY").shows("Created deployment schedule!")
    scene.prefect("deployment", "schedule", "ls", name).shows("cron: 0 0 * * *", "interval: 0:10:00", "FREQ=DAILY")
    first = next(s["id"] for s in scene.deployment(name)["schedules"] if "cron" in s["schedule"])
    scene.prefect("deployment", "schedule", "pause", name, first).shows("Paused schedule")
    scene.prefect("deployment", "schedule", "pause", name, first, code=1).shows("already")
    scene.prefect("deployment", "schedule", "resume", name, first).shows("Resumed schedule")
    scene.prefect("deployment", "schedule", "delete", name, first, "--accept-yes").shows("Deleted deployment schedule")
    scene.prefect("deployment", "schedule", "clear", name, "--accept-yes").shows("Cleared all schedules")
    assert scene.deployment(name)["schedules"] == []


@case
def deployment_run_refusals(scene):
    """deployment run: unknown deployment, unknown parameter, a parameter of the wrong type"""
    name = scene.deploy("hello", scene.pool())
    scene.prefect("deployment", "run", "hello/none-of-this-name", code=1).shows("not found")
    scene.prefect("deployment", "run", name, "--param", "y=1", code=1).shows("specified but not found on the deployment: 'y'")
    scene.prefect("deployment", "run", name, "--param", 'x="text"', code=1)
