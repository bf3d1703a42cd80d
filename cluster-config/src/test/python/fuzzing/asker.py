"""Requests as bytes, each answered within a bound."""

import http.client
import json
import time
import urllib.parse
from dataclasses import dataclass

SECONDS_MAX = 10
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}


@dataclass(frozen=True)
class Asked:
    operation: str
    label: str
    method: str
    path: str
    body: bytes | None

    def curl(self):
        shown = "" if self.body is None else f" -d {self.body[:200]!r}" + ("..." if len(self.body) > 200 else "")
        return f"curl -X {self.method} $API{self.path[:300]}{shown}"


@dataclass(frozen=True)
class Answered:
    status: int | None
    body: bytes
    seconds: float
    failure: str | None = None

    def json(self):
        return json.loads(self.body) if self.body else None


class Asker:
    """One connection, opened again when the server closed it. Not for several threads."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.address, self.prefix, self.connection = (parts.hostname, parts.port), parts.path, None

    def ask(self, method, path, body=None, content_type="application/json"):
        begin = time.monotonic()
        headers = {} if body is None else {"Content-Type": content_type}
        try:
            self.connection = self.connection or http.client.HTTPConnection(*self.address, timeout=SECONDS_MAX)
            self.connection.request(method, self.prefix + path, body, headers)
            answer = self.connection.getresponse()
            content = answer.read()
            if answer.will_close:
                self.close()
            return Answered(answer.status, content, time.monotonic() - begin)
        except TimeoutError:
            self.close()
            return Answered(None, b"", time.monotonic() - begin, f"no answer within {SECONDS_MAX} s")
        except (http.client.HTTPException, OSError) as broken:
            self.close()
            return Answered(None, b"", time.monotonic() - begin, f"no answer: {broken!r}")

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None


def wrong(asked, answered):
    """What is wrong with an answer as such; None if nothing is."""
    if answered.failure:
        return answered.failure
    if answered.status >= 500 and not (answered.status == 501 and asked.method not in METHODS):
        return f"status {answered.status}: {answered.body[:300]!r}"
    if answered.seconds > SECONDS_MAX:
        return f"took {answered.seconds:.1f} s"
    return None
