"""Values that servers choke on, by the kind of field."""

import json
import uuid

NAME_MAX = 300


class Raw(str):
    """JSON text that json.dumps would not write."""


def deep(levels):
    return Raw("[" * levels + "]" * levels)


ANY = {
    "null": None,
    "text": "text",
    "number": 5,
    "true": True,
    "empty list": [],
    "empty object": {},
    "list of null": [None],
    "object of objects": {"a": {"b": {"c": [{"d": None}]}}},
    "400 levels": deep(400),
    "990 levels": deep(990),
    "998 levels": deep(998),
    "5000 levels": deep(5000),
    "beyond double": Raw("1e400"),
    "900 digits": Raw("9" * 900),
    "NUL within": {"a": "\0", "\0": ["\0"]},
    "half a surrogate within": {"a": "\ud800", "\udc00": 1},
    "5000 keys": {f"k{i}": i for i in range(5000)},
    "same key twice": Raw('{"a": 1, "a": {"a": 2}}'),
}
TEXTS = {
    "empty": "",
    "blank": " ",
    "300 letters": "x" * NAME_MAX,
    "200000 letters": "x" * 200_000,
    "NUL": "nul\0nul",
    "half a surrogate": "half\ud800",
    "emoji": "\U0001f600" * 100,
    "path": "../../a/b?c=d#e%2f%00",
    "forbidden": "a/b%&><",
    "template": "{{ x }}{% raw %}",
    "SQL": "'; drop table flow_run; --",
    "wildcards": "%_\\%",
    "right to left": "\u202e\u0000"[:1],
    "line ends": "a\r\nX-Injected: 1\r\n",
    "prefect": "prefect-x",
    "zone": "Mars/Phobos",
}
NUMBERS = {str(n)[:20]: n for n in (-1, 0, 1, 2, 200, 201, 2**31 - 1, 2**31, -(2**31) - 1, 2**63 - 1, 2**63, 10**300, 0.1, 1e-320, 1e308, -1e308)} | {
    "text of a number": "2",
    "huge exponent as text": "1e999999999",
    "tiny exponent as text": "1e-999999999",
    "huge exponent": Raw("1e999999999"),
    "NaN": "NaN",
    "Infinity": Raw("Infinity"),
}
TIMES = {
    text: text
    for text in (
        "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "-0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
        "9999-12-31T23:59:59-14:00", "+10000-01-01T00:00:00Z", "+292278994-08-17T07:12:55.807Z", "+999999999-12-31T23:59:59Z", "2026-02-30T00:00:00Z", "2026-11-21 08:59:13.971568+00:00",
        "2026-11-21T00:00:00+99:99", "2026-11-21T00:00:00.123456789123Z", "2026-12-31T23:59:60Z", "2026", "now",
    )
} | {"epoch": 0, "far epoch": 10**18}  # fmt: skip
IDS = {"nil": str(uuid.UUID(int=0)), "no hyphens": uuid.UUID(int=7).hex, "not an id": "not-an-id", "too long": "0" * 64, "braces": "{%s}" % uuid.UUID(int=7), "short groups": "1-1-1-1-1"}
SCHEDULES = {
    json.dumps(s)[:60]: s
    for s in (
        {"interval": 1e-9}, {"interval": 1}, {"interval": 1e300}, {"interval": 10**30}, {"interval": 60, "anchor_date": "0001-01-01T00:00:00Z"}, {"interval": 60, "anchor_date": "9999-12-31T23:59:59Z"},
        {"interval": 1, "anchor_date": "+100000-01-01T00:00:00Z"}, {"interval": 60, "timezone": "Mars/Phobos"}, {"cron": "0 0 30 2 *"}, {"cron": "* * * * * *"}, {"cron": "@hourly"}, {"cron": "0 0 29 2 1"},
        {"cron": "*/0 * * * *"}, {"cron": "0-59/1000000000 * * * *"}, {"cron": "1-99999999999 * * * *"}, {"cron": "0 0 31 2,4,6,9,11 *", "day_or": False}, {"cron": "0 " * 1000}, {"cron": ",".join(["0"] * 50_000) + " * * * *"},
        {"rrule": "FREQ=SECONDLY"}, {"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, {"rrule": "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"}, {"rrule": "FREQ=DAILY;INTERVAL=0"}, {"rrule": "FREQ=DAILY;INTERVAL=999999999999"},
        {"rrule": "FREQ=DAILY;COUNT=1000000000"}, {"rrule": "FREQ=DAILY;UNTIL=00010101T000000Z"}, {"rrule": "FREQ=SECONDLY;BYSETPOS=366;BYSECOND=0"}, {"rrule": "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=6"},
        {"rrule": "DTSTART:00010101T000000Z\nRRULE:FREQ=SECONDLY;BYHOUR=25"}, {"rrule": "DTSTART:19000101T000000Z\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"}, {"rrule": "DTSTART:19000101T000000Z\nRRULE:FREQ=SECONDLY;INTERVAL=7"},
        {"rrule": "DTSTART:99991231T235959Z\nRRULE:FREQ=SECONDLY"}, {"rrule": "RRULE:FREQ=DAILY\nEXRULE:FREQ=DAILY"}, {"rrule": "FREQ=MINUTELY;" + "BYMINUTE=" + ",".join(["0"] * 20_000)}, {"rrule": "X" * 6500}, {"rrule": ""}, {},
    )
}  # fmt: skip
LISTS = {"empty": [], "10000 numbers": list(range(10_000)), "10000 texts": [f"t{i}" for i in range(10_000)], "one long text": ["x" * 100_000], "NUL": ["\0"], "half a surrogate": ["\ud800"], "ids": [str(uuid.UUID(int=i)) for i in range(2000)]}
BODIES = {
    "nothing": b"",
    "null": b"null",
    "list": b"[]",
    "number": b"5",
    "text": b'"x"',
    "no JSON": b"{]",
    "half an object": b'{"name": "x',
    "two documents": b"{} {}",
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "998 levels": b'{"a":' * 998 + b"1" + b"}" * 998,
    "5000 levels": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "an unknown field": b'{"unknown_field": 1}',
    "NUL as a key": b'{"\\u0000": 1}',
    "2 MB": b'{"unknown": "' + b"x" * 2_000_000 + b'"}',
}
SEGMENTS = ["%00", "%ff", "%ed%a0%80", "..", "%2e%2e%2f", "x" * 1500, "%F0%9F%98%80", "-1", "null", "a%20b", "%25", "00000000-0000-0000-0000-000000000000", "a%0d%0ab"]


def values(path, schema):
    """What to put at a field: label and value; some fit any field, others the kind it has."""
    yield from ANY.items()
    name, kind, form = path[-1], schema.get("type"), schema.get("format")
    if name in ("schedule", "schedules"):
        yield from ((k, v if name == "schedule" else [{"schedule": v}]) for k, v in SCHEDULES.items())
    if form == "date-time":
        yield from TIMES.items()
    elif form == "uuid":
        yield from IDS.items()
    elif kind in ("integer", "number"):
        yield from NUMBERS.items()
    elif kind == "string":
        yield from TEXTS.items()
    elif kind == "array":
        yield from LISTS.items()


def dumped(value):
    """JSON text of a value that may hold Raw text; lone surrogates are written as escapes."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{dumped(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dumped, value)) + "]"
    return json.dumps(value)


def placed(body, path, value):
    """A copy of the body with the value at the path; what is missing on the way is made."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if key == 0:
        inner = body[0] if isinstance(body, list) and body else {}
        return [placed(inner, rest, value)]
    body = dict(body) if isinstance(body, dict) else {}
    body[key] = placed(body.get(key), rest, value)
    return body
