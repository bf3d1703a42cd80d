"""Runs the real Prefect 3.8.8 against a server and checks what it prints, returns and leaves behind.

Usage: accept.py [--url API_URL | --jar FILE] [-k TEXT] [-j N] [--list] [--measure] [-v]
"""

import argparse
import importlib.metadata
import os
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from acceptance import case, measure
from acceptance import channel, deployments, limits, pools, runs, security, slots, workers  # noqa: F401  (they register their cases)
from acceptance.node import Node
from acceptance.stage import Stage

HERE = Path(__file__).resolve().parent
WANTED = (HERE / "requirements.txt").read_text().strip().removeprefix("prefect==")


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--url", help="API of a running server, e.g. http://127.0.0.1:4200/api")
    where.add_argument("--jar", type=Path, default=HERE.parents[2] / "target/sluice.jar", help="jar to start a node of (default: %(default)s)")
    parser.add_argument("-k", metavar="TEXT", default="", help="only names that contain TEXT; several by commas")
    parser.add_argument("-j", metavar="N", type=int, default=min(4, os.cpu_count() or 1), help="cases at a time (default: %(default)s)")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    parser.add_argument("--measure", action="store_true", help="print the latencies of the hand-over; checks nothing")
    parser.add_argument("-v", action="store_true", help="print every command and what it prints")
    return parser.parse_args()


def main():
    asked = options()
    chosen = case.chosen(asked.k)
    if asked.list:
        print("\n".join(c.name for c in chosen))
        return 0
    if not chosen and not asked.measure:
        print(f"No case has {asked.k!r} in its name; accept.py --list prints all names.", file=sys.stderr)
        return 2
    found = importlib.metadata.version("prefect")
    if found != WANTED:
        print(f"prefect {found} is installed, {WANTED} is wanted: pip install -r {HERE / 'requirements.txt'}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="sluice-acceptance-") as directory:
        home = Path(directory)
        with nullcontext(asked.url) if asked.url else Node(asked.jar, home) as url:
            print(f"prefect {found} against {url}", flush=True)
            stage = Stage(url.rstrip("/"), home, verbose=asked.v, jar=asked.jar)
            if asked.measure:
                return measure.run(stage)
            return case.run(chosen, stage, at_a_time=1 if asked.v else asked.j)


if __name__ == "__main__":
    sys.exit(main())
