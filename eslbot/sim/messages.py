"""What clients of the event socket tell a leg or each other: sendmsg, sendevent, and the commands of a program that the
switch has called. Knows their words and replies; the connection is in connection.py."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from eslbot.sim import events, phonebook
from eslbot.sim.outbound import Visit
from eslbot.sim.profile import cause
from eslbot.sim.subscription import Subscription
from eslbot.switch.codec import Command, Event, encode_channel

if TYPE_CHECKING:
    from eslbot.sim.core import Core
    from eslbot.sim.leg import Leg

OF_A_LEG = frozenset({"divert_events", "getvar", "linger", "myevents", "nolinger", "resume"})
"""Commands only a called program has; `connect` is the other one."""


def sendmsg(core: "Core", own: "Leg | None", uuid: str, headers: Mapping[str, str]) -> str:
    """Tells a leg (the program's own, where none is named) to run an application or to hang up: the reply."""
    leg = core.legs.get(uuid) if uuid else own
    if leg is None:
        return f"-ERR invalid session id [{uuid}]"
    verb = headers.get("call-command", "")
    if verb == "execute":
        name, argument = headers.get("execute-app-name", ""), headers.get("execute-app-arg", "")
        loops = headers.get("loops", "1")
        times = max(1, int(loops)) if loops.isdigit() else 1
        leg.told.append((name, argument, times, headers.get("event-uuid") or headers.get("Event-UUID", "")))
    elif verb == "hangup":
        leg.hangup(cause(headers.get("hangup-cause", "NORMAL_CLEARING")))
    return "+OK"


def sendevent(core: "Core", name: str, command: Command) -> str:
    """Fires an event on a client's behalf, or gives it to the leg that its Unique-ID names: the reply."""
    uuid = core.new_uuid()
    target = next((value for header, value in command.headers.items() if header.lower() == "unique-id"), "")
    if target in core.legs:
        core.legs[target].queued.append({header.lower(): value for header, value in command.headers.items()})
        return f"+OK {uuid}"
    headers = {header: value for header, value in command.headers.items() if header != "Content-Length"}
    subclass = headers.pop("Event-Subclass", "")
    body = command.body.decode("utf-8", "replace")
    core.fire(name or "CUSTOM", headers | {"Event-UUID": uuid}, subclass, body)
    if name == "SEND_MESSAGE":
        phonebook.deliver(core, headers, body)
    return f"+OK {uuid}"


def channel(core: "Core", leg: "Leg") -> bytes:
    """The answer to `connect`: the leg, as header lines."""
    data = core.stamp("CHANNEL_DATA") | leg.profile.headers("Channel") | events.of_leg(leg, "CHANNEL_DATA", {})
    mode: Event = {"Reply-Text": "+OK\n", "Socket-Mode": "async", "Control": "full"}
    return encode_channel(data) + b"Content-Type: command/reply\n" + encode_channel(mode) + b"\n"


def of_leg(leg: "Leg", visit: Visit, subscription: Subscription, word: str, rest: str) -> str:
    """One of OF_A_LEG: the reply."""
    if word == "myevents":
        subscription.only, subscription.names = leg.uuid, {"ALL"}
        if rest.strip() in ("json", "plain"):
            subscription.format = "json" if rest.strip() == "json" else "plain"
        return "+OK Events Enabled"
    if word == "linger":
        visit.linger = True
        return f"+OK will linger {rest} seconds" if rest else "+OK will linger"
    if word == "nolinger":
        visit.linger = False
        return "+OK will not linger"
    if word == "resume":
        visit.resume = True
        return "+OK"
    if word == "getvar":
        return leg.variables.get(rest, "")
    return "+OK events diverted" if rest == "on" else "+OK events not diverted"
