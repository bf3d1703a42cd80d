"""Runs the same commands and programs against Sluice and against Prefect's own server; prints both outcomes.

Usage: beside.py [--jar FILE] [-k TEXT] [--list] [--width N] [-v]
"""

import argparse
import sys
import tempfile
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from acceptance import case
from acceptance.node import Node, Reference
from acceptance.stage import Stage
from beside.preloaded import Preloaded
from beside.table import STOPPED, Listed, compare, spans, summary
from beside.watched import Watched

HERE = Path(__file__).resolve().parent


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jar", type=Path, default=HERE.parents[2] / "target/sluice.jar", help="jar to start a node of (default: %(default)s)")
    parser.add_argument("-k", metavar="TEXT", default="", help="only scenarios whose names contain TEXT; several by commas")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    parser.add_argument("--width", metavar="N", type=int, default=60, help="width of the first column (default: %(default)s)")
    parser.add_argument("-v", action="store_true", help="print every command and what it prints")
    return parser.parse_args()


def outcomes(scenario, stage):
    """The steps of a scenario on one server; what stopped it, if anything, is a step as well."""
    with stage.scene(scenario.name) as scene:
        try:
            scenario.body(scene)
        except Exception:
            scene.note(STOPPED, traceback.format_exc(limit=-6))
        return scene.steps


def side_by_side(chosen, stages, width):
    listed, total, counts, times = Listed(HERE / "beside/differences.toml"), Counter(), {}, {}
    with ThreadPoolExecutor(len(stages)) as threads:
        for scenario in chosen:
            ours, theirs = threads.map(lambda stage, one=scenario: outcomes(one, stage), stages)
            counts[scenario.name], times[scenario.name] = compare(scenario.name, ours, theirs, listed, width), spans(ours, theirs)
            total.update(counts[scenario.name])
    summary(counts, times)
    print(f"\n{sum(total.values())} steps: {total['same']} same, {total['intended']} differ as intended, {total['DIFFERENT']} differ otherwise")
    return 1 if total["DIFFERENT"] else 0


def main():
    asked = options()
    case.CASES.clear()
    from beside import commands, programs  # noqa: F401  (they register their scenarios)

    chosen = [c for c in case.chosen(asked.k) if c.body.__module__.startswith("beside.")]
    if asked.list or not chosen:
        print("\n".join(f"{c.name:24}{c.what}" for c in chosen) or f"No scenario has {asked.k!r} in its name; --list prints all.")
        return 0 if chosen else 2
    with tempfile.TemporaryDirectory(prefix="sluice-beside-", ignore_cleanup_errors=True) as directory:
        home = Path(directory)
        with Node(asked.jar, home) as ours, Reference(home) as theirs:
            print(f"Sluice at {ours}, Prefect at {theirs}", flush=True)
            stages = []
            for name, url in (("sluice", ours), ("prefect", theirs)):
                (home / name).mkdir()
                stage = Stage(url, home / name, asked.v, scenes=Watched)
                stage.preloaded = Preloaded(stage.environment({"COLUMNS": 400}))
                stages.append(stage)
            try:
                return side_by_side(chosen, stages, asked.width)
            finally:
                for stage in stages:
                    stage.preloaded.close()


if __name__ == "__main__":
    sys.exit(main())
