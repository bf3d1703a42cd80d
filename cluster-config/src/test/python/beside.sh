#!/bin/bash
# The same commands and programs against Sluice and against Prefect's own server, side by side:
#   beside.sh                        all scenarios; both servers are started and ended by it
#   beside.sh -k gcl,worker          only those with such names
# Ends with 1 if there is a difference that beside/differences.toml does not list.
# Makes an interpreter with requirements-reference.txt once; VENV names its directory.
set -euo pipefail
. "$(dirname "$0")/venv.sh" requirements-reference.txt
exec "$python" "$here/beside.py" "$@"
