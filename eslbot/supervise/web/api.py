"""The HTTP API: each operation of the table is a route that checks what came against its schema, asks the handler, and
answers JSON. Knows the table and the frame; what a verb does its handler knows."""

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, request
from jsonschema import Draft202012Validator

import eslbot
from eslbot.supervise.access import NoSuch
from eslbot.supervise.web import asking, documents, sounds
from eslbot.supervise.web.frame import frame
from eslbot.supervise.web.openapi import arguments, document
from eslbot.supervise.web.operations import OPERATIONS, PATH, Operation
from eslbot.supervise.web.problems import problem
from eslbot.supervise.web.repeats import Repeats

Args = dict[str, Any]


def _number(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError
    return found


_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_READ: Mapping[str, Callable[[str], Any]] = {"integer": int, "number": _number, "boolean": lambda text: _FLAGS[text]}
LONGEST_KEY = 200


class BadArgument(ValueError):
    """The request says something that cannot be. The text names the argument and not what was sent."""


def blueprint(sound: sounds.Opens | None = None) -> Blueprint:
    """`sound` opens recordings; None: this service has no key, and says so."""
    api = Blueprint("api", __name__, url_prefix=PATH)
    repeats = Repeats()
    for operation in OPERATIONS:
        rule = operation.path.replace("{", "<").replace("}", ">")
        api.add_url_rule(
            rule, f"{operation.method} {operation.verb}".replace(".", ""), _view(operation, repeats),
            methods=[operation.method],
        )
    api.add_url_rule("/recordings/<call>/audio", "audio", sounds.view(sound), methods=["GET"])
    api.add_url_rule("/openapi.json", "document", _document, methods=["GET"])
    api.add_url_rule("/docs", "docs", lambda: documents.page(_described()), methods=["GET"])
    api.register_error_handler(BadArgument, lambda error: problem(400, str(error)))
    return api


def _view(operation: Operation, repeats: Repeats) -> Callable[..., Response]:
    named = arguments(operation)
    body = Draft202012Validator({
        "type": "object", "properties": dict(operation.body), "required": list(operation.required),
        "additionalProperties": False})
    query = Draft202012Validator({
        "type": "object", "properties": dict(operation.query), "additionalProperties": False})

    def view(**path: str) -> Response:
        if operation.verb not in frame().handlers:
            raise NoSuch("this service does not do that")
        asking.current().needs(*operation.takes)
        args = _checked(query, _asked(operation)) | _checked(body, _sent(operation))
        args |= {name: path[name] for name in named}
        if any("\0" in one for one in _texts(args)):
            raise BadArgument("no text here has a NUL in it")
        if (args.get("wait") or operation.long) and not asking.streaming():   # longer than an answer may usually take
            return problem(503, "too many answers are waited for already", seconds=5)
        key = request.headers.get("Idempotency-Key") or args.get("id") if operation.idempotent else None
        if not isinstance(key, str) or not key:
            return _json(operation.status, asking.ask(operation.verb, **args))
        if len(key) > LONGEST_KEY:
            raise BadArgument(f"Idempotency-Key: at most {LONGEST_KEY} characters")
        return _once(operation, args, key, repeats)

    return view


def _once(operation: Operation, args: Args, key: str, repeats: Repeats) -> Response:
    """The act's own id is made of the key, of what is asked for and of who asks, so nobody meets another's, and a key
    that was used for a mute does not swallow the unmute."""
    who = asking.current().who
    args = {**args, "id": hashlib.sha256(f"{who}\n{request.path}\n{key}".encode()).hexdigest()[:32]}
    name = (who, request.method, request.path, key)
    digest = hashlib.sha256(orjson.dumps(args, option=orjson.OPT_SORT_KEYS)).hexdigest()
    again = repeats.begin(name, digest)
    if again is not None:
        return Response(again[1], again[0], content_type="application/json", headers={"Idempotency-Replayed": "true"})
    done: tuple[int, bytes] | None = None
    try:
        said = asking.ask(operation.verb, **args)
        answer = _json(operation.status, said)
        done = (answer.status_code, answer.get_data())
        if said.get("again"):
            answer.headers["Idempotency-Replayed"] = "true"
        return answer
    finally:
        repeats.end(name, done)


def _sent(operation: Operation) -> Args:
    """The body."""
    if not request.content_length:
        return {}
    if not operation.body:
        raise BadArgument("no body is taken here")
    if request.mimetype != "application/json":   # nothing a form of another site could send
        raise BadArgument("Content-Type: application/json")
    try:
        data = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        raise BadArgument("the body is not JSON") from None
    if not isinstance(data, dict):
        raise BadArgument("the body is not a JSON object")
    return data


def _asked(operation: Operation) -> Args:
    """The query, each by its type."""
    found: Args = {}
    for name, text in request.args.items():
        kind = operation.query.get(name, {}).get("type", "string")
        try:
            found[name] = _READ[kind](text) if kind in _READ else text
        except (ValueError, KeyError):
            raise BadArgument(f"{name}: is no {kind}") from None
    return found


def _checked(validator: Draft202012Validator, data: Args) -> Args:
    for error in validator.iter_errors(data):
        where = ".".join(map(str, error.absolute_path))
        if error.validator == "required":
            raise BadArgument(f"needed: {', '.join(name for name in error.validator_value if name not in data)}")
        if error.validator == "additionalProperties":
            odd = sorted(set(data) - set(error.schema["properties"]))
            raise BadArgument(f"unknown: {', '.join(name[:64] for name in odd)}")
        raise BadArgument(f"{where}: must have {error.validator} {error.validator_value}")
    return data


def _texts(value: Any) -> Iterator[str]:
    """All texts of a JSON value, names too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(one)


def _json(status: int, answer: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(dict(answer)), status, content_type="application/json")


def _described() -> dict[str, Any]:
    """Of the operations that this service can do."""
    handlers = frame().handlers
    return document((one for one in OPERATIONS if one.verb in handlers), eslbot.__version__)


@asking.needs()
def _document() -> Response:
    return _json(200, _described())

