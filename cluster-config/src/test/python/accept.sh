#!/bin/bash
# The unmodified Prefect client, command line and workers against Sluice: accept.sh [options of accept.py]
#   accept.sh                        a node of target/sluice.jar on a free port, every case
#   accept.sh --url http://h:4200/api -k gcl    a running server, only the cases with "gcl" in their name
#   accept.sh --measure              the measurements instead of the cases
# Makes an interpreter with requirements.txt once; VENV names its directory.
set -euo pipefail
. "$(dirname "$0")/venv.sh" requirements.txt
exec "$python" "$here/accept.py" "$@"
