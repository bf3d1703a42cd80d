"""Runs a deployment several times with run_deployment(timeout=0): several.py FLOW/DEPLOYMENT COUNT PARAMETERS."""

import json
import sys

from prefect.deployments import run_deployment

NAME, COUNT, PARAMETERS = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
print("RESULT " + json.dumps([str(run_deployment(NAME, parameters=PARAMETERS, timeout=0).id) for _ in range(COUNT)]))
