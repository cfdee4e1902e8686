"""The OpenAPI document of the HTTP API, made of the table of operations. Pure; knows no request."""

from collections.abc import Iterable
from typing import Any

from eslbot.supervise.web.operations import PATH, PLAIN, Operation
from eslbot.supervise.web.schemas import SCHEMAS, Schema, named, ref

WIDE: Schema = {"type": "string"}
SIDE = named(["both", "customer", "agent"])
PROBLEMS = {
    "400": "It was not understood: `detail` names the argument.", "401": "Nobody: sign in, or send a token.",
    "403": "You may not.", "404": "There is no such thing, or it is not yours to see.",
    "409": "It cannot be done now: `detail` says why.", "429": "Too often: `Retry-After` says when again.",
    "503": "The store or the audit is away.",
}
ABOUT = """\
Every request is made by somebody: a program sends `Authorization: Bearer` and a token (`eslbot users token new`), a \
page of ours the cookie of a session and, where it changes something, the header `X-CSRF-Token`. What somebody may not \
see is not there for them. Errors are problem details (RFC 9457). Times are seconds since the epoch."""


def document(operations: Iterable[Operation], version: str) -> dict[str, Any]:
    """Of those operations, and of the sound, which is no handler's."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    paths["/recordings/{call}/audio"] = {"get": _audio()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "eslbot", "version": version, "description": ABOUT},
        "servers": [{"url": PATH}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": dict(SCHEMAS),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-eslbot"},
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    about = operation.about
    takes = "Takes " + " or ".join(f"`{permission.value}`" for permission in operation.takes) + "."
    made: dict[str, Any] = {
        "operationId": f"{operation.verb}_{operation.method.lower()}" if operation.verb == "shadow" else operation.verb,
        "tags": [operation.tag], "summary": operation.summary, "description": f"{about} {takes}".strip(),
        "parameters": _parameters(operation),
        "responses": {
            str(operation.status): {"description": "Done.", "content": _json(ref(operation.answer))}, **_problems(),
        },
    }
    if operation.body:
        body: Schema = {"type": "object", "properties": dict(operation.body), "additionalProperties": False}
        if operation.required:
            body["required"] = list(operation.required)
        made["requestBody"] = {"required": bool(operation.required), "content": _json(body)}
    return made


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found = [_in_path(name) for name in arguments(operation)]
    found += [{"name": name, "in": "query", "schema": schema} for name, schema in operation.query.items()]
    if operation.idempotent:
        found.append({"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 200},
                      "description": "Your own id of this request: sent again, it is not done again."})
    return found


def arguments(operation: Operation) -> list[str]:
    """Those that stand in the path."""
    return [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]


def _audio() -> dict[str, Any]:
    wav = {"audio/wav": {"schema": {"type": "string", "contentMediaType": "audio/wav"}}}
    return {
        "operationId": "audio", "tags": ["recordings"], "summary": "Hear a recording: a WAV file, by byte ranges",
        "description": "Only what is asked for is opened, and nothing is written. Left customer, right agent. Each "
                       "playing is audited first; where that cannot be done, nothing is played. 409 where this service "
                       "has no key ([keys] identity). Takes `recordings:play`.",
        "parameters": [
            _in_path("call"),
            {"name": "part", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 1}},
            {"name": "side", "in": "query", "schema": {**SIDE, "default": "both"}},
            {"name": "reason", "in": "query", "schema": {"type": "string", "maxLength": 500}},
            {"name": "Range", "in": "header", "schema": WIDE},
        ],
        "responses": {
            "200": {"description": "All of it.", "content": wav}, "206": {"description": "A range.", "content": wav},
            "416": {"description": "The range begins behind the end."}, **_problems(),
        },
    }


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": PLAIN}


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _problems() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": ref("Problem")}}
    return {code: {"description": what, "content": content} for code, what in PROBLEMS.items()}
