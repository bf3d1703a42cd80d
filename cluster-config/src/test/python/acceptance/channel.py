"""The websocket between a worker and its pool, with the unmodified worker."""

from acceptance.case import case
from acceptance.server import wait


def _worker(scene, pool, *args):
    return scene.worker(pool, *args, PREFECT_LOGGING_LEVEL="DEBUG", PREFECT_WORKER_HEARTBEAT_SECONDS=1)


def _seen(scene, pool):
    return [w["last_heartbeat_time"] for w in scene.api.post(f"/work_pools/{pool}/workers/filter")]


@case
def worker_uses_its_channel(scene):
    """worker start: heartbeats and changes of the pool go over the channel; a changed base job template holds for the next run"""
    pool = scene.pool()
    name = scene.deploy("env_of", pool)
    worker = _worker(scene, pool)
    worker.until_it_prints("Skipping REST worker heartbeat because the worker channel is healthy.")
    before = _seen(scene, pool)
    wait(lambda: _seen(scene, pool) != before, 30, lambda: "a heartbeat over the channel")
    template = scene.api.get(f"/work_pools/{pool}")["base_job_template"]
    template["variables"]["properties"]["env"]["default"] = {"SAID_BY": "the pool"}
    scene.api.call("PATCH", f"/work_pools/{pool}", {"base_job_template": template})
    notes = scene.directory / "env"
    scene.completed(scene.run_later(name, notes=str(notes)))
    assert notes.read_text() == "the pool", notes.read_text()
    worker.text().hides("REST fallback is active", "Worker channel disabled")
    assert scene.api.get(f"/work_pools/{pool}")["status"] == "READY"
