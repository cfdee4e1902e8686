"""What goes over the admin socket: one JSON object a line, a request {"verb", "args"} and for each an answer
{"ok": true, "result"} or {"ok": false, "error"}. Pure. Knows no socket and no verb."""

from collections.abc import Mapping
from typing import Any

import orjson

LONGEST_REQUEST = 64 * 1024
"""Bytes of one request's line, its newline included."""
LONGEST_ANSWER = 16 * 1024 * 1024


class BadLine(ValueError):
    """A line that is no request, or no answer."""


class Refused(Exception):
    """The service will not, or cannot, do what was asked. The text is for the person who asked."""


class Lines:
    """Cuts a stream of bytes into lines, and holds no more than one line of `longest` bytes."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that are whole now, without their newlines. Raises BadLine for one that is too long."""
        self._rest += data
        *lines, rest = self._rest.split(b"\n") if b"\n" in data else (self._rest,)
        if any(len(line) >= self._longest for line in (*lines, rest)):
            raise BadLine(f"a line longer than {self._longest} bytes")
        self._rest = bytearray(rest)
        return [bytes(line) for line in lines]


def encode_request(verb: str, args: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"verb": verb, "args": dict(args)}) + b"\n"


def decode_request(line: bytes) -> tuple[str, dict[str, Any]]:
    """(verb, args). Raises BadLine."""
    data = _object(line)
    verb, args = data.get("verb"), data.get("args", {})
    if not isinstance(verb, str) or not isinstance(args, dict):
        raise BadLine('a request has a "verb" and perhaps "args"')
    return verb, args


def encode_result(result: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"ok": True, "result": dict(result)}) + b"\n"


def encode_error(message: str) -> bytes:
    return orjson.dumps({"ok": False, "error": message}) + b"\n"


def decode_answer(line: bytes) -> dict[str, Any]:
    """The result. Raises Refused with the service's words, or BadLine."""
    data = _object(line)
    result = data.get("result")
    if data.get("ok") is True and isinstance(result, dict):
        return result
    if data.get("ok") is False and isinstance(data.get("error"), str):
        raise Refused(data["error"])
    raise BadLine("neither a result nor an error")


def _object(line: bytes) -> dict[str, Any]:
    try:
        data = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadLine(f"not JSON: {error}") from error
    if not isinstance(data, dict):
        raise BadLine("not a JSON object")
    return data
