# Sourced with the name of a requirements file: makes an interpreter with it once, and sets python.
# VENV names its directory.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/sluice-acceptance${1#requirements}}
venv=${venv%.txt}
if [ ! -e "$venv/complete" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --requirement "$here/$1"
  touch "$venv/complete"
fi
python=$venv/bin/python
