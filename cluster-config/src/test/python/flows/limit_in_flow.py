"""Makes a tag limit inside of a flow by the client: limit_in_flow.py TAG."""

import asyncio
import json
import sys

from prefect import flow
from prefect.client.orchestration import get_client


@flow
async def maker(tag):
    async with get_client() as client:
        first = await client.create_concurrency_limit(tag, 20)
        again = await client.create_concurrency_limit(tag, 7)
        read = await client.read_concurrency_limit_by_tag(tag)
        await client.reset_concurrency_limit_by_tag(tag)
        await client.delete_concurrency_limit_by_tag(tag)
    return {"same": first == again, "limit": read.concurrency_limit, "slots": read.active_slots}


if __name__ == "__main__":
    print("RESULT " + json.dumps(asyncio.run(maker(sys.argv[1]))))
