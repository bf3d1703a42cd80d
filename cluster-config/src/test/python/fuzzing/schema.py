"""What there is to ask: Prefect's own OpenAPI description, made from the installed package, and Sluice's additions."""

import copy
import random
import uuid

ADDITIONS = {
    "/sluice/flow_runs/{id}/explain": {
        "get": {
            "operationId": "explain_flow_run",
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}],
            "responses": {"200": {"description": "Why the run waits"}},
        }
    }
}


def description():
    """The OpenAPI document of the API below /api. Imports Prefect's server, which needs its own FastAPI."""
    from prefect.server.api.server import create_app

    document = copy.deepcopy(create_app().openapi())
    document["paths"] = {path: item for path, item in document["paths"].items()} | ADDITIONS
    return document


class Operation:
    """One method of one path, with a body that should be taken."""

    def __init__(self, document, method, path, spec):
        self.document, self.method, self.path = document, method.upper(), path
        self.name = f"{self.method} {path}"
        content = spec.get("requestBody", {}).get("content", {}).get("application/json")
        self.body = self.plain(content["schema"]) if content else None
        self.query = {p["name"]: self.plain(p["schema"]) for p in spec.get("parameters", []) if p["in"] == "query"}

    def plain(self, schema):
        """The schema without references at its top and without null among its choices."""
        while True:
            if "$ref" in schema:
                schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
            elif choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
                schema = next((c for c in choices if c.get("type") != "null"), choices[0])
            else:
                return schema

    def example(self, schema, known, depth=0):
        """A value that fits the schema: what is required, and below the top only that."""
        schema = self.plain(schema)
        if "enum" in schema:
            return schema["enum"][0]
        if "const" in schema:
            return schema["const"]
        kind = schema.get("type", "object")
        if kind == "object":
            required = set(schema.get("required", []))
            fields = schema.get("properties", {})
            return {name: known(name) if known(name) is not None else self.example(fields[name], known, depth + 1) for name in fields if name in required}
        if kind == "array":
            return [self.example(schema.get("items", {}), known, depth + 1)] if depth == 0 else []
        return scalar(kind, schema)

    def fields(self, schema=None, at=(), depth=3):
        """Where values are: (path of keys, schema) of all fields down to a depth, also within lists of objects."""
        schema = self.plain(schema or self.body)
        if schema.get("type") == "array" and depth:
            yield from self.fields(schema.get("items", {}), (*at, 0), depth - 1)
        for name, field in schema.get("properties", {}).items():
            field = self.plain(field)
            yield (*at, name), field
            if depth:
                yield from self.fields(field, (*at, name), depth - 1)


def operations(document):
    for path, item in document["paths"].items():
        for method, spec in item.items():
            yield Operation(document, method, path, spec)


def scalar(kind, schema):
    form = schema.get("format")
    if form == "uuid":
        return str(uuid.uuid4())
    if form == "date-time":
        return "2030-01-01T00:00:00Z"
    if kind in ("integer", "number"):
        return max(1, schema.get("minimum", 1))
    if kind == "boolean":
        return True
    return f"fuzz-{random.getrandbits(48):x}"
