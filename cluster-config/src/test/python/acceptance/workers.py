"""Limits on deployment, pool and queue under real workers; several workers; pinned workers."""

from collections import Counter

from acceptance.case import case
from acceptance.slots import peak
from acceptance.server import wait


def _spans(notes):
    """Begin and end of each run, from the lines that the flow wrote; fails when a run wrote twice."""
    begins, ends = {}, {}
    for line in notes.read_text().splitlines():
        word, run_id, second = line.split()
        moments = begins if word == "begin" else ends
        assert run_id not in moments, f"run {run_id} was executed twice: {notes.read_text()}"
        moments[run_id] = float(second)
    return {run_id: (begin, ends[run_id]) for run_id, begin in begins.items()}


def _runs(scene, deployment, count, **parameters):
    notes = scene.directory / "notes"
    ids = [scene.run_later(deployment, notes=str(notes), **parameters) for _ in range(count)]
    return notes, ids


def _types(scene, ids):
    return [scene.api.run(run_id)["state_type"] for run_id in ids]


@case
def deployment_limit_enqueues(scene):
    """deployment limit 1, ENQUEUE: of three runs one has the slot, two wait, one of them is cancelled; the other follows; no slot left"""
    pool = scene.pool()
    name = scene.deploy("hello", pool, concurrency_limit=1)
    scene.worker(pool)
    go = scene.directory / "go"
    notes, ids = _runs(scene, name, 3, until=str(go))
    wait(lambda: "RUNNING" in _types(scene, ids), 180, lambda: "a run to have the slot")
    assert sorted(_types(scene, ids)) == ["RUNNING", "SCHEDULED", "SCHEDULED"], _types(scene, ids)
    cancelled = next(run_id for run_id in ids if scene.api.run(run_id)["state_type"] == "SCHEDULED")
    scene.prefect("flow-run", "cancel", cancelled)
    assert scene.api.run(cancelled)["state_type"] == "CANCELLED"
    go.touch()
    scene.completed(*(run_id for run_id in ids if run_id != cancelled))
    assert peak(_spans(notes).values()) == 1, _spans(notes)
    assert scene.api.limit(f"deployment:{scene.deployment(name)['id']}")["active_slots"] == 0


@case
def deployment_limit_cancels_new(scene):
    """deployment limit 1, CANCEL_NEW: the second run is cancelled and says why, the first completes"""
    pool = scene.pool()
    name = scene.deploy("hello", pool, concurrency_limit={"limit": 1, "collision_strategy": "CANCEL_NEW"})
    scene.worker(pool)
    go = scene.directory / "go"
    first = scene.run_later(name, until=str(go))
    scene.until(first, "RUNNING")
    state = scene.until(scene.run_later(name), "CANCELLED")
    go.touch()
    assert "concurrency limit reached" in state["message"], state
    scene.completed(first)


@case
def pool_limit_holds(scene):
    """work-pool set-concurrency-limit 1: two workers, four runs, never two at once"""
    pool = scene.pool()
    scene.prefect("work-pool", "set-concurrency-limit", pool, 1)
    name = scene.deploy("hello", pool)
    scene.worker(pool), scene.worker(pool)
    notes, ids = _runs(scene, name, 4, seconds=0.5)
    scene.completed(*ids)
    assert peak(_spans(notes).values()) == 1, _spans(notes)


@case
def queue_limit_holds(scene):
    """work-queue set-concurrency-limit 1: three runs, never two at once"""
    pool = scene.pool()
    scene.prefect("work-queue", "create", "narrow", "--pool", pool)
    scene.prefect("work-queue", "set-concurrency-limit", "narrow", 1, "--pool", pool)
    name = scene.deploy("hello", pool, work_queue_name="narrow")
    scene.worker(pool)
    notes, ids = _runs(scene, name, 3, seconds=0.5)
    scene.completed(*ids)
    assert peak(_spans(notes).values()) == 1, _spans(notes)


@case
def two_workers_one_pool(scene):
    """two workers on one pool, six runs at once: each runs once, both workers are listed"""
    pool = scene.pool()
    name = scene.deploy("hello", pool)
    scene.worker(pool, "--name", "left"), scene.worker(pool, "--name", "right")
    notes, ids = _runs(scene, name, 6)
    scene.completed(*ids)
    assert _spans(notes).keys() == set(ids)
    assert {w["name"] for w in scene.api.post(f"/work_pools/{pool}/workers/filter")} == {"left", "right"}
    entered = Counter(s["name"] for run_id in ids for s in scene.api.states(run_id))
    assert entered["Running"] == entered["Completed"] == 6, entered


@case
def worker_of_one_queue(scene):
    """worker start --work-queue: takes the runs of its queue and no others"""
    pool = scene.pool()
    for queue in ("mine", "theirs"):
        scene.prefect("work-queue", "create", queue, "--pool", pool)
    mine, theirs = (scene.deploy("hello", pool, work_queue_name=queue) for queue in ("mine", "theirs"))
    other = scene.run_later(theirs)
    scene.worker(pool, "--work-queue", "mine")
    scene.completed(scene.run_later(mine))
    assert scene.api.run(other)["state_type"] == "SCHEDULED", scene.api.run(other)
    scene.worker(pool, "--work-queue", "theirs")
    scene.completed(other)


@case
def paused_pool_gives_no_work(scene):
    """work-pool pause: a worker that polls gets no run; after resume it does"""
    pool = scene.pool("--paused")
    run_id = scene.run_later(scene.deploy("hello", pool))
    scene.prefect("worker", "start", "--pool", pool, "--run-once").shows("stopped!")
    assert scene.api.run(run_id)["state_type"] == "SCHEDULED", scene.api.run(run_id)
    scene.prefect("work-pool", "resume", pool)
    scene.prefect("worker", "start", "--pool", pool, "--run-once").shows("stopped!")
    scene.completed(run_id)


@case
def worker_runs_once(scene):
    """worker start --run-once --limit: takes what is there, ends with 0"""
    pool = scene.pool()
    run_id = scene.run_later(scene.deploy("hello", pool))
    out = scene.prefect("worker", "start", "--pool", pool, "--run-once", "--limit", 1, "--name", "once")
    out.shows("Worker 'once' started!", "Worker 'once' stopped!")
    scene.completed(run_id)


@case
def worker_of_an_unknown_pool(scene):
    """worker start on a pool that does not exist makes it when the type is given"""
    pool = scene.unique("pool")
    scene.prefect("worker", "start", "--pool", pool, "--type", "process", "--run-once").shows("started!")
    assert scene.api.get(f"/work_pools/{pool}")["type"] == "process"
