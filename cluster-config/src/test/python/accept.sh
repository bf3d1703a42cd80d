#!/bin/bash
# The unmodified Prefect client, command line and workers against Sluice: accept.sh [options of accept.py]
#   accept.sh                        a node of target/sluice.jar on a free port, every case
#   accept.sh --url http://h:4200/api -k gcl    a running server, only the cases with "gcl" in their name
#   accept.sh --measure              the measurements instead of the cases
# Makes an interpreter with requirements.txt once; VENV names its directory.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=${VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/sluice-acceptance}
if [ ! -x "$venv/bin/prefect" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
fi
exec "$venv/bin/python" "$here/accept.py" "$@"
