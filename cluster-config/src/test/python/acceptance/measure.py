"""Latencies of the hand-over as the real client sees them. Prints a table; checks nothing."""

import datetime
import os
from statistics import median

RUNS = 5
ROUNDS = 25


def run(stage):
    """Measures one after the other and prints a row each; 0."""
    with stage.scene("measure") as scene:
        rows = [
            ("deployment limit 1: end of a run -> next Pending", deployment_limit(scene), "median 100, max 300"),
            *between_processes(scene, "sync"),
            *between_processes(scene, "async"),
        ]
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"{'milliseconds':<50} {'n':>3} {'min':>8} {'median':>8} {'max':>8}  wanted")
    for what, gaps, wanted in rows:
        low, mid, high = min(gaps), median(gaps), max(gaps)
        print(f"{what:<50} {len(gaps):>3} {low:>8.1f} {mid:>8.1f} {high:>8.1f}  {wanted}")
    print(f"load average {load:.1f} on {cores} cores at the end", flush=True)
    return 0


def deployment_limit(scene):
    """Five short runs of a deployment limited to 1, a process worker with its default poll interval of 10 s.

    They are created in a loop by run_deployment(). What is created after the worker has polled waits for its next poll,
    ten seconds later, which no server can change.

    The gap is from the timestamp of a terminal state to that of the next run's Pending, both by the server's clock.
    """
    pool = scene.pool()
    name = scene.deploy("hello", pool, concurrency_limit=1)
    worker = scene.start("prefect", "worker", "start", "--pool", pool)
    worker.until_it_prints("started!")
    ids = scene.python("several.py", name, RUNS, '{"seconds": 0.5}').result()
    scene.completed(*ids, timeout=300)
    spans = sorted(_span(scene.api.states(run_id)) for run_id in ids)
    return [(spans[i + 1][0] - spans[i][1]).total_seconds() * 1000 for i in range(len(spans) - 1)]


def _span(states):
    """When the run took its slot for good (the last Pending) and when it ended."""
    moments = [(s["name"], datetime.datetime.fromisoformat(s["timestamp"].replace("Z", "+00:00"))) for s in states]
    return [moment for name, moment in moments if name == "Pending"][-1], moments[-1][1]


def between_processes(scene, kind):
    """Two processes that take turns on one slot for 0.1 s each, by the machine's clock.

    One row counts from the end of the work under the slot: most of it is the client, which ends its renewals before it
    releases. The other counts from the moment the release has returned, the earliest at which the client knows of it;
    below zero the other process had the slot before.
    """
    name = scene.unique("measured")
    scene.prefect("gcl", "create", name, "--limit", 1)
    processes = [scene.start_script("holder.py", kind, name, ROUNDS, 0.1) for _ in range(2)]
    held = sorted((*span, who) for who, process in enumerate(processes) for span in process.ends(timeout=300).result())
    turns = [(one, other) for one, other in zip(held, held[1:]) if one[3] != other[3]]
    return [
        (f"concurrency() {kind}: end of work -> acquired", [(other[0] - one[1]) * 1000 for one, other in turns], ""),
        (f"concurrency() {kind}: released -> acquired", [(other[0] - one[2]) * 1000 for one, other in turns], "median 30"),
    ]
