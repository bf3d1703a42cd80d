"""The command line on limits: prefect gcl, global-concurrency-limit, concurrency-limit."""

from acceptance.case import case
from acceptance.server import wait


@case
def gcl_create_inspect_ls(scene):
    """gcl create, inspect (text and JSON), ls; a second create is refused"""
    name = scene.unique("db")
    scene.prefect("gcl", "create", name, "--limit", 5).shows(f"Created global concurrency limit with name '{name}' and ID")
    scene.prefect("gcl", "inspect", name).shows(f"name='{name}'", "limit=5", "active_slots=0", "slot_decay_per_second=0.0")
    shown = scene.prefect("gcl", "inspect", name, "--output", "json").json()
    assert (shown["name"], shown["limit"], shown["active_slots"]) == (name, 5, 0), shown
    scene.prefect("gcl", "ls").shows(name)
    scene.prefect("gcl", "create", name, "--limit", 6, code=1).shows("already exists")
    assert scene.api.limit(name)["limit"] == 5


@case
def gcl_create_with_every_option(scene):
    """gcl create --limit --disable --active-slots --slot-decay-per-second; bad numbers are refused"""
    name = scene.unique("db")
    scene.prefect("gcl", "create", name, "--limit", 5, "--disable", "--active-slots", 2, "--slot-decay-per-second", 0.001)
    limit = scene.api.limit(name)
    assert (limit["active"], limit["active_slots"], limit["slot_decay_per_second"]) == (False, 2, 0.001), limit
    scene.prefect("gcl", "create", scene.unique("db"), "--limit", -1, code=1)


@case
def gcl_update(scene):
    """gcl update --limit --enable, --disable, --active-slots 0, --slot-decay-per-second 1"""
    name = scene.unique("db")
    scene.prefect("gcl", "create", name, "--limit", 5, "--active-slots", 5, "--disable")
    updated = f"Updated global concurrency limit with name '{name}'."
    scene.prefect("gcl", "update", name, "--limit", 1, "--enable").shows(updated)
    limit = scene.api.limit(name)
    assert (limit["limit"], limit["active"], limit["active_slots"]) == (1, True, 5), limit
    scene.prefect("gcl", "update", name, "--active-slots", 0).shows(updated)
    assert scene.api.limit(name)["active_slots"] == 0
    scene.prefect("gcl", "update", name, "--slot-decay-per-second", 1).shows(updated)
    assert scene.api.limit(name)["slot_decay_per_second"] == 1
    scene.prefect("gcl", "update", name, "--disable").shows(updated)
    assert scene.api.limit(name)["active"] is False
    scene.prefect("gcl", "update", scene.unique("none"), "--limit", 1, code=1).shows("not found")


@case
def gcl_disable_enable_delete(scene):
    """gcl disable, enable, delete; twice the same is refused; a deleted one is not found"""
    name = scene.unique("db")
    scene.prefect("gcl", "create", name, "--limit", 1)
    scene.prefect("gcl", "disable", name).shows(f"Disabled global concurrency limit with name '{name}'.")
    scene.prefect("gcl", "disable", name, code=1).shows("already disabled")
    scene.prefect("gcl", "enable", name).shows(f"Enabled global concurrency limit with name '{name}'.")
    scene.prefect("--no-prompt", "gcl", "delete", name).shows(f"Deleted global concurrency limit with name '{name}'.")
    scene.prefect("gcl", "inspect", name, code=1).shows("not found")
    scene.prefect("gcl", "ls").hides(name)


@case
def global_concurrency_limit_long_name(scene):
    """prefect global-concurrency-limit is the same as gcl; names may hold a colon"""
    name = scene.unique("deploy:my-deployment")
    scene.prefect("global-concurrency-limit", "create", name, "--limit", 1)
    scene.prefect("global-concurrency-limit", "inspect", name).shows(f"name='{name}'", "limit=1")


@case
def gcl_help_needs_no_server(scene):
    """gcl --help, inspect --help, worker start --help without any server"""
    for words in (["gcl", "--help"], ["gcl", "inspect", "--help"], ["worker", "start", "--help"]):
        scene.prefect(*words, PREFECT_API_URL="http://127.0.0.1:9/api").shows("Usage")


@case
def concurrency_limit_life(scene):
    """concurrency-limit create, inspect, ls, reset, delete; creating again changes the size only"""
    tag = scene.unique("tag")
    created = scene.prefect("concurrency-limit", "create", tag, 2)
    created.shows("Created concurrency limit with properties:", f"tag - '{tag}'", "concurrency_limit - 2")
    scene.prefect("concurrency-limit", "inspect", tag).shows(tag, "2")
    scene.prefect("concurrency-limit", "create", tag, 3)
    assert scene.api.limit(f"tag:{tag}")["limit"] == 3
    scene.prefect("concurrency-limit", "ls").shows(tag)
    scene.prefect("concurrency-limit", "reset", tag).shows(f"Reset concurrency limit set on the tag: {tag}")
    scene.prefect("--no-prompt", "concurrency-limit", "delete", tag).shows(f"Deleted concurrency limit set on the tag: {tag}")
    scene.prefect("concurrency-limit", "inspect", tag, code=1).shows("No concurrency limit found for the tag")


@case
def concurrency_limit_shows_who_holds(scene):
    """inspect of a tag shows the task run that holds; create again keeps the slot; reset frees it"""
    tag = scene.unique("tag")
    scene.prefect("concurrency-limit", "create", tag, 1)
    holder = scene.start_script("tagged.py", tag, 6)
    slots = _until_held(scene, tag)
    scene.prefect("concurrency-limit", "inspect", tag).shows(slots[0])
    scene.prefect("gcl", "inspect", f"tag:{tag}").shows("active_slots=1")
    scene.prefect("concurrency-limit", "create", tag, 2)
    assert slots[0] in scene.api.get(f"/concurrency_limits/tag/{tag}")["active_slots"]
    holder.kill()
    scene.prefect("concurrency-limit", "reset", tag)
    assert scene.api.get(f"/concurrency_limits/tag/{tag}")["active_slots"] == []
    assert scene.api.limit(f"tag:{tag}")["active_slots"] == 0


def _until_held(scene, tag):
    return wait(lambda: scene.api.get(f"/concurrency_limits/tag/{tag}")["active_slots"], 120, lambda: f"a holder of {tag}")
