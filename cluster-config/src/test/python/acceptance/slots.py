"""Slots taken by code: concurrency(), rate_limit(), tagged tasks, limits made inside of a flow."""

from acceptance.case import case
from acceptance.server import wait


def _limit(scene, slots, *options):
    name = scene.unique("slots")
    scene.prefect("gcl", "create", name, "--limit", slots, *options)
    return name


def peak(spans):
    """How many spans overlap at most; a span ends before another that begins at the same moment."""
    moments = sorted([(span[0], 1) for span in spans] + [(span[1], -1) for span in spans])
    count, highest = 0, 0
    for _, step in moments:
        count += step
        highest = max(highest, count)
    return highest


def _contend(scene, slots, kinds):
    """Processes that hold a slot three times each; never more at once than there are slots, and none is left taken."""
    name = _limit(scene, slots)
    processes = [scene.start_script("holder.py", kind, name, 3, 0.2) for kind in kinds]
    spans = [span for process in processes for span in process.ends(0).result()]
    assert len(spans) == 3 * len(kinds)
    assert peak(spans) <= slots, f"{peak(spans)} held {slots} slots of {name}: {sorted(spans)}"
    assert scene.api.limit(name)["active_slots"] == 0


@case
def concurrency_sync_between_processes(scene):
    """concurrency(): three processes, one slot, never two holders, none left over"""
    _contend(scene, 1, ["sync"] * 3)


@case
def concurrency_async_between_processes(scene):
    """async concurrency(): the same, mixed with sync callers, two slots"""
    _contend(scene, 2, ["async", "async", "sync"])


@case
def concurrency_refusals(scene):
    """timeout_seconds, strict, too many slots, an exception inside: the errors the client names, no slot left"""
    full, free = _limit(scene, 1), _limit(scene, 2)
    holder = scene.start_script("holder.py", "sync", full, 1, 600)
    wait(lambda: scene.api.limit(full)["active_slots"] == 1, 120, lambda: "the holder")
    found = scene.python("refusals.py", full, free).result()
    for attempt in ("timeout", "both"):
        assert found[attempt] == "AcquireConcurrencySlotTimeoutError" and found[attempt + " is TimeoutError"], found
        assert 0.9 < found[attempt + " seconds"] < 30, found
    assert found["missing"] == "held" and found["missing strict"] == "ConcurrencySlotAcquisitionError", found
    assert found["too many"] != "held", found
    assert found["async timeout"] == "AcquireConcurrencySlotTimeoutError", found
    assert found["exception"] == "passed on", found
    wait(lambda: scene.api.limit(free)["active_slots"] == 0, 5, lambda: f"the slots of {free} to be free")
    assert scene.api.limit(full)["active_slots"] == 1
    holder.kill()


@case
def concurrency_waiter_killed(scene):
    """a process killed while it waits takes no slot: the next in line has it at once"""
    name = _limit(scene, 1)
    first = scene.start_script("holder.py", "sync", name, 1, 0, scene.directory / "go")
    wait(lambda: scene.api.limit(name)["active_slots"] == 1, 120, lambda: "the first holder")
    gone = scene.start_script("holder.py", "sync", name, 1, 30).until_it_prints("ready")
    last = scene.start_script("holder.py", "sync", name, 1, 0.1).until_it_prints("ready")
    gone.kill()
    (scene.directory / "go").touch()
    (_, freed, _), (taken, _, _) = first.ends().result()[0], last.ends().result()[0]
    assert taken > freed
    assert scene.api.limit(name)["active_slots"] == 0


@case
def rate_limit_paces(scene):
    """rate_limit(): one pass per 1/decay seconds, sync and async; without decay it is refused"""
    for kind in ("sync", "async"):
        name = _limit(scene, 1, "--slot-decay-per-second", 2)
        passes = scene.python("paced.py", kind, name, 5).result()
        assert 1.5 <= passes[-1] < 60, f"{kind}: five passes at 2 per second took {passes}"
    scene.python("paced.py", "sync", _limit(scene, 1), 1, code=1).shows("Only concurrency limits with slot decay can be used for rate limiting")


@case
def tagged_tasks_keep_the_limit(scene):
    """six tagged tasks at once, a limit of 2 on the tag: exactly two run together, no slot is left"""
    tag = scene.unique("tag")
    scene.prefect("concurrency-limit", "create", tag, 2)
    found = scene.python("tagged.py", tag, 2).result()
    assert found["peak"] == 2 and found["results"] == list(range(6)), found
    assert scene.api.limit(f"tag:{tag}")["active_slots"] == 0


@case
def mapped_tasks_keep_the_limit(scene):
    """200 task runs by .map, a limit of 10 on their tag: never more at once, all Completed, no slot is left"""
    tag = scene.unique("tag")
    scene.prefect("concurrency-limit", "create", tag, 10)
    found = scene.python("mapped.py", tag).result()
    assert found["sum"] == sum(range(200)) and 5 <= found["peak"] <= 10, found
    assert scene.api.limit(f"tag:{tag}")["active_slots"] == 0
    done = {"task_runs": {"tags": {"all_": [tag]}, "state": {"type": {"any_": ["COMPLETED"]}}}}
    wait(lambda: scene.api.post("/task_runs/count", done) == 200, 60, lambda: f"200 Completed: {scene.api.post('/task_runs/count', done)}")


@case
def tagged_tasks_without_limit(scene):
    """without a limit on the tag all six run together"""
    assert scene.python("tagged.py", scene.unique("tag"), 6).result()["peak"] == 6


@case
def limit_made_inside_of_a_flow(scene):
    """client.create_concurrency_limit in a flow, twice: same limit, new size; read, reset, delete"""
    found = scene.python("limit_in_flow.py", scene.unique("tag")).result()
    assert found == {"same": True, "limit": 7, "slots": []}, found
