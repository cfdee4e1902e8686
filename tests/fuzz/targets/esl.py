"""The event socket's bytes: framing both ways, events, facts, the table of channels. Whatever comes, the only error is
ProtocolError; cut anywhere, the messages are the same; a fact's leg is called by a UUID; what is read as JSON can be
written and read again as it was."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from eslbot.model.facts import Fact
from eslbot.switch import facts
from eslbot.switch.codec import CommandDecoder, Decoder, Frame, ProtocolError, encode_event, event_of, parse_json
from eslbot.switch.commands import reply_of
from eslbot.switch.link.resync import facts_of_legs, found, rows_of
from tests.fuzz.tools import Choices

WIRE = Path(__file__).parents[2] / "vectors" / "wire"


def seeds() -> list[bytes]:
    return [
        bytes([mode]) + cut.to_bytes(2, "big") + part
        for mode, kind in ((0, "out"), (1, "in"))
        for file in sorted(WIRE.glob(f"*.{kind}"))
        for cut, part in ((100, file.read_bytes()[:6000]), (3, file.read_bytes()[6000:12000]))
        if part
    ]


def one(data: bytes) -> None:
    choices = Choices(data)
    kind = CommandDecoder if choices.byte() & 1 else Decoder
    cut = choices.number(4096)
    stream = choices.rest()
    whole, why = _fed(kind, [stream])
    parts, why_parts = _fed(kind, [stream[:cut], stream[cut : cut + 1], stream[cut + 1 :]])
    assert (whole, why) == (parts, why_parts), "cut elsewhere, it means something else"
    for message in whole:
        if isinstance(message, Frame):
            _frame(message)


def _fed(kind: type[Any], parts: list[bytes]) -> tuple[list[Any], str]:
    decoder, messages = kind(max_head=4096, max_body=8192), []
    for part in parts:
        try:
            messages += decoder.feed(part)
        except ProtocolError as error:
            return messages + error.before, str(error)
    assert decoder.pending <= 4096 + 3
    return messages, ""


def _frame(frame: Frame) -> None:
    reply = reply_of(frame.reply)
    assert not (reply.ok and reply.text.startswith("-ERR"))
    if frame.kind == "api/response":
        _table(reply.text)
    try:
        event = event_of(frame)
    except ProtocolError:
        return
    for name, value in event.items():
        assert isinstance(name, str)
        assert isinstance(value, str) or all(isinstance(item, str) for item in value)
    for fact in facts.facts_of(event, "pbx", 1.0):
        _fact(fact)
    created = facts.created_of(event, "pbx", 1.0)
    if created is not None:
        _fact(created)
    if "_body" not in event and "Content-Length" not in event:
        [again] = Decoder().feed(encode_event(event, "json"))
        assert parse_json(again.body) == event


def _fact(fact: Fact) -> None:
    for field in fields(fact):
        if field.name in ("uuid", "a", "b", "other"):
            assert facts.UUID.fullmatch(getattr(fact, field.name)), field.name
    for name, _ in getattr(fact, "variables", ()):
        assert not name.startswith("variable_")


def _table(text: str) -> None:
    try:
        rows = rows_of(text)
        legs = [found(row, parse_json(text.encode()), "pbx", 1.0) for row in rows]
    except ProtocolError:
        return
    for fact in facts_of_legs([leg for leg in legs if leg is not None]):
        _fact(fact)
