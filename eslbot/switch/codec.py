"""The event socket's bytes, both ways: frames and commands (framing.py, taken up here), and the events in frames, as
`event json` and `event plain` write them. Pure: bytes in, values out. Knows no socket, no call and no event's meaning.

A value is only ever data: lines are split first and percent-encoding is undone after, so a decoded value may hold
newlines and still never be a header. Sources: switch_event.c, switch_utils.c, and tests/vectors/wire.
"""

import json
import re
from typing import Literal
from urllib.parse import unquote

import orjson

from eslbot.switch.framing import (
    LENGTH,
    Command,
    CommandDecoder,
    Decoder,
    Frame,
    ProtocolError,
    encode_command,
    encode_frame,
    encode_headers,
    parse_headers,
)

__all__ = [
    "Command", "CommandDecoder", "Decoder", "Event", "Format", "Frame", "ProtocolError",
    "encode_channel", "encode_command", "encode_event", "encode_frame", "event_of", "parse_json",
]  # fmt: skip

Event = dict[str, str | list[str]]
"""An event's headers, decoded; its own body, where it has one, under `_body`. What the switch holds as an array is a
list of strings."""
Format = Literal["json", "plain"]

_UNDEFINED = "_undef_"  # how the plain format spells an empty value
_ARRAY = "ARRAY::"
_UNSAFE = re.compile(rb"%(?![0-9A-F]{2})|[^ -~]|[ #&+:;<=>?@\[\\\]^`{|}\"]")


def event_of(frame: Frame) -> Event:
    """The event in a text/event-json or text/event-plain frame, or the channel in the answer to `connect`. Raises
    ProtocolError for anything else and for what cannot be read."""
    if frame.kind == "text/event-json":
        return parse_json(frame.body)
    if frame.kind == "text/event-plain":
        return _plain(frame.body)
    if frame.kind == "command/reply" and "Event-Name" in frame.headers:
        return {name: _plain_value(value) for name, value in frame.headers.items()}
    raise ProtocolError(f"a frame that holds no event: {frame.kind[:40]!r}")


def parse_json(body: bytes) -> Event:
    """One event (also the answer to `uuid_dump UUID json`). Bytes that are no UTF-8 become U+FFFD: names that strangers
    send may hold them."""
    try:
        event = orjson.loads(body)
    except orjson.JSONDecodeError:
        event = _lenient(body)
    if not isinstance(event, dict):
        raise ProtocolError("an event that is no JSON object")
    if set(map(type, event.values())) == {str}:
        return event  # nearly all are so, and asking in one go costs a third of looking at each
    for name, value in event.items():
        if type(value) is not str:
            event[name] = [str(item) for item in value] if isinstance(value, list) else str(value)
    return event


def _lenient(body: bytes) -> object:
    try:
        event = json.loads(body.decode("utf-8", "replace"), strict=False)
        return orjson.loads(json.dumps(event, ensure_ascii=False).encode("utf-8", "replace"))  # no lone surrogates
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"an event that is no JSON: {type(error).__name__}") from error


def _plain(body: bytes) -> Event:
    head, _, rest = body.partition(b"\n\n")
    lines = [line.decode("utf-8", "replace") for line in head.split(b"\n") if line]
    event: Event = {name: _plain_value(value) for name, value in parse_headers(lines).items()}
    length = event.get("Content-Length")
    if length is not None:
        if not isinstance(length, str) or not LENGTH.fullmatch(length) or int(length) > len(rest):
            raise ProtocolError(f"an event's own Content-Length is {str(length)[:20]!r}, {len(rest)} bytes are there")
        event["_body"] = rest[: int(length)].decode("utf-8", "replace")
    return event


def _plain_value(value: str) -> str | list[str]:
    if "%" in value:
        value = unquote(value, errors="replace")
    elif value == _UNDEFINED:
        return ""
    return value[len(_ARRAY) :].split("|:") if value.startswith(_ARRAY) else value


def encode_event(event: Event, format: Format) -> bytes:
    """An event as the switch sends it to a listener, `_body` included. The plain format has the switch's own flaw: a
    value that already holds %XX in upper case passes as it is (see FREESWITCH.md), so only JSON is lossless."""
    text = event.get("_body")
    own = {name: value for name, value in event.items() if name not in ("_body", "Content-Length")}
    if isinstance(text, str):
        own["Content-Length"] = str(len(text.encode()))
    if format == "json":
        body = orjson.dumps(own | ({"_body": text} if isinstance(text, str) else {}))
    else:
        body = encode_channel(own) + b"\n" + (text.encode() if isinstance(text, str) else b"")
    return encode_frame({"Content-Length": str(len(body)), "Content-Type": f"text/event-{format}"}, body)


def encode_channel(event: Event) -> bytes:
    """An event's headers as percent-encoded lines: a plain event's, or those that open the answer to `connect`."""
    return encode_headers({
        name: _encoded(_ARRAY + "|:".join(value) if isinstance(value, list) else value) for name, value in event.items()
    })


def _encoded(value: str) -> str:
    return _UNSAFE.sub(lambda found: b"%%%02X" % found[0][0], value.encode("utf-8", "replace")).decode() or _UNDEFINED
