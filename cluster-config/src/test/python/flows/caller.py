"""A flow that runs a deployment in three ways: caller.py FLOW/DEPLOYMENT."""

import json
import sys

from prefect import flow
from prefect.deployments import run_deployment
from prefect.runtime import flow_run

TARGET = sys.argv[1]


@flow
def caller():
    linked = run_deployment(TARGET, parameters={"x": 5}, tags=["linked"], timeout=60, poll_interval=0.5)
    free = run_deployment(TARGET, parameters={"x": 6}, as_subflow=False, timeout=0, idempotency_key=flow_run.id)
    again = run_deployment(TARGET, parameters={"x": 6}, as_subflow=False, timeout=0, idempotency_key=flow_run.id)
    other = run_deployment(TARGET, as_subflow=False, timeout=0, work_queue_name="other")
    names = dict(caller=flow_run.id, linked=linked.id, free=free.id, again=again.id, other=other.id)
    return {k: str(v) for k, v in names.items()} | {"linked state": linked.state.name, "free state": free.state.name}


if __name__ == "__main__":
    print("RESULT " + json.dumps(caller()))
