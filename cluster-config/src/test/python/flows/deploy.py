"""Deploys one flow of this directory: deploy.py '{"entrypoint": …, "name": …, "work_pool_name": …}'."""

import json
import sys
from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig

options = json.loads(sys.argv[1])
if isinstance(options.get("concurrency_limit"), dict):
    options["concurrency_limit"] = ConcurrencyLimitConfig(**options["concurrency_limit"])
source = flow.from_source(source=str(Path(__file__).parent), entrypoint=options.pop("entrypoint"))
source.deploy(**options, print_next_steps=False)
