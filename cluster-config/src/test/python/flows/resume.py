"""Resumes a paused run: resume.py RUN_ID [INPUT]. Prints what came of it; "refused" with the reason if it may not go on."""

import json
import sys
from uuid import UUID

from prefect.flow_runs import resume_flow_run

run_input = json.loads(sys.argv[2]) if len(sys.argv) > 2 else None
try:
    resume_flow_run(UUID(sys.argv[1]), run_input=run_input)
    print("RESULT " + json.dumps("resumed"))
except RuntimeError as refused:
    print("RESULT " + json.dumps(f"refused: {refused}"))
