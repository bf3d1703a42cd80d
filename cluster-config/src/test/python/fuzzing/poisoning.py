"""Each field of each request with each hostile value; then nothing may be half done."""

import random
import threading
import time
import urllib.parse
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from fuzzing import poison
from fuzzing.asker import Asked, Asker, wrong

# Where a name in a create is looked up; what such a create refused must not be there.
LOOKUPS = {
    "POST /flows/": ("name", "/flows/name/{}"),
    "POST /v2/concurrency_limits/": ("name", "/v2/concurrency_limits/{}"),
    "POST /concurrency_limits/": ("tag", "/concurrency_limits/tag/{}"),
    "POST /work_pools/": ("name", "/work_pools/{}"),
    "POST /variables/": ("name", "/variables/name/{}"),
    "POST /block_types/": ("slug", "/block_types/slug/{}"),
    "POST /artifacts/": ("key", "/artifacts/{}/latest"),
    "POST /deployments/": ("name", "/deployments/name/{flow}/{}"),
    "POST /work_pools/{work_pool_name}/queues": ("name", "/work_pools/{pool}/queues/{}"),
}
SHOWN = {"POST /flows/", "POST /deployments/", "POST /flow_runs/", "POST /variables/", "POST /artifacts/", "POST /automations/", "POST /block_documents/", "POST /task_runs/"}
RENEW_EVERY = 500
RETRY_AFTER_SECONDS = 1
VOLATILE = {"updated", "estimated_run_time", "estimated_start_time_delta", "status", "last_polled"}


class Poisoning:
    def __init__(self, url, world, operations, seed):
        self.url, self.world, self.operations, self.seed = url, world, operations, seed
        self.found, self.counts, self.statuses, self.taken = {}, Counter(), Counter(), set()
        self.lock = threading.Lock()

    def run(self, until, threads=2):
        """Takes the operations in turn, one case of each, until the time or the cases are over."""
        queues = [iter(self._shuffled(operation)) for operation in self.operations]
        names = iter(self._in_turn(queues))
        with ThreadPoolExecutor(threads) as workers:
            for work in [workers.submit(self._work, names, until) for _ in range(threads)]:
                work.result()
        return self

    @staticmethod
    def _in_turn(queues):
        while queues:
            for queue in list(queues):
                case = next(queue, None)
                if case is None:
                    queues.remove(queue)
                else:
                    yield case

    def _work(self, cases, until):
        asker = Asker(self.url)
        while time.monotonic() < until:
            with self.lock:
                case = next(cases, None)
                if case is not None and self.counts["requests"] % RENEW_EVERY == 0:
                    self.world.renew()
            if case is None:
                return
            self._ask(asker, *case)

    def _shuffled(self, operation):
        cases = list(self._cases(operation))
        first, rest = cases[:1], cases[1:]
        random.Random(f"{self.seed} {operation.name}").shuffle(rest)
        return first + rest

    def _cases(self, operation):
        """(operation, label, how to make path, body and content type), the first being a plain request."""
        yield operation, "as it should be", None, None
        for segment in poison.SEGMENTS:
            for name in self.world.parameters(operation.path):
                yield operation, f"{name} in the path = {segment[:40]}", ("path", name), segment
        for name, schema in operation.query.items():
            for label, value in poison.values((name,), schema):
                if isinstance(value, str) and not isinstance(value, poison.Raw):
                    yield operation, f"?{name} = {label}", ("query", name), value
        if operation.body is not None:
            for label, value in poison.BODIES.items():
                yield operation, f"body = {label}", ("raw",), value
            for content_type in ("text/plain", "application/xml", "application/json; charset=utf-16", "x"):
                yield operation, f"content type {content_type}", ("type",), content_type
            for path, schema in operation.fields():
                for label, value in poison.values(path, schema):
                    yield operation, f"{'.'.join(map(str, path))} = {label}", ("field", path), value

    def _ask(self, asker, operation, label, where, value):
        parameters = {k: urllib.parse.quote(v, safe="") for k, v in self.world.parameters(operation.path).items()}
        body, content, kind = self.world.body(operation), None, "application/json"
        query = ""
        if where is None:
            pass
        elif where[0] == "path":
            parameters[where[1]] = value
        elif where[0] == "query":
            query = "?" + urllib.parse.urlencode({where[1]: value}, errors="replace")
        elif where[0] == "raw":
            content = value
        elif where[0] == "type":
            kind = value
        else:
            body = poison.placed(body, where[1], value)
        if body is not None and content is None:
            content = poison.dumped(body).encode()
        if operation.method == "DELETE" and (where is None or where[0] != "path"):
            parameters = {k: "00000000-0000-4000-8000-000000000000" for k in parameters}
        asked = Asked(operation.name, label, operation.method, operation.path.format(**parameters) + query, content)
        answered = asker.ask(asked.method, asked.path, asked.body, kind)
        if answered.failure or answered.status == 503:
            # As Prefect's client does; a busy machine may stall once, a wrong request fails again.
            time.sleep(RETRY_AFTER_SECONDS)
            answered = asker.ask(asked.method, asked.path, asked.body, kind)
        self._judge(asker, asked, answered, body, where)

    def _judge(self, asker, asked, answered, body, where):
        problem = wrong(asked, answered)
        if problem is None and isinstance(body, dict):
            problem = self._half_done(asker, asked, answered, body, where)
        with self.lock:
            self.counts["requests"] += 1
            self.counts[asked.operation] += 1
            self.statuses[answered.status] += 1
            if answered.status and answered.status < 300:
                self.taken.add(asked.operation)
            if problem:
                self.found.setdefault((asked.operation, problem[:60]), []).append((asked, problem))

    def _half_done(self, asker, asked, answered, body, where):
        """A create that was refused left nothing; one that was taken is there as it was answered."""
        refused = 400 <= answered.status < 500 and answered.status != 409
        field, path = LOOKUPS.get(asked.operation, (None, None))
        if refused and field and where and where[0] == "field" and where[1] != (field,) and isinstance(body.get(field), str):
            names = {"flow": self.world.names["flows"], "pool": self.world.names["work_pools"]}
            found = asker.ask("GET", path.format(urllib.parse.quote(body[field], safe=""), **names))
            if found.status != 404:
                return f"refused with {answered.status}, but it is there: {found.status}"
        if answered.status == 201 and asked.operation in SHOWN:
            made = answered.json()
            shown = asker.ask("GET", asked.path + made["id"])
            if shown.status != 200:
                return f"answered 201, but a GET of it {shown.status}"
            other = {k for k, v in shown.json().items() if k in made and made[k] != v} - VOLATILE
            if other:
                return f"answered 201, but a GET shows other values of {sorted(other)}"
        return None


def report(found):
    """Prints each kind of failure once with a request that shows it."""
    for (operation, _), cases in sorted(found.items(), key=lambda item: item[0]):
        asked, problem = cases[0]
        print(f"\n{operation}: {asked.label} ({len(cases)} like it)\n  {problem}\n  {asked.curl()}", flush=True)
    return len(found)

