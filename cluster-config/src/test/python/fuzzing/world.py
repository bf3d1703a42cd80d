"""Objects that exist, so that requests reach what they ask for, and bodies that are taken."""

import json
import re
import urllib.error
import uuid

from acceptance.server import Api

TRIGGER = {"type": "event", "posture": "Reactive", "expect": ["fuzz.x"], "threshold": 1, "within": 0, "match": {}, "match_related": {}, "after": [], "for_each": []}
STATE = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2030-01-01T00:00:00Z"}}
EVENT = {"occurred": "2026-11-21T00:00:00Z", "event": "fuzz.x", "resource": {"prefect.resource.id": "fuzz.1"}, "payload": {}, "related": []}

RENEWALS_MAX = 10


class World:
    """One object of each kind. Requests may delete or rename it; renew() makes it again."""

    def __init__(self, url):
        self.api = Api(url)
        self.ids, self.names = {}, {}

    def renew(self):
        """Makes whatever is no longer there; again, if a request deletes a part meanwhile that another part needs."""
        for last in (False,) * (RENEWALS_MAX - 1) + (True,):
            try:
                return self._made()
            except urllib.error.HTTPError as refused:
                if last or refused.code not in (404, 409):
                    raise

    def _made(self):
        for kind, (path, make) in self._makers().items():
            if kind not in self.ids or not self._there(path, kind):
                name = f"fuzz-{kind}-{uuid.uuid4().hex[:8]}".replace("_", "-")
                self.names[kind] = name
                self.ids[kind] = make(name)["id"]
        return self

    def _there(self, path, kind):
        try:
            self.api.get(f"{path}/{self.ids[kind] if path not in ('/work_pools',) else self.names[kind]}")
        except urllib.error.HTTPError:
            return False
        return True

    def _makers(self):
        post, ids, names = self.api.post, self.ids, self.names
        return {
            "flows": ("/flows", lambda name: post("/flows/", {"name": name})),
            "work_pools": ("/work_pools", lambda name: post("/work_pools/", {"name": name, "type": "process"})),
            "work_queues": ("/work_queues", lambda name: post(f"/work_pools/{names['work_pools']}/queues", {"name": name})),
            "deployments": ("/deployments", lambda name: post("/deployments/", {"name": name, "flow_id": ids["flows"], "work_pool_name": names["work_pools"], "concurrency_limit": 1})),
            "schedules": ("/deployments", lambda name: {"id": post(f"/deployments/{ids['deployments']}/schedules", [{"schedule": {"interval": 86400}, "active": False}])[0]["id"]}),
            "flow_runs": ("/flow_runs", lambda name: post("/flow_runs/", {"flow_id": ids["flows"], "deployment_id": ids["deployments"], "name": name, "state": STATE})),
            "task_runs": ("/task_runs", lambda name: post("/task_runs/", {"flow_run_id": ids["flow_runs"], "task_key": "t", "dynamic_key": name, "name": name})),
            "v2": ("/v2/concurrency_limits", lambda name: post("/v2/concurrency_limits/", {"name": name, "limit": 1_000_000})),
            "concurrency_limits": ("/concurrency_limits", lambda name: post("/concurrency_limits/", {"tag": name, "concurrency_limit": 1_000_000})),
            "variables": ("/variables", lambda name: post("/variables/", {"name": name.replace("-", "_"), "value": 1})),
            "artifacts": ("/artifacts", lambda name: post("/artifacts/", {"key": name, "type": "text", "data": "x"})),
            "block_types": ("/block_types", lambda name: post("/block_types/", {"name": name, "slug": name})),
            "block_schemas": ("/block_schemas", lambda name: post("/block_schemas/", {"block_type_id": ids["block_types"], "fields": {"title": name, "properties": {}}})),
            "block_documents": ("/block_documents", lambda name: post("/block_documents/", {"name": name, "data": {}, "block_type_id": ids["block_types"], "block_schema_id": ids["block_schemas"]})),
            "saved_searches": ("/saved_searches", lambda name: self.api.call("PUT", "/saved_searches/", {"name": name})),
            "automations": ("/automations", lambda name: post("/automations/", {"name": name, "trigger": TRIGGER, "actions": [], "enabled": False})),
        }

    def parameters(self, path):
        """A value for each parameter of a path template: ids and names of what is there."""
        kind = path.split("/")[1]
        given = {
            "id": self.ids.get(kind, self.ids["flow_runs"]),
            "id_or_name": self.names["v2"],
            "name": self.names.get(kind, "fuzz"),
            "tag": self.names["concurrency_limits"],
            "flow_name": self.names["flows"],
            "deployment_name": self.names["deployments"],
            "work_pool_name": self.names["work_pools"],
            "schedule_id": self.ids["schedules"],
            "key": self.names["artifacts"] if kind == "artifacts" else "fuzz-input",
            "slug": self.names["block_types"],
            "block_document_name": self.names["block_documents"],
            "checksum": "sha256:00",
            "countable": "day",
            "view": "aggregate-worker-metadata",
            "resource_id": "prefect.deployment." + self.ids["deployments"],
            "lease_id": str(uuid.uuid4()),
        }
        if kind == "variables":
            given["name"] = self.names["variables"].replace("-", "_")
        if path.startswith("/work_pools/{work_pool_name}/queues/"):
            given["name"] = self.names["work_queues"]
        if path.startswith("/task_run_states") or path.startswith("/flow_run_states"):
            given["id"] = str(uuid.uuid4())
        if kind == "ui":
            given["id"] = self.ids["task_runs"]
        return {name: given[name] for name in re.findall(r"{(\w+)}", path)}

    def field(self, name):
        """A value for a field of a body that means something that is there; None for others."""
        return {
            "flow_id": self.ids["flows"],
            "flow_ids": [self.ids["flows"]],
            "flow_run_ids": [self.ids["flow_runs"]],
            "task_run_id": self.ids["task_runs"],
            "deployment_ids": [self.ids["deployments"]],
            "block_type_id": self.ids["block_types"],
            "block_schema_id": self.ids["block_schemas"],
            "default_result_storage_block_id": self.ids["block_documents"],
            "names": [self.names["v2"]],
            "history_start": "2026-11-20T00:00:00Z",
            "history_end": "2026-11-21T00:00:00Z",
            "history_interval_seconds": 3600,
            "trigger": TRIGGER,
            "actions": [],
            "state": STATE,
            "schedule": {"interval": 86400},
            "type": None,
        }.get(name)

    def body(self, operation):
        """A body that the operation should take."""
        if operation.body is None:
            return None
        path = operation.path
        if path == "/events":
            return [EVENT | {"id": str(uuid.uuid4())}]
        if path.endswith("templates/validate"):
            return "{{ x }}"
        if path == "/ui/schemas/validate":
            return {"schema": {"type": "object", "properties": {"x": {"type": "integer"}}}, "values": {"x": 1}}
        if path == "/work_pools/":
            return operation.example(operation.body, self.field) | {"type": "process"}
        if path.endswith("bulk_delete"):
            return {path.split("/")[1]: {"id": {"any_": [str(uuid.uuid4())]}}}
        if path == "/flow_runs/bulk_set_state":
            return {"flow_runs": {"id": {"any_": [self.ids["flow_runs"]]}}, "state": STATE}
        if path == "/variables/":
            return {"name": f"fuzz_{uuid.uuid4().hex}", "value": 1}
        if path == "/block_documents/":
            return operation.example(operation.body, self.field) | {"name": f"fuzz-{uuid.uuid4().hex}", "data": {}}
        if path.startswith("/concurrency_limits/") and "names" in operation.body.get("properties", {}):
            return {"names": [self.names["concurrency_limits"]], "task_run_id": str(uuid.uuid4())}
        return operation.example(operation.body, self.field)

    def saved(self):
        return json.dumps({"ids": self.ids, "names": self.names})

    def load(self, text):
        self.__dict__.update(json.loads(text))
        return self
