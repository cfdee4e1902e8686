"""The API's description for people: a page made of the OpenAPI document here, which asks nothing of another host. Knows
the document's form, no operation."""

from typing import Any

from flask import Response, make_response, render_template

from eslbot.supervise.web import asking


@asking.needs()
def page(document: dict[str, Any]) -> Response:
    """Every operation, by tag."""
    return make_response(render_template("api.html", document=document, rows=rows(document), kind=kind))


def rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """What there is to say of each operation: {method, path, summary, about, takes, gives}, where `takes` is a list of
    {name, where, type, about, needed}."""
    base = document["servers"][0]["url"]
    return [
        {
            "method": method.upper(), "path": base + path, "summary": one["summary"], "about": one["description"],
            "takes": [*map(_parameter, one.get("parameters", [])), *_fields(one)],
            "gives": _gives(one),
        }
        for path, methods in document["paths"].items() for method, one in methods.items()
    ]


def _parameter(one: dict[str, Any]) -> dict[str, Any]:
    return {"name": one["name"], "where": one["in"], "type": kind(one["schema"]), "needed": one.get("required", False),
            "about": one.get("description", one["schema"].get("description", ""))}


def _fields(one: dict[str, Any]) -> list[dict[str, Any]]:
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return [
        {"name": name, "where": "body", "type": kind(schema), "needed": name in body.get("required", ()),
         "about": schema.get("description", "")}
        for name, schema in body.get("properties", {}).items()
    ]


def _gives(one: dict[str, Any]) -> str:
    for status in ("200", "201"):
        for media, content in one["responses"].get(status, {}).get("content", {}).items():
            return kind(content["schema"]) if media == "application/json" else media
    return ""


def kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {kind(schema['items'])}"
    types = schema.get("type", "anything")
    return " or ".join(types) if isinstance(types, list) else str(types)
