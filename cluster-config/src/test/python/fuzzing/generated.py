"""Generated requests: schemathesis with the description of the API, bounded in time."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from fuzzing.asker import SECONDS_MAX

HERE = Path(__file__).resolve().parent.parent


def run(document, url, world, home, seconds, seed):
    """Prints what schemathesis found; the number of requests and whether all was well."""
    file = home / "openapi.json"
    file.write_text(json.dumps(document))
    env = os.environ | {
        "PYTHONPATH": str(HERE),
        "SCHEMATHESIS_HOOKS": "fuzzing.hooks",
        "SLUICE_FUZZ_URL": url,
        "SLUICE_FUZZ_WORLD": world.saved(),
        "SLUICE_FUZZ_SEED": str(seed),
    }
    # One worker: before CPython 3.11.8 the parser, with which it describes what it generates, fails when two threads use it at once.
    command = [
        str(Path(sys.executable).parent / "st"), "run", str(file), "--url", url, "--checks", "answered", "--request-timeout", str(SECONDS_MAX + 1), "--max-time", str(int(seconds)), "--seed", str(seed),
        "--workers", "1", "--continue-on-failure", "--no-shrink", "--no-color", "--warnings", "off", "--suppress-health-check", "all", "--exclude-path-regex", "bulk_delete",
    ]  # fmt: skip
    done = subprocess.run(command, env=env, cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds + 120)
    found = re.search(r"(\d+) generated", done.stdout)
    if done.returncode or not found:
        print(done.stdout[-8000:])
    return int(found.group(1)) if found else 0, done.returncode == 0 and bool(found)
