"""Programs: flows on their own, slots in code, deployments with workers and limits, serve()."""

import time

from acceptance.case import case
from acceptance.server import wait
from acceptance.slots import peak
from acceptance.stage import TERMINAL

LOCAL = ["logs", "many_tasks", "tags_of_a_block", "parent", "task_again", "flow_again", "fails", "interrupted", "keeps_things"]


@case
def flows_on_their_own(scene):
    """flows without a deployment: logs, tasks, subflows, retries, failures, artifacts and variables"""
    for name in LOCAL:
        found = scene.python("local.py", name).result()
        run = found.pop("id")
        scene.note(name, found)
        scene.note(f"{name}: states", [s["type"] for s in scene.api.states(run)])
        tasks = {"flow_runs": {"id": {"any_": [run]}}}
        finished = lambda: all(t["state_type"] in TERMINAL for t in scene.api.post("/task_runs/filter", tasks))  # noqa: E731
        wait(finished, 60, lambda: f"the task runs of {name}")
        scene.note(f"{name}: task runs", sorted(t["state_type"] for t in scene.api.post("/task_runs/filter", tasks)))


@case
def tagged_tasks(scene):
    """tasks with a tag whose limit is 1: one after the other; without a limit: together"""
    scene.note("peak without a limit", scene.python("tagged.py", "free", 6).result())
    scene.prefect("concurrency-limit", "create", "narrow", 2)
    scene.note("peak with a limit of 2", scene.python("tagged.py", "narrow", 2).result())
    scene.note("slots left", scene.api.get("/concurrency_limits/tag/narrow")["active_slots"])
    scene.note("limit made in a flow", scene.python("limit_in_flow.py", "made").result())


def _held(scene, slots, kinds):
    scene.prefect("gcl", "create", f"held{slots}", "--limit", slots)
    begin = time.monotonic()
    processes = [scene.start_script("holder.py", kind, f"held{slots}", 3, 0.2) for kind in kinds]
    spans = [span for process in processes for span in process.ends(0, 300).result()]
    scene.note(f"{slots} slots: times held, peak within the limit", [len(spans), peak(spans) <= slots])
    scene.seconds(f"{slots} slots: makespan", time.monotonic() - begin)
    scene.note(f"{slots} slots: left", scene.api.limit(f"held{slots}")["active_slots"])


@case
def slots_in_code(scene):
    """concurrency() sync and async between processes; rate_limit(); refusals by timeout, size, strictness"""
    _held(scene, 1, ["sync"] * 3)
    _held(scene, 2, ["async", "async", "sync"])
    scene.prefect("gcl", "create", "full", "--limit", 1)
    scene.prefect("gcl", "create", "free", "--limit", 2)
    holder = scene.start_script("holder.py", "sync", "full", 1, 600)
    wait(lambda: scene.api.limit("full")["active_slots"] == 1, 120, lambda: "the holder")
    found = scene.python("refusals.py", "full", "free").result()
    scene.note("refusals", {k: v for k, v in found.items() if not k.endswith("seconds")})
    for name in ("timeout", "both"):
        scene.seconds(f"refused by {name} after", found[name + " seconds"])
    holder.kill()
    for kind in ("sync", "async"):
        scene.prefect("gcl", "create", f"paced{kind}", "--limit", 1, "--slot-decay-per-second", 2)
        passes = scene.python("paced.py", kind, f"paced{kind}", 5).result()
        scene.note(f"passes, {kind}", len(passes))
        scene.seconds(f"five passes at 2 per second, {kind}", passes[-1])
    out = scene.python("paced.py", "sync", "free", 1, code=1)
    scene.note("rate_limit() without decay", "Only concurrency limits with slot decay can be used for rate limiting" in out)


@case
def calls_of_the_client(scene):
    """the client's own methods: deployments, runs, filters, limits"""
    pool = scene.pool()
    name = scene.deploy("hello", pool)
    scene.prefect("gcl", "create", "seen", "--limit", 3)
    for call, found in scene.python("client_calls.py", name, pool, "seen").result().items():
        scene.note(call, found)


def _final(scene, label, run_id, timeout=240):
    """Waits for the end of a run; notes its state, its message and how often it was in each."""
    def state():
        found = scene.api.run(run_id)["state"]
        return found if found["type"] in TERMINAL else None
    found = wait(state, timeout, lambda: f"{label} to end: {[s['name'] for s in scene.api.states(run_id)]}")
    scene.note(f"{label}: ends", [found["name"], scene.masked(found["message"] or "")])
    types = [s["type"] for s in scene.api.states(run_id)]
    scene.note(f"{label}: running, terminal", [types.count("RUNNING"), types[-1]])


def _burst(scene, label, name, count, **parameters):
    """Several runs at once: all complete; their peak and makespan."""
    begin = time.monotonic()
    notes = scene.directory / f"{label} notes"
    ids = [scene.run_later(name, notes=str(notes), **parameters) for _ in range(count)]
    scene.completed(*ids, timeout=400)
    scene.seconds(f"{label}: makespan of {count}", time.monotonic() - begin)
    spans = {}
    for line in notes.read_text().splitlines():
        word, run_id, second = line.split()
        spans.setdefault(run_id, {})[word] = float(second)
    scene.note(f"{label}: runs, peak", [len(spans), peak([(s["begin"], s["end"]) for s in spans.values()])])


@case
def worker_and_limits(scene):
    """a worker: plain run, deployment limit with ENQUEUE and CANCEL_NEW, pool and queue limit, pause"""
    pool = scene.pool()
    plain, cancel = scene.deploy("hello", pool), scene.deploy("hello", pool, concurrency_limit={"limit": 1, "collision_strategy": "CANCEL_NEW"})
    limited = scene.deploy("hello", pool, concurrency_limit=1)
    worker = scene.worker(pool, "--name", "w1")
    _final(scene, "plain", scene.run_later(plain))
    _burst(scene, "deployment limit 1", limited, 3, seconds=0.5)
    scene.note("deployment limit 1: slots left", scene.api.limit(f"deployment:{scene.deployment(limited)['id']}")["active_slots"])
    go = scene.directory / "go"
    first = scene.run_later(cancel, until=str(go))
    scene.until(first, "RUNNING")
    _final(scene, "CANCEL_NEW, second", scene.run_later(cancel))
    go.touch()
    _final(scene, "CANCEL_NEW, first", first)
    scene.prefect("work-pool", "set-concurrency-limit", pool, 1)
    _burst(scene, "pool limit 1", plain, 2, seconds=1)
    scene.prefect("work-pool", "clear-concurrency-limit", pool)
    scene.prefect("work-pool", "pause", pool)
    paused = scene.run_later(plain)
    time.sleep(5)
    scene.note("in a paused pool", scene.api.run(paused)["state_type"])
    scene.prefect("work-pool", "resume", pool)
    _final(scene, "after resume", paused)
    worker.interrupt()


@case
def ends_of_runs(scene):
    """a worker's runs that are cancelled, crash, fail, are retried, paused and resumed"""
    pool = scene.pool()
    names = {flow: scene.deploy(flow, pool) for flow in ("hello", "crash", "fail", "second_try", "task_retries", "pausing")}
    scene.worker(pool)
    running = scene.run_later(names["hello"], until="never")
    scene.until(running, "RUNNING")
    scene.prefect("flow-run", "cancel", running)
    _final(scene, "cancelled", running)
    for flow in ("crash", "fail", "second_try", "task_retries"):
        _final(scene, flow, scene.run_later(names[flow]))
    paused = scene.run_later(names["pausing"])
    scene.until(paused, "PAUSED")
    scene.python("resume.py", paused)
    _final(scene, "resumed", paused)


@case
def deployments_from_a_flow(scene):
    """run_deployment(): as a subflow and not, without waiting, idempotent, to a queue"""
    pool = scene.pool()
    name = scene.deploy("hello", pool)
    scene.worker(pool)
    found = scene.python("caller.py", name).result()
    scene.note("states", [found["linked state"], found["free state"]])
    scene.note("same run for the same key", found["free"] == found["again"])
    linked, other = scene.api.run(found["linked"]), scene.api.run(found["other"])
    scene.note("linked to its parent, tags", [linked["parent_task_run_id"] is not None, linked["tags"]])
    scene.note("queue", other["work_queue_name"])
    _final(scene, "other queue", found["other"])


@case
def serve(scene):
    """serve(): a run completes, one is cancelled, Ctrl-C ends it and pauses the deployment"""
    served = scene.start_script("served.py", "srv", PREFECT_RUNNER_POLL_FREQUENCY=1)
    served.until_it_prints("is being served")
    _final(scene, "served", scene.run_later("served/srv", x=2))
    running = scene.run_later("served/srv", until="never")
    scene.until(running, "RUNNING")
    scene.prefect("flow-run", "cancel", running)
    _final(scene, "cancelled", running)
    served.interrupt()
    scene.note("paused at the end", scene.deployment("served/srv")["paused"])
