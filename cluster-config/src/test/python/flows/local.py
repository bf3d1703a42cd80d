"""Flows that run in their own process: local.py NAME; prints the final state, the task runs and what came of it."""

import json
import sys
import time

from prefect import flow, get_run_logger, tags, task
from prefect.artifacts import create_markdown_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.futures import wait
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.variables import Variable

tries = []


@task
def add(x):
    return x + 1


@task(retries=1, retry_delay_seconds=0.2)
def second_time():
    tries.append(1)
    if len(tries) < 2:
        raise ValueError("first try")
    return len(tries)


@task(tags=["db-write"])
def write(i):
    time.sleep(0.3)
    return i


@flow
def logs(x: int = 1):
    get_run_logger().info("hello %s", x)
    return x


@flow(task_runner=ThreadPoolTaskRunner(max_workers=4), log_prints=True)
def many_tasks():
    print("printed")
    futures = [add.submit(i) for i in range(3)]
    wait(futures)
    return sum(f.result() for f in add.map([1, 2, 3])) + sum(f.result() for f in futures)


@flow
def tagged():
    return [f.result() for f in [write.submit(i) for i in range(3)]]


@flow
def tags_of_a_block():
    with tags("db-write"):
        return add.submit(3).result()


@flow
def child(n):
    return add(n)


@flow
def parent():
    return child(3)


@flow
def task_again():
    return second_time()


@flow(retries=1, retry_delay_seconds=1)
def flow_again():
    if flow_run.run_count < 2:
        raise ValueError("first try")
    return flow_run.run_count


@flow
def fails():
    raise RuntimeError("boom")


@flow
def interrupted():
    raise KeyboardInterrupt()


@flow
def keeps_things():
    create_markdown_artifact("# hi", key="k1")
    Variable.set("v1", {"a": 1}, overwrite=True)
    value = Variable.get("v1")
    Variable.unset("v1")
    return [value, Variable.get("v1")]


def main(name):
    run_id, result = None, None
    try:
        state = globals()[name](return_state=True)
        run_id, result = str(state.state_details.flow_run_id), state.result(raise_on_failure=False)
    except BaseException as end:
        result = end
    with get_client(sync_client=True) as client:
        mine = FlowFilter(name=FlowFilterName(any_=[globals()[name].name]))
        runs = client.read_flow_runs(flow_filter=mine) if run_id is None else [client.read_flow_run(run_id)]
    found = {"state": runs[0].state.name, "message": runs[0].state.message, "run count": runs[0].run_count, "id": str(runs[0].id)}
    print("RESULT " + json.dumps(found | {"result": repr(result) if isinstance(result, BaseException) else result}))


if __name__ == "__main__":
    main(sys.argv[1])
