"""What programs ask the client for: client_calls.py FLOW/DEPLOYMENT POOL LIMIT; prints what each call gave."""

import asyncio
import json
import sys

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate, GlobalConcurrencyLimitUpdate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.sorting import FlowRunSort

DEPLOYMENT, POOL, LIMIT = sys.argv[1:]


async def main():
    found = {}
    async with get_client() as c:
        found["healthcheck"], found["version"] = repr(await c.api_healthcheck()), str(await c.api_version())
        deployment = await c.read_deployment_by_name(DEPLOYMENT)
        found["deployment status"] = str(deployment.status)
        one, again = [await c.create_flow_run_from_deployment(deployment.id, parameters={"x": 1}, tags=["x"], idempotency_key="i1") for _ in range(2)]
        found["same run"] = one.id == again.id
        scheduled = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=["SCHEDULED"])))
        found["scheduled"] = len(await c.read_flow_runs(flow_run_filter=scheduled, limit=5, sort=FlowRunSort.EXPECTED_START_TIME_ASC))
        found["workers"] = len(await c.read_workers_for_work_pool(POOL))
        found["queues"] = [q.name for q in await c.read_work_queues()]
        found["limits"] = [(limit.name, limit.limit, limit.active_slots) for limit in await c.read_global_concurrency_limits(limit=10, offset=0) if limit.name == LIMIT]
        await c.create_global_concurrency_limit(GlobalConcurrencyLimitCreate(name="tmp1", limit=3, slot_decay_per_second=0.5))
        for size in (4, 5):
            await (c.upsert_global_concurrency_limit_by_name("tmp1", 4) if size == 4 else c.update_global_concurrency_limit("tmp1", GlobalConcurrencyLimitUpdate(limit=5)))
            found[f"limit after {size}"] = (await c.read_global_concurrency_limit_by_name("tmp1")).limit
        await c.delete_global_concurrency_limit_by_name("tmp1")
        await c.delete_flow_run(one.id)
        found["runs left"] = len(await c.read_flow_runs(flow_run_filter=scheduled))
    print("RESULT " + json.dumps(found))


asyncio.run(main())
