"""Cases: registered by a decorator, run side by side, reported in a table."""

import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Callable

CASES = []


@dataclass(frozen=True)
class Case:
    name: str
    what: str
    body: Callable


@dataclass(frozen=True)
class Outcome:
    case: Case
    seconds: float
    failure: str | None


def case(body):
    """Registers a function of one argument, the stage. Its docstring is one line: what must hold."""
    CASES.append(Case(body.__name__, body.__doc__.splitlines()[0], body))
    return body


def chosen(texts):
    """The cases whose name contains one of the comma-separated texts; all for an empty string."""
    parts = [part.strip() for part in texts.split(",")]
    return [c for c in CASES if any(part in c.name for part in parts)]


def run(cases, stage, at_a_time):
    """Runs the cases, prints a line for each as it ends, with what failed, then counts; the exit code."""
    print(f"{'case':<44} {'ok':<5} {'seconds':>7}  what", flush=True)
    begin = time.monotonic()
    with ThreadPoolExecutor(at_a_time) as threads:
        asked = [threads.submit(lambda c=c: _printed(_outcome(c, stage))) for c in cases]
        try:
            outcomes = [one.result() for one in asked]
        except KeyboardInterrupt:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    failed = [o for o in outcomes if o.failure]
    seconds = time.monotonic() - begin
    print(f"\n{len(outcomes) - len(failed)} passed, {len(failed)} failed, {len(outcomes)} cases in {seconds:.0f} s", flush=True)
    return 1 if failed else 0


def _outcome(one, stage):
    begin = time.monotonic()
    try:
        with stage.scene(one.name) as scene:
            one.body(scene)
        failure = None
    except Exception:
        failure = traceback.format_exc(limit=-4)
    return Outcome(one, time.monotonic() - begin, failure)


def _printed(outcome):
    ok = "FAIL" if outcome.failure else "ok"
    print(f"{outcome.case.name:<44} {ok:<5} {outcome.seconds:>7.1f}  {outcome.case.what}\n{outcome.failure or ''}", end="", flush=True)
    return outcome
