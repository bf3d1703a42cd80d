#!/bin/bash
# Hostile and random requests for every endpoint of a Sluice node: fuzz.sh [options of fuzz.py]
#   fuzz.sh                          80 s, in the order of seed 1; how far it gets depends on the machine
#   fuzz.sh --seconds 1800 --seed 7  a long run in another order
# Makes an interpreter with requirements-fuzz.txt once; VENV names its directory.
set -euo pipefail
. "$(dirname "$0")/venv.sh" requirements-fuzz.txt
exec "$python" "$here/fuzz.py" "$@"
