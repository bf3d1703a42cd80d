"""The server under test as plain HTTP shows it, to look at what the client has left behind."""

import json
import sys
import time
import urllib.request

# On a busy machine a server may take long; that is told, and has an end.
ANSWER_SECONDS, TOLD_SECONDS = 180, 10


class Api:
    """Requests that must succeed, and their answers."""

    def __init__(self, url, headers=None, tls=None):
        self.url, self.tls = url, tls
        self.headers = {"Content-Type": "application/json"} | (headers or {})

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, self.headers, method=method)
        begin = time.monotonic()
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS, context=self.tls) as answer:
            text = answer.read()
        took = time.monotonic() - begin
        if took > TOLD_SECONDS:
            print(f"note: {self.url} took {took:.0f} s for {method} {path}", file=sys.stderr, flush=True)
        return json.loads(text) if text else None

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None):
        return self.call("POST", path, body or {})

    def run(self, run_id):
        return self.get(f"/flow_runs/{run_id}")

    def states(self, run_id):
        return self.get(f"/flow_run_states/?flow_run_id={run_id}")

    def limit(self, name):
        return self.get(f"/v2/concurrency_limits/{name}")


def wait(condition, timeout, what):
    """Polls until the condition gives something true, and returns that; fails after timeout seconds."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"waited {timeout} s for {what()}"
        time.sleep(0.1)
