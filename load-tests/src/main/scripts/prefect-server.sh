#!/bin/bash
# Starts a real Prefect server to measure beside Sluice (sluice-load … --vs URL), or stops it.
# Everything it needs and makes is in one directory. Prints the API's address.
set -eu

PREFECT=3.8.8
HEALTHY_WITHIN=120 # s
STOPPED_WITHIN=20  # s

usage() {
  cat <<EOF
usage: prefect-server.sh start --dir DIR [--database sqlite|postgresql] [--port 5230] [--pg-port 5240] [--python python3]
       prefect-server.sh stop --dir DIR

start  installs Prefect $PREFECT in DIR/venv (once; from PyPI), starts its server on 127.0.0.1 with an empty
       database in DIR, and prints the address of its API.
       postgresql: starts a PostgreSQL server of its own on DIR/pg, durable as by default; its programs must be
       in /usr/lib/postgresql. It refuses to run as root; then it runs as the user postgres, who must be able to
       enter DIR.
stop   ends what start began, by the process ids that it wrote down. DIR is kept.

Exit codes: 0 fine, 1 it did not work, 2 wrong usage.
EOF
}

wrong() { echo "Error: $1" >&2; usage >&2; exit 2; }
fail() { echo "Error: $1" >&2; echo "       $2" >&2; exit 1; }

[ $# -ge 1 ] || wrong "say start or stop"
action=$1; shift
case $action in -h | --help) usage; exit 0 ;; start | stop) ;; *) wrong "'$action' is neither start nor stop" ;; esac
dir='' database=sqlite port=5230 pg_port=5240 python=python3
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || wrong "$1 needs a value"
  case $1 in
    --dir) dir=$2 ;;
    --database) database=$2 ;;
    --port) port=$2 ;;
    --pg-port) pg_port=$2 ;;
    --python) python=$2 ;;
    *) wrong "there is no option $1" ;;
  esac
  shift 2
done
[ -n "$dir" ] || wrong "--dir is missing"
case $database in sqlite | postgresql) ;; *) wrong "--database must be sqlite or postgresql, not $database" ;; esac
[[ $port =~ ^[0-9]{1,5}$ && $pg_port =~ ^[0-9]{1,5}$ ]] || wrong "ports are numbers"
mkdir -p "$dir" || fail "$dir cannot be made" "Name another one with --dir."
dir=$(cd "$dir" && pwd)

# Runs a program of PostgreSQL; not as root.
pg() {
  local programs
  programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
  [ -n "$programs" ] || fail "there is no PostgreSQL in /usr/lib/postgresql" "Install it, or use --database sqlite."
  local program=$programs/$1; shift
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u postgres -- "$program" "$@")
  else
    "$program" "$@"
  fi
}

stop_all() {
  if [ -f "$dir/server.pid" ]; then
    local pid; pid=$(cat "$dir/server.pid")
    # A number may be another process by now.
    if grep -qa prefect "/proc/$pid/cmdline" 2>/dev/null; then
      kill "$pid"
      for _ in $(seq $((STOPPED_WITHIN * 10))); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
      if kill -0 "$pid" 2>/dev/null; then kill -9 "$pid"; fi
    fi
    rm "$dir/server.pid"
  fi
  if [ -f "$dir/pg/postmaster.pid" ]; then pg pg_ctl -D "$dir/pg" -m fast -w stop >&2; fi
}

install() {
  if [ ! -x "$dir/venv/bin/prefect" ]; then
    echo "installing Prefect $PREFECT in $dir/venv" >&2
    "$python" -m venv "$dir/venv" || fail "$python makes no environment" "Name another Python (3.10 to 3.13) with --python."
    # It does not start with the newest FastAPI (0.165), and its scheduler fails with SQLAlchemy 2.1.
    "$dir/venv/bin/pip" -q install "prefect==$PREFECT" fastapi==0.139.0 'starlette>=1.0.1,<1.1' 'sqlalchemy[asyncio]<2.1' >&2 ||
      fail "Prefect cannot be installed" "See above; PyPI must be reachable."
  fi
}

# A new, empty database; prints its address.
new_postgresql() {
  rm -rf "$dir/pg"
  mkdir "$dir/pg"
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$dir/pg"
    (cd / && runuser -u postgres -- test -r "$dir/pg") ||
      fail "the user postgres cannot enter $dir" "Name a directory with --dir that all may enter, e.g. in /var/tmp."
  fi
  pg initdb -D "$dir/pg" -U prefect -A trust -E UTF8 >"$dir/pg-start.log" 2>&1 ||
    fail "initdb failed" "See $dir/pg-start.log."
  # The server keeps the output open that it is started with.
  pg pg_ctl -D "$dir/pg" -w -l "$dir/pg/log" \
    -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=" start >>"$dir/pg-start.log" 2>&1 </dev/null ||
    fail "PostgreSQL does not start on port $pg_port" "See $dir/pg/log; another port is named with --pg-port."
  pg createdb -h 127.0.0.1 -p "$pg_port" -U prefect prefect >&2
  echo "postgresql+asyncpg://prefect@127.0.0.1:$pg_port/prefect"
}

start() {
  stop_all
  # A server that is there already would be measured instead.
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    fail "port $port is taken" "Name another one with --port."
  fi
  install
  rm -rf "$dir/home"
  mkdir "$dir/home"
  if [ "$database" = postgresql ]; then
    PREFECT_API_DATABASE_CONNECTION_URL=$(new_postgresql)
    export PREFECT_API_DATABASE_CONNECTION_URL
  fi
  unset PREFECT_API_URL
  export PREFECT_HOME=$dir/home PREFECT_SERVER_ANALYTICS_ENABLED=false
  export PREFECT_LOGGING_LEVEL=WARNING PREFECT_SERVER_LOGGING_LEVEL=WARNING
  cd "$dir/home"
  setsid "$dir/venv/bin/python" -m prefect server start --host 127.0.0.1 --port "$port" \
    >"$dir/server.log" 2>&1 </dev/null &
  echo $! >"$dir/server.pid"
  for _ in $(seq $((HEALTHY_WITHIN * 2))); do
    if "$dir/venv/bin/python" - "$port" <<'PY' 2>/dev/null; then
import sys, urllib.request
urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/api/health", timeout=5).read()
PY
      echo "http://127.0.0.1:$port/api"
      return
    fi
    kill -0 "$(cat "$dir/server.pid")" 2>/dev/null || break
    sleep 0.5
  done
  tail -20 "$dir/server.log" >&2
  stop_all
  fail "Prefect's server does not start" "See $dir/server.log."
}

if [ "$action" = start ]; then start; else stop_all; fi
