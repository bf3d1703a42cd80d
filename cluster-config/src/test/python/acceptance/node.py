"""A Sluice node of its own for the cases: free port, fresh data directory, stopped at the end."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

# What was started is ended when this program is told to end.
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
# Started in the background of a shell, this program and all that it starts would ignore Ctrl-C, by which cases end workers.
signal.signal(signal.SIGINT, signal.default_int_handler)

START_SECONDS = 180
STOP_SECONDS = 60


class Node:
    """Context manager; yields the URL of the API. Fails if the node does not end with 0 when asked to stop."""

    def __init__(self, jar, home, environment=None, certificate=None):
        """The certificate (a file) is the one that the node is to answer HTTPS with, if it is to."""
        self.jar, self.home, self.environment = jar, home, environment or {}
        self.tls = ssl.create_default_context(cafile=certificate) if certificate else None

    def __enter__(self):
        if not self.jar.exists():
            raise SystemExit(f"{self.jar} does not exist: build it (mvn package -DskipTests) or name a server by --url")
        port = free_port()
        command = ["java", "-jar", self.jar, "server", "start", "--port", str(port), "--data-dir", self.home / "data"]
        return self._start(command, port, self.home / "node.log", os.environ | self.environment)

    def _start(self, command, port, log, env):
        self.log, self.url = log, f"{'https' if self.tls else 'http'}://127.0.0.1:{port}/api"
        with self.log.open("a") as out:
            self.process = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        self._await_health()
        return self.url

    def _await_health(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.url + "/health", timeout=2, context=self.tls):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        ended = self.process.poll()
        why = f"did not answer within {START_SECONDS} s" if ended is None else f"ended with {ended}"
        self.process.kill()
        raise SystemExit(f"the server {why}; its log:\n{self.log.read_text()}")

    def __exit__(self, *failure):
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise SystemExit(f"the node did not stop within {STOP_SECONDS} s of SIGTERM") from None
        if code != 0:
            raise SystemExit(f"the node ended with {code} on SIGTERM; its log:\n{self.log.read_text()[-4000:]}")


class Reference(Node):
    """Prefect's own server with its default settings and a database of its own."""

    def __init__(self, home):
        self.home, self.tls = home, None

    def __enter__(self):
        port, home = free_port(), self.home / "reference"
        home.mkdir()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "PYTHON"))}
        env = kept | {"PREFECT_HOME": str(home), "HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        return self._start(command, port, self.home / "reference.log", env)

    def __exit__(self, *failure):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def free_port():
    """A port that nobody listened at a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
