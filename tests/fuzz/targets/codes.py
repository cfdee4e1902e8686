"""Feature codes: what the switch says of a channel that asks, each variable whatever a phone could make it, over the
event socket's bytes. Whoever did not prove to be somebody to the switch is nobody; what is asked of the accounts and of
the calls is digits and names of ours; what is answered is commands that hold one line."""

from typing import Any, cast
from unittest.mock import patch

from eslbot.model.call import CallId, LegId
from eslbot.model.supervising import Mode
from eslbot.service.people import phones
from eslbot.service.people.joining import Joining
from eslbot.service.people.phones import VERDICT, Phones
from eslbot.supervise.access import Person, unix
from eslbot.supervise.wire import Refused
from eslbot.switch.codec import Decoder, ProtocolError, event_of
from eslbot.switch.commands import variable
from eslbot.switch.facts import UUID

LEG = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
NAMES = ("variable_user_name", "Unique-ID", "variable_eslbot_code", "variable_eslbot_target", "variable_supervise_pin",
         "variable_sip_authorized")
HONEST = (b"1900", LEG.encode(), b"2", b"1001", b"408162", b"true")


class Accounts:
    """Whose phone it is: 1900's, by its PIN."""

    def by_phone(self, number: str, pin: str) -> Person | None:
        assert pin == "" or (pin.isascii() and pin.isdigit() and len(pin) <= 20), pin
        if pin == "0":
            raise Refused("too often")
        return unix("root") if (number, pin) == ("1900", "408162") else None


class Quiet:
    """A fuzzer is refused more often than anybody wants to read."""

    def warning(self, text: str, reason: str) -> None:
        assert reason.isascii()


class Calls:
    """One call, of the agent at 1001."""

    def walk_in(
        self, person: Person, phone: str, leg: LegId, mode: Mode, extension: str,
    ) -> tuple[CallId, LegId, Mode]:
        assert phone == "1900"
        assert UUID.fullmatch(leg)
        assert extension.isdecimal()
        if extension != "1001":
            raise Refused("that agent is in no call")
        return CallId(LEG), LegId(LEG), Mode.LISTEN if mode is Mode.TAKEOVER else mode


PHONES = Phones(Accounts(), cast(Joining, Calls()), lambda entry: None)


def seeds() -> list[bytes]:
    """A line a variable, in the order of NAMES; as the switch writes it, so `%` escapes."""
    odd = (b"%0A%0Dset%20x", b"1900%00", b"${uuid_kill}", b"\xff%ff", b"%C2%B2", b"", b"true true", b"1" * 30)
    return [
        b"\n".join(HONEST),
        *(b"\n".join((*HONEST[:at], each, *HONEST[at + 1 :])) for at in range(len(HONEST)) for each in odd),
        b"\n".join(HONEST) + b"\nvariable_user_name: 1900\nvariable_sip_authorized: true",
    ]


def one(data: bytes) -> None:
    lines = data.split(b"\n")
    head = b"".join(b"%s: %s\n" % pair for pair in zip((name.encode() for name in NAMES), lines, strict=False))
    more = b"".join(line + b"\n" for line in lines[len(NAMES) :] if line)
    frames: list[Any] = []
    try:
        frames = Decoder(max_head=8192, max_body=8192).feed(
            b"Content-Type: text/event-plain\nContent-Length: %d\n\n" % (len(head + more) + 1) + head + more + b"\n")
        channels = [event_of(frame) for frame in frames]
    except ProtocolError:
        return
    for channel in channels:
        with patch.object(phones, "log", Quiet()):
            answer = PHONES.answer(channel)
        assert answer.get(VERDICT, "") in ("", "allow")
        if answer:
            assert channel["variable_sip_authorized"] == "true"
            assert channel["variable_user_name"] == "1900"
            assert channel["variable_supervise_pin"] == "408162"
        for name, value in answer.items():
            command = variable(name, value)
            assert not set("\r\n\0") & set(command)
