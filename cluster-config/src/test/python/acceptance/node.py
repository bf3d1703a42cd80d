"""A Sluice node of its own for the cases: free port, fresh data directory, stopped at the end."""

import os
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request

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
        self.log = self.home / "node.log"
        port = free_port()
        command = ["java", "-jar", self.jar, "server", "start", "--port", str(port), "--data-dir", self.home / "data"]
        self.url = f"{'https' if self.tls else 'http'}://127.0.0.1:{port}/api"
        environment = os.environ | self.environment
        self.process = subprocess.Popen(command, env=environment, stdout=self.log.open("w"), stderr=subprocess.STDOUT, start_new_session=True)
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
        self.process.kill()
        raise SystemExit(f"the node did not answer within {START_SECONDS} s; its log:\n{self.log.read_text()}")

    def __exit__(self, *failure):
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise SystemExit(f"the node did not stop within {STOP_SECONDS} s of SIGTERM") from None
        if code != 0:
            raise SystemExit(f"the node ended with {code} on SIGTERM; its log:\n{self.log.read_text()[-4000:]}")


def free_port():
    """A port that nobody listened at a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
