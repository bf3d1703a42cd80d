"""Runs: from the command to the end, with and without a worker."""

from acceptance.case import case
from acceptance.server import wait


@case
def worker_runs_a_deployment(scene):
    """deployment run --watch: completed by a process worker; states, logs, ls, inspect, task runs, delete"""
    pool = scene.pool()
    name = scene.deploy("hello", pool)
    worker = scene.worker(pool, "--name", "w1")
    out = scene.prefect("deployment", "run", name, "--param", "x=21", "--watch")
    out.shows("Created flow run", "Flow run finished successfully in 'Completed'.")
    run = scene.api.post("/flow_runs/filter", {"deployments": {"id": {"any_": [scene.deployment(name)["id"]]}}})[0]
    states = [s["name"] for s in scene.api.states(run["id"])]
    assert states[0] == "Scheduled" and states[-2:] == ["Running", "Completed"] and "Pending" in states, states
    wait(lambda: "printed 42" in scene.prefect("flow-run", "logs", run["id"]), 60, lambda: "the logs")
    scene.prefect("flow-run", "logs", run["id"]).shows("logged 21", "printed 42", "Finished in state Completed()")
    scene.prefect("flow-run", "ls", "--flow-name", "hello", "--limit", "200").shows(run["id"])
    scene.prefect("flow-run", "inspect", run["id"]).shows(run["id"], "Completed")
    scene.prefect("flow", "ls").shows("hello")
    tasks = wait(lambda: scene.api.post("/task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}}), 60, lambda: "the task run")
    assert [t["state_type"] for t in tasks] == ["COMPLETED"], tasks
    scene.prefect("task-run", "inspect", tasks[0]["id"]).shows("double")
    assert [w["name"] for w in scene.api.post(f"/work_pools/{pool}/workers/filter")] == ["w1"]
    assert scene.api.get(f"/work_pools/{pool}")["status"] == "READY"
    scene.prefect("--no-prompt", "flow-run", "delete", run["id"]).shows("Successfully deleted")
    scene.prefect("flow-run", "inspect", run["id"], code=1).shows("not found")
    worker.interrupt().shows("Worker 'w1' stopped!")


@case
def failing_run_is_watched(scene):
    """deployment run --watch of a flow that raises: exit code 1, Failed with the message; flow-run retry"""
    pool = scene.pool()
    name = scene.deploy("fail", pool)
    scene.worker(pool)
    scene.prefect("deployment", "run", name, "--watch", code=1).shows("Flow run finished in state 'Failed'.")
    run = scene.api.post("/flow_runs/filter", {"deployments": {"id": {"any_": [scene.deployment(name)["id"]]}}})[0]
    assert "on purpose" in run["state"]["message"], run["state"]
    scene.prefect("flow-run", "retry", run["id"])
    wait(lambda: scene.api.run(run["id"])["run_count"] == 2, 180, lambda: "the second run")
    scene.until(run["id"], "FAILED")


@case
def served_flow_runs_and_stops(scene):
    """serve(): a run completes, one is cancelled, Ctrl-C ends it with 0 and pauses the deployment"""
    name = scene.unique("s")
    served = scene.start_script("served.py", name, PREFECT_RUNNER_POLL_FREQUENCY=1)
    served.until_it_prints("Your flow 'served' is being served")
    scene.prefect("deployment", "run", f"served/{name}", "--param", "x=2", "--watch").shows("finished successfully")
    run_id = scene.run_later(f"served/{name}", until="never")
    scene.until(run_id, "RUNNING")
    scene.prefect("flow-run", "cancel", run_id)
    scene.until(run_id, "CANCELLED")
    served.interrupt()
    assert scene.deployment(f"served/{name}")["paused"] is True


@case
def run_deployment_inside_of_a_flow(scene):
    """run_deployment(): subflow link, as_subflow=False, timeout=0, idempotency key, a queue made on the way"""
    pool = scene.pool()
    name = scene.deploy("hello", pool)
    scene.worker(pool)
    found = scene.python("caller.py", name).result()
    linked, free, other = (scene.api.run(found[k]) for k in ("linked", "free", "other"))
    assert found["linked state"] == "Completed" and found["free state"] == "Scheduled", found
    parent = scene.api.get(f"/task_runs/{linked['parent_task_run_id']}")
    assert parent["flow_run_id"] == found["caller"], parent
    assert parent["state"]["state_details"]["child_flow_run_id"] == linked["id"], parent
    assert "linked" in linked["tags"] and linked["parameters"]["x"] == 5, linked
    assert free["parent_task_run_id"] is None and found["free"] == found["again"], found
    assert other["work_queue_name"] == "other", other
    scene.completed(free["id"], other["id"])


@case
def cancel_a_waiting_run(scene):
    """flow-run cancel of a run that no worker has taken: Cancelled at once; a second cancel is refused"""
    name = scene.deploy("hello", scene.pool())
    run_id = scene.run_later(name)
    scene.prefect("flow-run", "cancel", run_id).shows("was successfully scheduled for cancellation")
    assert scene.api.run(run_id)["state_type"] == "CANCELLED"
    scene.prefect("flow-run", "cancel", run_id, code=1).shows("was unable to be cancelled")


@case
def cancel_a_running_run(scene):
    """flow-run cancel of a run in a worker: its process ends, Cancelled, and the worker lives on"""
    pool = scene.pool()
    name = scene.deploy("hello", pool, concurrency_limit=1)
    scene.worker(pool)
    run_id = scene.run_later(name, until="never")
    scene.until(run_id, "RUNNING")
    scene.prefect("flow-run", "cancel", run_id).shows("was successfully scheduled for cancellation")
    scene.until(run_id, "CANCELLED")
    scene.completed(scene.run_later(name))


@case
def crash_of_the_process(scene):
    """the process of a run ends with 3: Crashed with the code in its message, and its slot is free"""
    pool = scene.pool()
    name = scene.deploy("crash", pool, concurrency_limit=1)
    scene.worker(pool)
    first = scene.until(scene.run_later(name), "CRASHED")
    assert "status code: 3" in first["message"], first
    scene.until(scene.run_later(name), "CRASHED")


@case
def retries_of_flow_and_task(scene):
    """@flow(retries=1) and @task(retries=2): run twice, tried three times, Completed"""
    pool = scene.pool()
    flow, task = scene.deploy("second_try", pool), scene.deploy("task_retries", pool)
    scene.worker(pool)
    of_flow, of_task = scene.run_later(flow), scene.run_later(task)
    scene.completed(of_flow, of_task)
    names = [s["name"] for s in scene.api.states(of_flow)]
    assert "AwaitingRetry" in names and names[-1] == "Completed", names
    assert scene.api.run(of_flow)["run_count"] == 2 and scene.api.run(of_task)["run_count"] == 1
    query = {"flow_runs": {"id": {"any_": [of_task]}}}
    tries = lambda: [(t["run_count"], t["state_type"]) for t in scene.api.post("/task_runs/filter", query)]  # noqa: E731
    wait(lambda: tries() == [(3, "COMPLETED")], 60, lambda: f"the task run to be Completed at its third try: {tries()}")


@case
def pause_and_resume(scene):
    """pause_flow_run() in a flow, resume_flow_run() from outside: Paused, then Completed"""
    pool = scene.pool()
    name = scene.deploy("pausing", pool)
    scene.worker(pool)
    run_id = scene.run_later(name)
    scene.until(run_id, "PAUSED")
    scene.python("resume.py", run_id)
    scene.completed(run_id)
    names = [s["name"] for s in scene.api.states(run_id)]
    assert names[-4:] == ["Running", "Paused", "Running", "Completed"], names


def _words(notes):
    """What the run noted, without its id and the time."""
    return [line.rsplit(" ", 2)[0] for line in notes.read_text().splitlines()] if notes.exists() else []


def _answered(scene, run_id):
    """Input of a wrong type is refused, and the run stays paused; then it gets input that fits."""
    wrong = scene.python("resume.py", run_id, '{"color": "red", "count": "many"}').result()
    assert wrong.startswith("refused: ") and "count" in wrong, wrong
    assert scene.api.run(run_id)["state_type"] == "PAUSED"
    assert scene.python("resume.py", run_id, '{"color": "red", "count": 2}').result() == "resumed"


@case
def pause_for_typed_input(scene):
    """pause_flow_run(wait_for_input=Model): refused a wrong type, resumed with run_input, which the flow has"""
    pool, notes = scene.pool(), scene.directory / "notes"
    name = scene.deploy("asking", pool)
    scene.worker(pool)
    run_id = scene.run_later(name, notes=str(notes))
    scene.until(run_id, "PAUSED")
    _answered(scene, run_id)
    scene.completed(run_id)
    assert _words(notes) == ["2 red"], _words(notes)


@case
def suspend_for_typed_input(scene):
    """suspend_flow_run(wait_for_input=Model): the process ends, the slot is free; resumed, the flow has the input"""
    pool, notes = scene.pool(), scene.directory / "notes"
    name = scene.deploy("asking_later", pool, concurrency_limit=1)
    scene.worker(pool)
    run_id = scene.run_later(name, notes=str(notes))
    assert scene.until(run_id, "PAUSED")["name"] == "Suspended"
    limit = f"deployment:{scene.deployment(name)['id']}"
    wait(lambda: scene.api.limit(limit)["active_slots"] == 0, 60, lambda: "the slot of the suspended run")
    _answered(scene, run_id)
    scene.completed(run_id)
    assert _words(notes) == ["begin", "begin", "2 red"], _words(notes)
    assert "Resuming" in [s["name"] for s in scene.api.states(run_id)]


@case
def results_in_the_storage_of_a_block(scene):
    """result_storage= a saved LocalFileSystem: flow and task results are in its directory, read back by run id"""
    block, store = scene.unique("results"), scene.directory / "store"
    store.mkdir()
    kept = scene.python("kept.py", "write", block, store).result()
    squares = [0, 1, 4, 9, 16]
    assert kept["squares"] == squares, kept
    assert len(list(store.iterdir())) == 2, list(store.iterdir())
    read = scene.python("kept.py", "read", kept["run"]).result()
    assert read == {"result": kept, "of tasks": [squares]}, read
    scene.prefect("block", "inspect", f"local-file-system/{block}").shows(str(store))
