"""Resumes a paused run: resume.py RUN_ID."""

import sys
from uuid import UUID

from prefect.flow_runs import resume_flow_run

resume_flow_run(UUID(sys.argv[1]))
