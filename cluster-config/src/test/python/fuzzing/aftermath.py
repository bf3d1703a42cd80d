"""What must hold after all requests: everything can be listed and read, also after a restart."""

import json
import re
from urllib.parse import quote

from fuzzing.asker import Asker

LISTED = {
    "/flows": "id", "/flow_runs": "id", "/task_runs": "id", "/deployments": "id", "/variables": "id", "/artifacts": "id", "/automations": "id", "/block_types": "id",
    "/block_schemas": "id", "/block_documents": "id", "/work_pools": "name", "/work_queues": "id", "/v2/concurrency_limits": "id", "/concurrency_limits": "id", "/saved_searches": "id",
}  # fmt: skip
ONLY_LISTED = ("/logs/filter", "/events/filter")
PAGE = 200
CHANGES_BY_ITSELF = {"updated", "status", "estimated_run_time", "estimated_start_time_delta", "last_polled", "state", "state_id", "state_type", "state_name", "next_scheduled_start_time", "active_slots", "avg_slot_occupancy_seconds"}


def listed(url, pages):
    """Objects by path and id, of the first pages of each listing; and what went wrong."""
    asker, found, wrong = Asker(url), {}, []
    for path in LISTED:
        for page in range(pages):
            answer = asker.ask("POST", f"{path}/filter", json.dumps({"limit": PAGE, "offset": page * PAGE}).encode())
            if answer.status != 200:
                wrong.append(f"POST {path}/filter, page {page + 1}: {answer.failure or answer.status}")
                break
            objects = answer.json()
            found |= {(path, o["id"]): o for o in objects}
            if len(objects) < PAGE:
                break
    for path in ONLY_LISTED:
        answer = asker.ask("POST", path, b"{}")
        if answer.status != 200:
            wrong.append(f"POST {path}: {answer.failure or answer.status}")
    return found, wrong


def unreadable(url, found):
    """Objects that are listed, but that a GET does not give."""
    asker, wrong = Asker(url), []
    for (path, _), listed_as in found.items():
        one = f"{path}/{quote(listed_as[LISTED[path]], safe='')}"
        answer = asker.ask("GET", one)
        if answer.status != 200:
            wrong.append(f"GET {one}: {answer.failure or answer.status}, although it is listed")
    return wrong


def changed(before, after):
    """What a restart changed that does not change by itself."""
    wrong = []
    for key, old in before.items():
        new = after.get(key)
        other = {k for k in old if new is not None and lasting(new.get(k)) != lasting(old[k])} - CHANGES_BY_ITSELF
        if new is not None and other:
            wrong.append(f"{key[0]}/{key[1]} has other {sorted(other)} after a restart")
    return wrong


def lasting(value):
    """A value without what changes by itself: a node says of the types it brings along that they are new."""
    if isinstance(value, dict):
        return {k: lasting(v) for k, v in value.items() if k not in CHANGES_BY_ITSELF}
    return value


def log_problems(log):
    """Errors in the log of the node, and what it says above stack traces, each kind once."""
    text, kinds, said = log.read_bytes().decode(errors="replace"), {}, ""
    for line in text.splitlines():
        frame = re.match(r"\s+(at \S+\(|\.\.\. \d+ )", line)
        if " ERROR " in line or frame:
            found = said if frame else line
            kinds.setdefault(re.sub(r"[0-9a-f-]{36}|\d+", "#", found)[:120], found[:300])
        if not frame:
            said = line
    return [f"in the log: {line}" for line in list(kinds.values())[:20]]
