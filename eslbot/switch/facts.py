"""What an event of the switch means: events to facts, by a table. Pure. Knows which header to believe; decides no role,
matches no legs, remembers nothing.

Which header to believe: `Caller-Caller-ID-*`, `Caller-Username` and everything named after SIP are what the far end
claims. What a leg that the switch called is, is said at its creation by `variable_dialed_user` where the switch looked
a user up in its directory (`Caller-Destination-Number` is then only what the phone calls itself in its contact), else
by `Caller-Destination-Number`; who called in, by `variable_user_name`, which FreeSWITCH sets from its own directory
after the digest was right (or from an access list that names a user) and which no SIP header can set: those arrive as
`variable_sip_*`. So does anything a stranger sends that is named eslbot_*, and only `variable_eslbot_*` is taken.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from eslbot.model.call import Direction, LegId
from eslbot.model.facts import (
    DigitPressed,
    Fact,
    ForkConnected,
    ForkLost,
    LegAnswered,
    LegCreated,
    LegDestroyed,
    LegHeld,
    LegHungUp,
    LegRate,
    LegsBridged,
    LegsUnbridged,
    LegUnheld,
    PlaybackStarted,
    PlaybackStopped,
    RecordStarted,
    RecordStopped,
)
from eslbot.switch.codec import Event

UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
"""What a leg must be called. With `inbound-use-callid-as-uuid` a stranger chooses; such legs are not taken."""
DEFAULT_RATE = 8000
_OURS = "variable_eslbot_"
_RATES = range(8000, 192_001)


class _Told(NamedTuple):
    """An event and what every fact of it holds."""

    event: Event
    switch: str
    at: float
    uuid: LegId

    def text(self, name: str) -> str:
        return text(self.event, name)

    def leg(self, name: str) -> LegId | None:
        value = self.text(name)
        return LegId(value) if UUID.fullmatch(value) else None

    def number(self, name: str) -> int:
        value = self.text(name)
        return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0

    def rate(self) -> int:
        rate = self.number("Channel-Read-Codec-Rate")
        return rate if rate in _RATES else DEFAULT_RATE


def text(event: Event, name: str) -> str:
    """A header's value; empty where it is absent or an array (none that we read is one, unless forged)."""
    value = event.get(name, "")
    return value if isinstance(value, str) else ""


def facts_of(event: Event, switch: str, at: float) -> list[Fact]:
    """The facts that an event tells. None: of a kind we do not use (see `known`), or without the headers it needs."""
    make = TABLE.get(_kind(event))
    uuid = text(event, "Unique-ID")
    if make is None or not UUID.fullmatch(uuid):
        return []
    fact = make(_Told(event, switch, at, LegId(uuid)))
    return [] if fact is None else [fact]


def known(event: Event) -> bool:
    """Whether facts were to be expected of this event, so that none means it could not be used."""
    return _kind(event) in TABLE


def created_of(event: Event, switch: str, at: float, destination: str = "", caller: str = "") -> LegCreated | None:
    """The leg as any of its events (or `uuid_dump`) shows it now. The numbers are those of its creation only in
    CHANNEL_CREATE; later give those of `show channels` (initial_dest, initial_cid_num)."""
    uuid = text(event, "Unique-ID")
    return _created(_Told(event, switch, at, LegId(uuid)), destination, caller) if UUID.fullmatch(uuid) else None


def _kind(event: Event) -> str:
    name = text(event, "Event-Name")
    return text(event, "Event-Subclass") if name == "CUSTOM" else name


def _created(told: _Told, destination: str = "", caller: str = "") -> LegCreated | None:
    try:
        direction = Direction(told.text("Call-Direction"))
    except ValueError:
        return None
    called = direction is Direction.OUTBOUND
    ours = {name[9:]: value for name, value in told.event.items() if name.startswith(_OURS) and isinstance(value, str)}
    return LegCreated(
        told.switch,
        told.at,
        told.uuid,
        direction,
        destination=_dialled(told, destination) if called else "",
        caller="" if called else caller or told.text("Caller-Caller-ID-Number"),
        user="" if called else told.text("variable_user_name"),
        role=ours.pop("eslbot_role", ""),
        variables=tuple(sorted(ours.items())),
        originator=told.leg("Other-Leg-Unique-ID") if called and told.text("Other-Type") == "originator" else None,
    )


def _dialled(told: _Told, initial: str) -> str:
    """`initial`: initial_dest, where the leg is older than the event. By then `dialed_user` may be another whom the leg
    itself has called: FreeSWITCH sets it on the caller too. The presence id stays."""
    user = told.text("variable_dialed_user")
    if not initial:
        return user or told.text("Caller-Destination-Number")
    return (told.text("Channel-Presence-ID").partition("@")[0] if user else "") or initial


def _answered(told: _Told) -> LegAnswered:
    return LegAnswered(told.switch, told.at, told.uuid, told.rate())


def _codec(told: _Told) -> LegRate:
    return LegRate(told.switch, told.at, told.uuid, told.rate())


def _pair(told: _Told) -> tuple[LegId, LegId] | None:
    a = told.leg("Bridge-A-Unique-ID") or told.uuid
    b = told.leg("Bridge-B-Unique-ID") or told.leg("Other-Leg-Unique-ID")
    return None if b is None or a == b else (a, b)


def _bridged(told: _Told) -> LegsBridged | None:
    pair = _pair(told)
    return None if pair is None else LegsBridged(told.switch, told.at, *pair, told.rate())


def _unbridged(told: _Told) -> LegsUnbridged | None:
    pair = _pair(told)
    return None if pair is None else LegsUnbridged(told.switch, told.at, *pair)


def _hung_up(told: _Told) -> LegHungUp:
    return LegHungUp(told.switch, told.at, told.uuid, told.text("Hangup-Cause"))


def _playback_started(told: _Told) -> PlaybackStarted:
    path, destination = told.text("Playback-File-Path"), told.text("Caller-Destination-Number")
    return PlaybackStarted(told.switch, told.at, told.uuid, path, destination)


def _playback_stopped(told: _Told) -> PlaybackStopped:
    path, destination = told.text("Playback-File-Path"), told.text("Caller-Destination-Number")
    # a file cut short by a hang-up is reported as done as well, but on a channel that hangs up
    complete = told.text("Playback-Status") == "done" and told.text("Answer-State") != "hangup"
    return PlaybackStopped(told.switch, told.at, told.uuid, path, destination, complete)


def _record_started(told: _Told) -> RecordStarted:
    return RecordStarted(told.switch, told.at, told.uuid, told.text("Record-File-Path"))


def _record_stopped(told: _Told) -> RecordStopped:
    path = told.text("Record-File-Path")
    return RecordStopped(told.switch, told.at, told.uuid, path, told.number("variable_record_ms"))


def _digit(told: _Told) -> DigitPressed | None:
    digit = told.text("DTMF-Digit")
    return DigitPressed(told.switch, told.at, told.uuid, digit) if re.fullmatch("[0-9A-Da-d*#]", digit) else None


def _fork_lost(reason: str) -> Callable[[_Told], Fact]:
    return lambda told: ForkLost(told.switch, told.at, told.uuid, reason)


TABLE: Mapping[str, Callable[[_Told], Fact | None]] = {
    "CHANNEL_CREATE": _created,
    "CHANNEL_ANSWER": _answered,
    "CODEC": _codec,
    "CHANNEL_BRIDGE": _bridged,
    "CHANNEL_UNBRIDGE": _unbridged,
    "CHANNEL_HOLD": lambda told: LegHeld(told.switch, told.at, told.uuid),
    "CHANNEL_UNHOLD": lambda told: LegUnheld(told.switch, told.at, told.uuid),
    "CHANNEL_HANGUP": _hung_up,
    "CHANNEL_DESTROY": lambda told: LegDestroyed(told.switch, told.at, told.uuid),
    "PLAYBACK_START": _playback_started,
    "PLAYBACK_STOP": _playback_stopped,
    "RECORD_START": _record_started,
    "RECORD_STOP": _record_stopped,
    "DTMF": _digit,
    "mod_audio_fork::connect": lambda told: ForkConnected(told.switch, told.at, told.uuid),
    "mod_audio_fork::connect_failed": _fork_lost("connect_failed"),
    "mod_audio_fork::disconnect": _fork_lost("disconnect"),
    "mod_audio_fork::error": _fork_lost("error"),
    "mod_audio_fork::buffer_overrun": _fork_lost("buffer_overrun"),
}
"""Event names, and subclasses of CUSTOM, and what they mean."""

OPTIONAL = ("CODEC",)
"""What is worth knowing and can be done without, where a switch does not let us subscribe to it."""
JOB_ENDED = "BACKGROUND_JOB"
"""What tells how an `originate` ended: without it nobody learns why a phone did not ring. It is no fact."""
EVENTS = tuple(name for name in TABLE if "::" not in name and name not in OPTIONAL)
"""What to subscribe to."""
SUBCLASSES = tuple(name for name in TABLE if "::" in name)
"""Subclasses of CUSTOM to subscribe to where audio is forked."""
