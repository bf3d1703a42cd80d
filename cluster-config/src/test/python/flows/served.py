"""Serves a flow until it is interrupted: served.py NAME."""

import sys

from deployed import hold
from prefect import flow


@flow(log_prints=True)
def served(x: int = 1, until: str = ""):
    print("served", x)
    hold(until)


if __name__ == "__main__":
    served.serve(name=sys.argv[1], tags=["acceptance"], interval=3600)
