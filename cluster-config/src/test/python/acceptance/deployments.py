"""Deploying: prefect.yaml, flow.deploy(), schedules; listing and deleting what was deployed."""

import shutil
from datetime import datetime, timedelta

from acceptance.case import case
from acceptance.server import wait
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


EACH = """
name: acceptance
deployments:
- {{name: {cron}, entrypoint: deployed.py:hello, work_pool: {{name: {pool}}},
    concurrency_limit: 2,
    schedules: [{{cron: "*/10 * * * *", timezone: America/New_York}}]}}
- {{name: {interval}, entrypoint: deployed.py:hello, work_pool: {{name: {pool}}},
    concurrency_limit: {{limit: 1, collision_strategy: ENQUEUE}},
    schedules: [{{interval: 900, anchor_date: "2026-01-01T00:00:07+00:00", timezone: UTC, parameters: {{x: 9}}}}]}}
- {{name: {rrule}, entrypoint: deployed.py:hello, work_pool: {{name: {pool}}},
    concurrency_limit: {{limit: 3, collision_strategy: CANCEL_NEW}},
    schedules: [{{rrule: "DTSTART:20260101T003000\\nRRULE:FREQ=HOURLY;INTERVAL=2", timezone: UTC}}]}}
"""


def _to_come(scene, deployment):
    """The runs that its schedules made, by time."""
    query = {
        "sort": "EXPECTED_START_TIME_ASC",
        "deployments": {"id": {"any_": [deployment["id"]]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    }
    return scene.api.post("/flow_runs/filter", query)


def _times(runs):
    return [datetime.fromisoformat(run["expected_start_time"].replace("Z", "+00:00")) for run in runs]


def _are_apart(runs, step):
    """Whether there are three or more, so far apart; the server makes them one by one, in no order."""
    times = _times(runs)
    return len(times) >= 3 and [b - a for a, b in zip(times, times[1:])] == [step] * (len(times) - 1)


def _scheduled(scene, deployment, step):
    """Waits for three runs or more, so far apart, each once, made by the schedule; these."""
    found = lambda: _to_come(scene, deployment)
    runs = wait(lambda: _are_apart(runs := found(), step) and runs, 60, lambda: f"runs of {deployment['name']}, {step} apart; there are {_times(found())}")
    assert all(run["auto_scheduled"] and "auto-scheduled" in run["tags"] for run in runs), runs
    assert {run["created_by"]["id"] for run in runs} == {deployment["schedules"][0]["id"]}, runs
    return runs


@case
def schedules_of_a_prefect_yaml(scene):
    """prefect deploy of cron, interval and rrule with limits: runs appear, go with pause, come with resume, go with clear"""
    kinds = {"cron": timedelta(minutes=10), "interval": timedelta(minutes=15), "rrule": timedelta(hours=2)}
    names = {kind: scene.unique(kind) for kind in kinds}
    shutil.copy(FLOWS / "deployed.py", scene.directory)
    (scene.directory / "prefect.yaml").write_text(EACH.format(pool=scene.pool(), **names))
    scene.prefect("--no-prompt", "deploy", "--all").shows(*(f"'hello/{name}' successfully created" for name in names.values()))
    found = {kind: scene.deployment(f"hello/{name}") for kind, name in names.items()}
    limits = {kind: (d["global_concurrency_limit"]["limit"], (d["concurrency_options"] or {}).get("collision_strategy")) for kind, d in found.items()}
    assert limits == {"cron": (2, None), "interval": (1, "ENQUEUE"), "rrule": (3, "CANCEL_NEW")}, limits
    runs = {kind: _scheduled(scene, found[kind], step) for kind, step in kinds.items()}
    assert all(time.minute % 10 == 0 and time.second == 0 for time in _times(runs["cron"]))
    assert all(time.minute % 15 == 0 and time.second == 7 for time in _times(runs["interval"]))
    assert all((time.hour % 2, time.minute) == (0, 30) for time in _times(runs["rrule"]))
    assert {run["parameters"]["x"] for run in runs["interval"]} == {9}
    name, schedule = f"hello/{names['cron']}", found["cron"]["schedules"][0]["id"]
    scene.prefect("deployment", "schedule", "pause", name, schedule)
    wait(lambda: not _to_come(scene, found["cron"]), 60, lambda: "the runs of the paused schedule to go")
    scene.prefect("deployment", "schedule", "resume", name, schedule)
    _scheduled(scene, found["cron"], kinds["cron"])
    scene.prefect("deployment", "schedule", "clear", name, "--accept-yes")
    wait(lambda: not _to_come(scene, found["cron"]), 60, lambda: "the runs of the cleared schedule to go")
    assert _to_come(scene, found["interval"]), "the other deployment has lost its runs"


@case
def deploy_with_options(scene):
    """prefect deploy ENTRYPOINT --concurrency-limit --collision-strategy --cron; again with another limit"""
    pool, name = scene.pool(), scene.unique("d")
    shutil.copy(FLOWS / "deployed.py", scene.directory)
    options = ["--no-prompt", "deploy", "deployed.py:hello", "--name", name, "--pool", pool, "--cron", "0 4 * * *", "--timezone", "Europe/Berlin"]
    for limit, strategy in ((1, "CANCEL_NEW"), (3, "ENQUEUE")):
        scene.prefect(*options, "--concurrency-limit", limit, "--collision-strategy", strategy)
        found = scene.deployment(f"hello/{name}")
        assert found["global_concurrency_limit"]["limit"] == limit, found
        assert found["concurrency_options"]["collision_strategy"] == strategy, found
        assert [(s["schedule"]["cron"], s["schedule"]["timezone"]) for s in found["schedules"]] == [("0 4 * * *", "Europe/Berlin")], found


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
