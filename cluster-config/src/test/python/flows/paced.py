"""Passes a rate limit: paced.py KIND NAME TIMES; prints the second of each pass."""

import asyncio
import json
import sys
import time

from prefect.concurrency.asyncio import rate_limit as async_rate_limit
from prefect.concurrency.sync import rate_limit

KIND, NAME, TIMES = sys.argv[1], sys.argv[2], int(sys.argv[3])
passes = []


async def pace():
    for _ in range(TIMES):
        await async_rate_limit(NAME, timeout_seconds=30)
        passes.append(time.monotonic())


if KIND == "sync":
    for _ in range(TIMES):
        rate_limit(NAME, timeout_seconds=30)
        passes.append(time.monotonic())
else:
    asyncio.run(pace())
print("RESULT " + json.dumps([moment - passes[0] for moment in passes]))
