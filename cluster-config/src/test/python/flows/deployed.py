"""Flows that the cases deploy."""

import os
import time

from prefect import flow, get_run_logger, task
from prefect.flow_runs import pause_flow_run, suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run


def note(path, word):
    """Adds a line to a file; one write, so that lines of several processes never mix."""
    if path:
        with open(path, "a") as file:
            file.write(f"{word} {flow_run.id} {time.time()}\n")


def hold(path):
    """Waits until the file exists, at most five minutes: a run that a failed case left must end."""
    deadline = time.monotonic() + 300
    while path and not os.path.exists(path) and time.monotonic() < deadline:
        time.sleep(0.05)


@task
def double(x):
    return 2 * x


@flow(log_prints=True)
def hello(x: int = 1, seconds: float = 0.0, notes: str = "", until: str = ""):
    note(notes, "begin")
    get_run_logger().info("logged %s", x)
    print("printed", double(x))
    time.sleep(seconds)
    hold(until)
    note(notes, "end")


@flow
def crash():
    os._exit(3)


@flow(retries=1, retry_delay_seconds=1)
def second_try():
    if flow_run.run_count < 2:
        raise ValueError("first try of the flow")


FAILURES = []


@task(retries=2, retry_delay_seconds=0.2)
def third_try():
    if len(FAILURES) < 2:
        FAILURES.append(1)
        raise ValueError("a try of the task")
    return len(FAILURES)


@flow
def task_retries():
    return third_try()


@flow
def fail():
    raise RuntimeError("on purpose")


@flow
def pausing():
    pause_flow_run(timeout=60, poll_interval=1)


class Order(RunInput):
    color: str
    count: int = 1


@flow
def asking(notes: str):
    order = pause_flow_run(wait_for_input=Order, timeout=240, poll_interval=1)
    note(notes, f"{order.count} {order.color}")


@flow
def asking_later(notes: str):
    note(notes, "begin")
    order = suspend_flow_run(wait_for_input=Order, timeout=240)
    note(notes, f"{order.count} {order.color}")


@flow
def env_of(notes: str):
    with open(notes, "w") as file:
        file.write(os.environ.get("SAID_BY", ""))
