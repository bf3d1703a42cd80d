"""Sends hostile and random requests to every endpoint of a Sluice node of its own and checks that it bears them.

Every answer must come within 10 s and be no 5xx; a refused create leaves nothing, a taken one is there as answered;
at the end everything can be listed and read, before and after a restart, and the log has no error.

Usage: fuzz.py [--jar FILE] [--seconds N] [--seed N] [--schema FILE] [-k TEXT]
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from acceptance.node import Node
from fuzzing import aftermath, generated, schema
from fuzzing.poisoning import Poisoning, report
from fuzzing.world import World

HERE = Path(__file__).resolve().parent
PAGES = 3


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jar", type=Path, default=HERE.parents[2] / "target/sluice.jar", help="jar to start a node of (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=80, help="time for requests, half of it for each of the two parts (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which cases come first (default: %(default)s)")
    parser.add_argument("--schema", type=Path, help="file of the OpenAPI description (default: made from the installed Prefect)")
    parser.add_argument("-k", metavar="TEXT", default="", help="only operations that contain TEXT, such as 'POST /flows'; skips the generated part")
    return parser.parse_args()


def poison(asked, url, world, operations):
    begin = time.monotonic()
    done = Poisoning(url, world, operations, asked.seed).run(begin + asked.seconds / (1 if asked.k else 2))
    never = sorted(o.name for o in operations if o.name not in done.taken and o.method != "DELETE")
    print(f"hostile values: {done.counts['requests']} requests to {len(operations)} operations in {time.monotonic() - begin:.0f} s; statuses {dict(sorted(done.statuses.items(), key=str))}")
    print(f"never taken, only refused: {', '.join(never)}", flush=True)
    return report(done.found)


def check(found, what):
    for line in found[:20]:
        print(f"{what}: {line}", flush=True)
    return len(found)


def fuzz(asked, document, home):
    operations = [o for o in schema.operations(document) if asked.k in o.name]
    first = Node(asked.jar, home)
    with first as url:
        world = World(url).renew()
        wrong = poison(asked, url, world, operations)
        if not asked.k:
            requests, good = generated.run(document, url, world.renew(), home, asked.seconds / 2, asked.seed)
            print(f"generated: {requests} requests, {'all answered' if good else 'NOT all answered'}", flush=True)
            wrong += 0 if good else 1
        before, lost = aftermath.listed(url, PAGES)
        wrong += check(lost + aftermath.unreadable(url, before), "at the end")
    with Node(asked.jar, home) as url:
        after, lost = aftermath.listed(url, PAGES)
        wrong += check(lost + aftermath.unreadable(url, after) + aftermath.changed(before, after), "after a restart")
    wrong += check(aftermath.log_problems(first.log), "node")
    print(f"\n{len(operations)} operations, {len(before)} objects at the end; {f'{wrong} kinds of failures' if wrong else 'no failure'}")
    return 1 if wrong else 0


def main():
    asked = options()
    document = json.loads(asked.schema.read_text()) if asked.schema else schema.description()
    with tempfile.TemporaryDirectory(prefix="sluice-fuzz-", ignore_cleanup_errors=True) as directory:
        return fuzz(asked, document, Path(directory))


if __name__ == "__main__":
    sys.exit(main())
