"""Both outcomes of each step in one table, and whether a difference is one that is meant."""

import tomllib
from pathlib import Path

from beside.watched import Seconds

SLOWER_MAX, SLACK_SECONDS = 1.5, 10
MISSING = "(no such step)"
# The step that a scenario ends with if it could not go on: what it did not come to was not compared, even if both stopped.
STOPPED = "stopped by"


class Listed:
    """The differences that are meant: by scenario and step, each with its reason."""

    def __init__(self, file):
        entries = tomllib.loads(Path(file).read_text())["difference"]
        self.reasons = {(e["scenario"], step): e["reason"] for e in entries for step in e["steps"]}
        self.used = set()

    def reason(self, scenario, step):
        key = next((k for k in ((scenario, step), ("*", step)) if k in self.reasons), None)
        self.used.add(key)
        return self.reasons.get(key)


def same(ours, theirs):
    if isinstance(ours, Seconds) and isinstance(theirs, Seconds):
        return ours <= theirs * SLOWER_MAX + SLACK_SECONDS
    return ours == theirs


def verdict(scenario, step, ours, theirs, listed):
    if step != STOPPED and same(ours, theirs):
        return "same"
    reason = listed.reason(scenario, step)
    return f"intended: {reason}" if reason else "DIFFERENT"


def compare(scenario, ours, theirs, listed, width):
    """Prints a line for each step; the numbers of same, intended and unlisted steps."""
    counts = {"same": 0, "intended": 0, "DIFFERENT": 0}
    print(f"\n== {scenario}")
    for step in dict.fromkeys([*ours, *theirs]):
        mine, other = ours.get(step, MISSING), theirs.get(step, MISSING)
        what = verdict(scenario, step, mine, other, listed)
        counts[what.split(":")[0]] += 1
        if what == "same" and not isinstance(mine, Seconds):
            print(f"{cut(step, width):<{width}}  {cut(str(mine), 2 * width):<{2 * width}}  same", flush=True)
        else:
            print(f"{cut(step, width):<{width}}  {what}\n    Sluice:  {mine}\n    Prefect: {other}", flush=True)
    return counts


def summary(counts, spans):
    """The table of all scenarios: their counts, and the spans of time of Sluice and Prefect."""
    print(f"\n{'scenario':26}{'steps':>6}{'same':>6}{'intended':>10}{'different':>11}  seconds, Sluice / Prefect")
    for scenario, count in counts.items():
        times = ", ".join(f"{step} {ours:.1f} / {theirs:.1f}" for step, ours, theirs in spans[scenario])
        print(f"{scenario:26}{sum(count.values()):6}{count['same']:6}{count['intended']:10}{count['DIFFERENT']:11}  {times}")


def spans(ours, theirs):
    """The spans of time that both sides have."""
    return [(step, ours[step], theirs[step]) for step in ours if isinstance(ours[step], Seconds) and isinstance(theirs.get(step), Seconds)]


def cut(text, width):
    return text if len(text) <= width else text[: width - 1] + "…"
