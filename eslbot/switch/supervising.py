"""What a supervisor's phone is told: to ring and listen in on the agent's leg, who is to hear it, to wait, to go along
to another agent's, to take the customer over, to go. And a text for a phone's display. Pure; see FREESWITCH.md,
"Supervising".

The keys of `eavesdrop` are off: one key too many would let the customer hear a whisper, and the switch does not tell of
it. Who hears the supervisor is changed by an event with `eavesdrop-command`, which the application reads beside its
keys, and which no phone can send."""

from collections.abc import Mapping
from dataclasses import dataclass

from eslbot.model.call import CallId, LegId, Role
from eslbot.model.supervising import Dismiss, Follow, Mode, Ring, SetMode, TakeOver, Wait
from eslbot.switch.building import NO_CHANNEL, Command, Refused, build, fit, leg_of, set_variable

ROLE, CALL, MODE = "eslbot_role", "eslbot_call", "eslbot_mode"
"""Channel variables by which a supervisor's leg is known again after a restart."""
CUSTOMER_HEARS, AGENT_HEARS = "eavesdrop_whisper_aleg", "eavesdrop_whisper_bleg"
"""On the agent's leg: `bleg` is the party that is spied on, `aleg` the other one."""
KEY: Mapping[Mode, str] = {Mode.LISTEN: "0", Mode.WHISPER: "2", Mode.BARGE: "3"}
"""What `eavesdrop` calls it."""
LINGER = 3
"""Seconds that a supervisor's leg stays up, hearing nothing, after the leg that it heard has gone: in a transfer it is
told meanwhile which is the next one. Without us it ends then."""
WAIT = 1800
"""Seconds that a supervisor waits at most until an agent's consult ends. Without us, too, it ends then."""
NUMBER = "{number}"
TEXT = "text/plain; charset=utf-8"
LONGEST_TEXT = 500
"""Characters of a message to a phone."""


@dataclass(frozen=True, slots=True)
class Display:
    """How a supervisor's phone is reached, and what it shows while it rings."""

    dial: str
    """A dial string with `{number}` in it, such as `user/{number}`."""
    caller: str
    """Shown as the calling number."""
    name: str = "eslbot"
    """Before the call's short id."""


def variables(call: CallId, mode: Mode) -> dict[str, str]:
    """Of a leg that is to hear a call, whoever called whom. An empty value is no value."""
    if mode not in KEY:
        raise Refused(f"nobody begins with {mode.value}")
    return {
        ROLE: Role.SUPERVISOR.value, CALL: fit("leg", call, "call"), MODE: mode.value,
        "eavesdrop_enable_dtmf": "false",
        # what the spied party's far end calls itself is a stranger's word, and goes to no display
        "ignore_display_updates": "true",
        CUSTOMER_HEARS: "true" if mode is Mode.BARGE else "",
        AGENT_HEARS: "true" if mode in (Mode.WHISPER, Mode.BARGE) else "",
    }


def ring(order: Ring, display: Display, agent: str = "") -> Command:
    """`originate`, to be sent as a background job. `agent`: whose call it is, shown where it is fit to be shown."""
    number = fit("number", order.phone, "the phone's number")
    dial = fit("dial", display.dial.replace(NUMBER, number), "the dial string")
    shown = f"{fit('number', display.name, 'the name shown')}-{order.call[:8]}"
    if agent:
        shown += f"-{fit('number', agent, 'the agent')}"
    given = {
        "origination_uuid": leg_of(order.leg),
        "origination_caller_id_name": fit("value", shown, "the name shown"),
        "origination_caller_id_number": fit("number", display.caller, "the number shown"),
        "originate_timeout": str(max(1, round(order.seconds))),
        "ignore_early_media": "true",
        **variables(order.call, order.mode),
    }
    text = ",".join(f"{name}={value}" for name, value in given.items() if value)
    return build("originate", f"{{{text}}}{dial}", _hear(order.spied), "inline")


def set_mode(order: SetMode) -> tuple[Command, ...]:
    """The variables are for a phone that still rings, and for us after a restart; the event is for one that listens
    already. Whoever is to hear less does so before the variables say it."""
    leg = leg_of(order.leg)
    heard = variables(order.call, order.mode)
    told = Command("CUSTOM", headers=(
        ("Event-Subclass", "eslbot::mode"), ("Unique-ID", leg), ("eavesdrop-command", KEY[order.mode])))
    return told, *(set_variable(order.leg, name, heard[name]) for name in (CUSTOMER_HEARS, AGENT_HEARS, MODE))


def follow(order: Follow) -> tuple[Command, ...]:
    """Its variables say who hears it, as they did at the leg before."""
    return (build("uuid_transfer", leg_of(order.leg), _hear(order.spied), "inline"),)


def wait(order: Wait) -> tuple[Command, ...]:
    return (build("uuid_transfer", leg_of(order.leg), _hear(None), "inline"),)


def _hear(spied: LegId | None) -> str:
    """Applications, one after the other, for the dialplan `inline`."""
    if spied is None:
        return f"sleep:{WAIT * 1000}"
    return f"eavesdrop:{leg_of(spied)},sleep:{LINGER * 1000}"


def take_over(order: TakeOver) -> tuple[Command, ...]:
    """Whatever the supervisor's leg does, it leaves it; the customer's leg keeps its recording and its closing."""
    return (
        set_variable(order.leg, MODE, Mode.TAKEOVER.value),
        build("uuid_bridge", leg_of(order.leg), leg_of(order.customer)),
    )


def dismiss(order: Dismiss) -> tuple[Command, ...]:
    return (build("uuid_kill", leg_of(order.leg), "NORMAL_CLEARING", tolerates=(NO_CHANNEL,)),)


def message_to(user: str, host: str, profile: str, text: str) -> Command:
    """A SIP MESSAGE to a phone that is registered, outside of any call: one within a call that its phone answers with a
    challenge has the switch hang up the call. The switch says nothing where no phone is registered."""
    return Command("SEND_MESSAGE", headers=(
        ("profile", fit("number", profile, "the SIP profile")), ("user", fit("number", user, "the phone's number")),
        ("host", fit("number", host, "the SIP domain")), ("content-type", TEXT)), body=_shown(text))


def _shown(text: str) -> str:
    """One line, without what is no sign."""
    return "".join(sign if sign.isprintable() else " " for sign in text)[:LONGEST_TEXT]
