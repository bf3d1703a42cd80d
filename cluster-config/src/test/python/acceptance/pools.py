"""The command line on work pools and work queues."""

import json

from acceptance.case import case


@case
def work_pool_life(scene):
    """work-pool create, inspect, ls, update, pause, resume, slots, preview, delete"""
    name = scene.unique("pool")
    scene.prefect("work-pool", "create", name, "--type", "process").shows(f"Created work pool '{name}'!")
    scene.prefect("work-pool", "create", name, "--type", "process", code=1).shows("already exists")
    scene.prefect("work-pool", "inspect", name).shows(f"name='{name}'", "type='process'", "WorkPoolStatus.NOT_READY")
    assert scene.prefect("work-pool", "inspect", name, "--output", "json").json()["name"] == name
    scene.prefect("work-pool", "ls").shows(name)
    scene.prefect("work-pool", "update", name, "--description", "for tests").shows(f"Updated work pool '{name}'")
    assert scene.api.get(f"/work_pools/{name}")["description"] == "for tests"
    scene.prefect("work-pool", "pause", name).shows(f"Paused work pool '{name}'")
    assert scene.api.get(f"/work_pools/{name}")["status"] == "PAUSED"
    scene.prefect("work-pool", "resume", name).shows(f"Resumed work pool '{name}'")
    assert scene.api.get(f"/work_pools/{name}")["is_paused"] is False
    scene.prefect("work-pool", "preview", name).shows("No runs found")
    scene.prefect("--no-prompt", "work-pool", "delete", name).shows(f"Deleted work pool '{name}'")
    scene.prefect("work-pool", "inspect", name, code=1).shows(f"Work pool '{name}' not found!")


@case
def work_pool_concurrency_limit(scene):
    """work-pool set-concurrency-limit, inspect, slots, clear-concurrency-limit"""
    name = scene.pool()
    scene.prefect("work-pool", "set-concurrency-limit", name, 200).shows(f"Set concurrency limit for work pool '{name}' to 200")
    scene.prefect("work-pool", "inspect", name).shows("concurrency_limit=200", "active_slots=0")
    scene.prefect("work-pool", "slots", name).shows("0 / 200")
    scene.prefect("work-pool", "clear-concurrency-limit", name).shows(f"Cleared concurrency limit for work pool '{name}'")
    assert scene.api.get(f"/work_pools/{name}")["concurrency_limit"] is None


@case
def work_pool_types_and_templates(scene):
    """get-default-base-job-template for process, docker, kubernetes, ecs; create --base-job-template, --overwrite"""
    for kind in ("process", "docker", "kubernetes", "ecs"):
        file = scene.directory / f"{kind}.json"
        scene.prefect("work-pool", "get-default-base-job-template", "--type", kind, "--file", file)
        template = json.loads(file.read_text())
        assert {"job_configuration", "variables"} <= template.keys(), kind
        name = scene.unique(kind)
        scene.prefect("work-pool", "create", name, "--type", kind)
        made = scene.api.get(f"/work_pools/{name}")
        assert (made["type"], made["base_job_template"]) == (kind, template), kind
        template["variables"]["description"] = f"changed for {kind}"
        file.write_text(json.dumps(template))
        own = scene.unique(kind)
        scene.prefect("work-pool", "create", own, "--type", kind, "--base-job-template", file)
        assert scene.api.get(f"/work_pools/{own}")["base_job_template"] == template, kind
        scene.prefect("work-pool", "create", name, "--base-job-template", file, "--overwrite").shows(f"Updated work pool '{name}'!")
        assert scene.api.get(f"/work_pools/{name}")["base_job_template"] == template, kind
    scene.prefect("work-pool", "create", scene.unique("pool"), "--type", "abacus", code=1).shows("Unknown work pool type")


@case
def work_queue_life(scene):
    """work-queue create with limit and priority, ls --verbose, inspect, pause, resume, limits, delete"""
    pool, queue = scene.pool(), scene.unique("queue")
    scene.prefect("work-queue", "create", queue, "--pool", pool, "--limit", 3, "--priority", 1).shows(f"Created work queue with properties:", queue)
    scene.prefect("work-queue", "create", queue, "--pool", pool, code=1).shows("already exists")
    scene.prefect("work-queue", "ls", "--pool", pool, "--verbose").shows("default", queue, "3")
    scene.prefect("work-queue", "inspect", queue, "--pool", pool).shows(f"name='{queue}'", "concurrency_limit=3", "WorkQueueStatus.NOT_READY")
    assert _queue(scene, pool, queue)["priority"] == 1
    scene.prefect("work-queue", "set-concurrency-limit", queue, 7, "--pool", pool).shows("7")
    assert _queue(scene, pool, queue)["concurrency_limit"] == 7
    scene.prefect("work-queue", "clear-concurrency-limit", queue, "--pool", pool)
    assert _queue(scene, pool, queue)["concurrency_limit"] is None
    scene.prefect("--no-prompt", "work-queue", "pause", queue, "--pool", pool).shows("paused")
    assert _queue(scene, pool, queue)["status"] == "PAUSED"
    scene.prefect("work-queue", "resume", queue, "--pool", pool).shows("resumed")
    assert _queue(scene, pool, queue)["is_paused"] is False
    scene.prefect("--no-prompt", "work-queue", "delete", queue, "--pool", pool).shows(f"Successfully deleted work queue '{queue}'")
    scene.prefect("work-queue", "inspect", queue, "--pool", pool, code=1).shows(f"No work queue named '{queue}' found in work pool '{pool}'")


def _queue(scene, pool, queue):
    return scene.api.get(f"/work_pools/{pool}/queues/{queue}")


@case
def work_queue_preview_and_read_runs(scene):
    """work-queue preview, read-runs and work-pool preview show a run that waits, in the default queue"""
    pool = scene.pool()
    deployment = scene.deploy("hello", pool)
    run = scene.api.run(scene.run_later(deployment))
    assert (run["work_pool_name"], run["work_queue_name"]) == (pool, "default"), run
    scene.prefect("work-queue", "preview", "default", "--pool", pool).shows(run["id"])
    scene.prefect("work-pool", "preview", pool).shows(run["id"])
    scene.prefect("work-queue", "read-runs", "default", "--pool", pool).shows("Read 1 runs for work queue 'default'")


@case
def work_queue_without_pool(scene):
    """work-queue create and inspect without --pool use the default agent pool"""
    queue = scene.unique("queue")
    scene.prefect("work-queue", "create", queue).shows(queue)
    scene.prefect("work-queue", "set-concurrency-limit", queue, 2).shows("2")
    scene.prefect("work-queue", "inspect", queue).shows(f"name='{queue}'", "concurrency_limit=2")
    scene.prefect("work-queue", "ls").shows(queue)
