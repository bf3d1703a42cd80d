"""What concurrency() does when it cannot have a slot: refusals.py FULL FREE (names of two limits)."""

import asyncio
import json
import sys
import time

from prefect.concurrency.asyncio import concurrency as async_concurrency
from prefect.concurrency.sync import concurrency

FULL, FREE = sys.argv[1:]
found = {}


def attempt(name, *args, **options):
    begin = time.monotonic()
    try:
        with concurrency(*args, **options):
            found[name] = "held"
    except Exception as refusal:
        found[name] = type(refusal).__name__
        found[name + " is TimeoutError"] = isinstance(refusal, TimeoutError)
    found[name + " seconds"] = time.monotonic() - begin


async def attempt_async():
    try:
        async with async_concurrency(FULL, timeout_seconds=1):
            found["async timeout"] = "held"
    except TimeoutError as refusal:
        found["async timeout"] = type(refusal).__name__


attempt("timeout", FULL, timeout_seconds=1)
attempt("both", [FREE, FULL], timeout_seconds=1)
attempt("missing", "no-such-limit")
attempt("missing strict", "no-such-limit", strict=True)
attempt("too many", FREE, occupy=5, timeout_seconds=2)
asyncio.run(attempt_async())
try:
    with concurrency(FREE):
        raise ValueError("inside")
except ValueError:
    found["exception"] = "passed on"
print("RESULT " + json.dumps(found))
