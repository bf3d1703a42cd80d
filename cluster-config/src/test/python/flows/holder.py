"""Holds a slot of a limit in a loop: holder.py KIND NAME ROUNDS SECONDS [FILE]; then, if named, until FILE exists.

Prints from when to when it had the slot, and when the release had returned, in seconds of the epoch.
"""

import asyncio
import json
import os
import sys
import time

from prefect.concurrency.asyncio import concurrency as async_concurrency
from prefect.concurrency.sync import concurrency

KIND, NAME, ROUNDS, SECONDS = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
UNTIL = sys.argv[5] if len(sys.argv) > 5 else ""
held = []


def hold():
    for _ in range(ROUNDS):
        with concurrency(NAME, timeout_seconds=300):
            begin = time.time()
            time.sleep(SECONDS)
            while UNTIL and not os.path.exists(UNTIL):
                time.sleep(0.02)
            end = time.time()
        held.append((begin, end, time.time()))


async def hold_async():
    for _ in range(ROUNDS):
        async with async_concurrency(NAME, timeout_seconds=300):
            begin = time.time()
            await asyncio.sleep(SECONDS)
            end = time.time()
        held.append((begin, end, time.time()))


print("ready", flush=True)
hold() if KIND == "sync" else asyncio.run(hold_async())
print("RESULT " + json.dumps(held))
