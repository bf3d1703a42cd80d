"""What schemathesis is told: ids of things that are there, and what an answer must be like."""

import os
import random
import time

import schemathesis

from fuzzing.asker import METHODS, SECONDS_MAX
from fuzzing.poisoning import RETRY_AFTER_SECONDS
from fuzzing.world import World

KNOWN = 0.7
WORLD = World(os.environ["SLUICE_FUZZ_URL"]).load(os.environ["SLUICE_FUZZ_WORLD"])
CHOICE = random.Random(os.environ["SLUICE_FUZZ_SEED"])


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Most requests are for what is there, unless they would delete it."""
    operation = context.operation
    if path_parameters and operation and operation.method.lower() != "delete" and CHOICE.random() < KNOWN:
        return path_parameters | WORLD.parameters(operation.path)
    return path_parameters


@schemathesis.check
def answered(context, response, case):
    """No 5xx, in time; 501 only for what is no method of HTTP, 503 only once."""
    if response.status_code == 503:
        time.sleep(RETRY_AFTER_SECONDS)
        response = case.call()
    allowed = response.status_code < 500 or (response.status_code == 501 and case.method.upper() not in METHODS)
    assert allowed, f"status {response.status_code}: {response.content[:300]!r}"
    assert response.elapsed < SECONDS_MAX, f"took {response.elapsed:.1f} s"
