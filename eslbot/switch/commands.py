"""Orders to commands. Pure. Knows which leg and which direction (FREESWITCH.md's tables); what an argument may hold is
in building.py, what a supervisor's phone is told in supervising.py. Sends nothing."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from eslbot.model.call import LegId
from eslbot.model.orders import (
    Announce,
    ArmClosing,
    DisarmClosing,
    GuardConsult,
    GuardHold,
    HangUp,
    Mute,
    PlayClosing,
    Remind,
    SetVariables,
    SwitchOrder,
    Unmute,
)
from eslbot.model.supervising import Dismiss, Follow, SetMode, TakeOver, Wait
from eslbot.switch import supervising
from eslbot.switch.building import NO_CHANNEL, Command, Refused, Reply, reply_of
from eslbot.switch.building import build as _build
from eslbot.switch.building import fit as _fit
from eslbot.switch.building import leg_of as _leg
from eslbot.switch.building import set_variable as _set_variable

__all__ = [
    "LONGEST_MUTE", "MINIMUM_API", "NO_CHANNEL", "Command", "CommandOptions", "Refused", "Reply", "commands_of",
    "fork_start", "fork_stop", "record_start", "record_stop", "release_word", "reply_of", "variable",
]  # fmt: skip

GRACE = 1500
"""Milliseconds that a customer outlives the end of an agent's leg at most, after a consult: the switch joins them with
the second agent within 100 on a machine that is not overloaded."""
PARKED = 8
"""Seconds that a customer is kept whom the switch could not join with a second agent's leg that still rang."""
LONGEST_MUTE = 3600.0
"""Seconds. A longer one is taken for a mistake."""


@dataclass(frozen=True, slots=True)
class CommandOptions:
    closing_extension: str
    closing_context: str
    prompt_path: Callable[[str], str]
    """A prompt's name to its absolute path, as the switch sees it."""


def commands_of(order: SwitchOrder, options: CommandOptions) -> tuple[Command, ...]:
    """What to send for an order. Refused where an argument is not fit to be sent."""
    return _BUILDERS[type(order)](order, options)


# --- orders ----------------------------------------------------------------------------------------------------------
def _arm(order: ArmClosing, options: CommandOptions) -> tuple[Command, ...]:
    return (_build("uuid_setvar", _leg(order.leg), "transfer_after_bridge", _closing(options)),)


def _disarm(order: DisarmClosing, options: CommandOptions) -> tuple[Command, ...]:
    return (_build("uuid_setvar", _leg(order.leg), "transfer_after_bridge", tolerates=(NO_CHANNEL,)),)


def _play_closing(order: PlayClosing, options: CommandOptions) -> tuple[Command, ...]:
    where = _closing(options).split(":")
    return (_build("uuid_transfer", _leg(order.leg), *where, tolerates=(NO_CHANNEL,)),)


def _guard(order: GuardHold, options: CommandOptions) -> tuple[Command, ...]:
    """A leg that is hung up while it holds takes the held one with it, whatever that one was armed with. With this on
    the holder's leg FreeSWITCH arms the held one instead."""
    where = (_closing(options),) if order.on else ()
    return (_build("uuid_setvar", _leg(order.leg), "hold_hangup_xfer_exten", *where, tolerates=(NO_CHANNEL,)),)


def _guard_consult(order: GuardConsult, options: CommandOptions) -> tuple[Command, ...]:
    """What the customer's own thread runs when its bridge with the agent ends, before it ends the leg: it waits, and
    whoever joins it with another leg meanwhile cuts that short. The name begins with `execute_on_post_bridge`, which is
    all that FreeSWITCH asks of it, so that a dialplan's own is not touched. `\\s` is a space within one argument; it is
    unescaped once on its way into the variable.

    And where the switch is to join the customer with a leg that nobody has answered, because the agent has hung up
    while it rang, the customer is parked for some seconds in place of being hung up."""
    value = f"sleep {GRACE}"
    if order.closes:
        then = _closing(options).replace(":", r"\\s")
        value = f"execute_extension sleep:{GRACE},transfer:{then} inline"
    given = {
        "execute_on_post_bridge_eslbot": value, "uuid_bridge_park_on_cancel": "true", "park_timeout": str(PARKED),
    }
    leg = _leg(order.leg)
    return tuple(
        _build("uuid_setvar", leg, name, *((value,) if order.on else ()), tolerates=(NO_CHANNEL,))
        for name, value in given.items()
    )


def _closing(options: CommandOptions) -> str:
    extension = _fit("extension", options.closing_extension, "closing extension")
    return f"{extension}:XML:{_fit('extension', options.closing_context, 'closing context')}"


def _prompt(order: Remind | Announce, options: CommandOptions) -> tuple[Command, ...]:
    """Mixed (`m`) into what the leg hears: on the agent's leg only the agent hears it, on the customer's only the
    customer. The same file is stopped first: a second start of it is the same -ERR as a file that cannot be read, and
    only the latter is a failure."""
    leg, path = _leg(order.leg), _fit("path", options.prompt_path(order.prompt), "prompt path")
    gone = ("-ERR Cannot stop displace session!",)
    return (
        _build("uuid_displace", leg, "stop", path, tolerates=gone),
        _build("uuid_displace", leg, "start", path, "0", "m"),
    )


def _mute(order: Mute, options: CommandOptions) -> tuple[Command, ...]:
    """The customer's write: it hears nothing, and the agent is still recorded and recognised. The release stands in the
    switch first, so that the mute ends even without us; it comes after our own, and up to half a second early."""
    if not 0 < order.seconds <= LONGEST_MUTE:
        raise Refused(f"a mute of {order.seconds} s; it must be above 0 and at most {LONGEST_MUTE:g}")
    leg, group = _leg(order.leg), _fit("name", order.group, "release group")
    commands = [
        _build("sched_api", release_word(order.seconds), group, "uuid_audio", leg, "stop"),
        _build("uuid_audio", leg, "start", "write", "mute", "-4"),
    ]
    if order.replaces is not None:
        commands.append(_build("sched_del", _fit("name", order.replaces, "replaced release group")))
    return tuple(commands)


def _unmute(order: Unmute, options: CommandOptions) -> tuple[Command, ...]:
    return (
        _build("uuid_audio", _leg(order.leg), "stop", tolerates=(NO_CHANNEL,)),
        _build("sched_del", _fit("name", order.group, "release group")),
    )


def _hang_up(order: HangUp, options: CommandOptions) -> tuple[Command, ...]:
    return (_build("uuid_kill", _leg(order.leg), "CALL_REJECTED", tolerates=(NO_CHANNEL,)),)


def _set(order: SetVariables, options: CommandOptions) -> tuple[Command, ...]:
    return tuple(_set_variable(order.leg, name, value) for name, value in order.variables)


_BUILDERS: Mapping[type, Callable[[Any, CommandOptions], tuple[Command, ...]]] = {
    ArmClosing: _arm,
    DisarmClosing: _disarm,
    PlayClosing: _play_closing,
    GuardHold: _guard,
    GuardConsult: _guard_consult,
    Remind: _prompt,
    Announce: _prompt,
    Mute: _mute,
    Unmute: _unmute,
    HangUp: _hang_up,
    SetVariables: _set,
    SetMode: lambda order, options: supervising.set_mode(order),
    Follow: lambda order, options: supervising.follow(order),
    Wait: lambda order, options: supervising.wait(order),
    TakeOver: lambda order, options: supervising.take_over(order),
    Dismiss: lambda order, options: supervising.dismiss(order),
}


# --- getting the audio -----------------------------------------------------------------------------------------------
def record_start(leg: LegId, path: str) -> tuple[Command, ...]:
    """Record both directions, unbuffered, into a path whose ending tells headerless samples (`.r8`, `.raw`). A second
    start on the same path records nothing twice."""
    _fit("path", path, "recording path")
    if not re.search(r"[^/]\.[A-Za-z0-9]+$", path):
        raise Refused("recording path: without an extension the switch says +OK and writes nothing")
    return (
        _set_variable(leg, "RECORD_STEREO", "true"),
        _set_variable(leg, "enable_file_write_buffering", "false"),
        _build("uuid_record", _leg(leg), "start", path),
    )


def record_stop(leg: LegId, path: str) -> tuple[Command, ...]:
    gone = ("-ERR Cannot locate session!", "-ERR Cannot stop record session!")
    return (_build("uuid_record", _leg(leg), "stop", _fit("path", path, "recording path"), tolerates=gone),)


def fork_start(leg: LegId, url: str, rate: int, bug: str, metadata: str) -> tuple[Command, ...]:
    """Fork both directions to a WebSocket. `metadata` is the first text frame (JSON without spaces). A second start
    under one `bug` is reported to have crashed FreeSWITCH: never send it twice without a stop."""
    if rate % 8000 or not 0 < rate <= 48000:
        raise Refused(f"fork rate {rate}: it must be a multiple of 8000 up to 48000")
    url, bug = _fit("url", url, "fork URL"), _fit("name", bug, "fork name")
    fit = _fit("metadata", metadata, "fork metadata")
    return (_build("uuid_audio_fork", _leg(leg), "start", url, "stereo", str(rate), bug, fit),)


def fork_stop(leg: LegId, bug: str) -> tuple[Command, ...]:
    gone = ("-ERR Operation Failed",)
    return (_build("uuid_audio_fork", _leg(leg), "stop", _fit("name", bug, "fork name"), tolerates=gone),)


# --- building --------------------------------------------------------------------------------------------------------
MINIMUM_API = (
    "global_getvar", "originate", "sched_api", "sched_del", "show", "uuid_audio", "uuid_audio_fork", "uuid_bridge",
    "uuid_displace", "uuid_dump", "uuid_kill", "uuid_record", "uuid_setvar", "uuid_transfer",
)  # fmt: skip
"""Every api command we send (the link's own included), for `esl-allowed-api`. Mind FreeSWITCH's check of sched_api: it
takes the time for a command, so each `release_word` has to stand in that list too."""


def release_word(seconds: float) -> str:
    """The time of the release armed for a mute of that many seconds, such as `+4` for 3 s. Above ten seconds only every
    fifth one is used, since each has to stand in the list of what is allowed, and that list is short."""
    whole = math.ceil(seconds)
    return f"+{(whole if whole <= 10 else math.ceil(whole / 5) * 5) + 1}"


def variable(name: str, value: str) -> str:
    """The argument of the dialplan's `set`, for the outbound socket."""
    return f"{_fit('name', name, 'variable name')}={_fit('value', value, 'variable value')}"
