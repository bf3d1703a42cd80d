"""What a case works with: the command line, scripts and long-running processes of Prefect against one server."""

import json
import os
import re
import subprocess
import sys
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path

from acceptance.command import Background, Output
from acceptance.server import Api, wait

FLOWS = Path(__file__).resolve().parent.parent / "flows"
TERMINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class Stage:
    """One server and one isolated Prefect home, shared by all cases."""

    def __init__(self, url, home, verbose=False, jar=None, client=None, api=None, scenes=None):
        """jar: for nodes that cases start; client: more of the environment of Prefect; api: if it takes more than the URL"""
        self.url, self.home, self.verbose, self.jar = url, home, verbose, jar
        self.client, self.api, self.scenes = client or {}, api or Api(url), scenes or Scene

    @contextmanager
    def scene(self, name):
        """The things of one case; its processes are stopped at the end, whatever happened."""
        scene = self.scenes(self, Path(tempfile.mkdtemp(prefix=name + "-", dir=self.home)))
        try:
            yield scene
        finally:
            for process in scene.started:
                process.kill()

    def environment(self, more):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "PYTHON"))}
        kept |= {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "PREFECT_API_URL": self.url,
            "PREFECT_HOME": str(self.home / "prefect"),
            "PREFECT_PROFILES_PATH": str(self.home / "prefect/profiles.toml"),
            "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_CLI_COLORS": "false",
            "COLUMNS": "200",
            "PYTHONPATH": str(FLOWS),
            "PYTHONUNBUFFERED": "1",
        }
        return kept | {name: str(value) for name, value in (self.client | more).items()}


class Scene:
    """What one case may do. Names from unique() never meet those of another case or run."""

    def __init__(self, stage, directory):
        self.stage, self.directory, self.started = stage, directory, []
        self.api = stage.api

    def unique(self, prefix):
        return f"{prefix}-{uuid.uuid4().hex[:8]}"

    def prefect(self, *args, code=0, timeout=240, cwd=None, **env):
        """Runs the command line; checks its exit code; returns what it printed (both streams)."""
        return self._finished(["prefect", *map(str, args)], code, timeout, cwd, env)

    def python(self, script, *args, code=0, timeout=240, **env):
        """Runs a script of the directory flows, in an interpreter of its own."""
        return self._finished([sys.executable, str(FLOWS / script), *map(str, args)], code, timeout, None, env)

    def _finished(self, command, code, timeout, cwd, env):
        found, output, line = self._run(command, timeout, cwd, env)
        assert found == code, f"exit code {found}, not {code}, of: {line}\n{output}"
        return output

    def _run(self, command, timeout, cwd, env):
        """Runs a command to its end: exit code, output and the command as one line."""
        process = subprocess.run(
            command,
            env=self.stage.environment(env),
            cwd=cwd or self.directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
        )
        line = " ".join([Path(command[0]).name, *command[1:]])
        if self.stage.verbose:
            print(f"$ {line}\n{process.stdout}", flush=True)
        return process.returncode, Output(process.stdout), line

    def start(self, *command, **env):
        """Starts a long-running command (a worker, a served flow, a script that waits)."""
        process = Background(command, self.stage.environment(env), self.directory)
        self.started.append(process)
        return process

    def start_script(self, script, *args, **env):
        return self.start(sys.executable, str(FLOWS / script), *map(str, args), **env)

    def worker(self, pool, *args, **env):
        """Starts a process worker that polls every second (tests must not wait 10) and waits until it says so."""
        env = {"PREFECT_WORKER_QUERY_SECONDS": 1} | env
        worker = self.start("prefect", "worker", "start", "--pool", pool, *map(str, args), **env)
        worker.until_it_prints("started!")
        return worker

    # ---- shortcuts that several cases share; each uses the real client

    def pool(self, *args):
        name = self.unique("pool")
        self.prefect("work-pool", "create", name, "--type", "process", *args)
        return name

    def deploy(self, flow, pool, **options):
        """Deploys a flow of flows/deployed.py by flow.deploy(); returns "flow/deployment"."""
        name = self.unique("d")
        self.python("deploy.py", json.dumps(dict(options, entrypoint=f"deployed.py:{flow}", name=name, work_pool_name=pool)))
        return f"{flow.replace('_', '-')}/{name}"

    def deployment(self, name):
        return self.api.get(f"/deployments/name/{name}")

    def run_later(self, deployment, **parameters):
        """Creates a run by the command line and returns its id at once."""
        params = [part for k, v in parameters.items() for part in ("--param", f"{k}={json.dumps(v)}")]
        out = self.prefect("deployment", "run", deployment, *params)
        found = re.search(r"UUID: ([0-9a-f-]{36})", out)
        assert found, f"no id of a run in:\n{out}"
        return found.group(1)

    def until(self, run_id, *names, timeout=180):
        """Waits until the run is in a state of one of the names (or types); returns that state."""
        def there():
            state = self.api.run(run_id)["state"]
            hit = {state["name"], state["type"]} & set(names)
            assert hit or state["type"] not in TERMINAL, f"run ended {state['name']} ({state['message']}), not {names}"
            return state if hit else None
        return wait(there, timeout, lambda: f"run {run_id} to be {names}: {[s['name'] for s in self.api.states(run_id)]}")

    def completed(self, *run_ids, timeout=240):
        for run_id in run_ids:
            self.until(run_id, "COMPLETED", timeout=timeout)
