"""Six tasks with a tag at once: tagged.py TAG TOGETHER prints the peak of how many ran together.

Each waits until TOGETHER were seen at once, up to a minute, and then 0.3 s more in which others could be seen too.
"""

import json
import sys
import threading
import time

from prefect import flow, tags, task
from prefect.futures import wait
from prefect.task_runners import ThreadPoolTaskRunner

TAG, TOGETHER = sys.argv[1], int(sys.argv[2])
running, peak, change = 0, 0, threading.Condition()


@task(tags=[TAG])
def page(i):
    global running, peak
    with change:
        running += 1
        peak = max(peak, running)
        change.notify_all()
        change.wait_for(lambda: peak >= TOGETHER, timeout=60)
    time.sleep(0.3)
    with change:
        running -= 1
    return i


@task
def plain():
    return 1


@flow(task_runner=ThreadPoolTaskRunner(max_workers=6))
def pages():
    futures = [page.submit(i) for i in range(6)]
    wait(futures)
    with tags(TAG):
        plain.submit().result()
    return [future.result() for future in futures]


if __name__ == "__main__":
    results = pages()
    print("RESULT " + json.dumps({"results": results, "peak": peak}))
