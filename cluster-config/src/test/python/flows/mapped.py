"""200 runs of a tagged task by .map: mapped.py TAG prints the sum of the results and the peak of how many ran together."""

import json
import sys
import threading
import time

from prefect import flow, task
from prefect.task_runners import ThreadPoolTaskRunner

TAG = sys.argv[1]
running, peak, change = 0, 0, threading.Lock()


@task(tags=[TAG])
def page(i):
    global running, peak
    with change:
        running += 1
        peak = max(peak, running)
    time.sleep(0.05)
    with change:
        running -= 1
    return i


@flow(task_runner=ThreadPoolTaskRunner(max_workers=40))
def mapped():
    return sum(page.map(range(200)).result())


if __name__ == "__main__":
    total = mapped()
    print("RESULT " + json.dumps({"sum": total, "peak": peak}))
