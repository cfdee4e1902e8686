"""Commands that make, move and end calls."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from gevent import sleep

from eslbot.sim import exchange
from eslbot.sim.api.variables import NO_CHANNEL
from eslbot.sim.bridging import uuid_bridge
from eslbot.sim.dial import DialError, parse_originate, words
from eslbot.sim.hold import hold
from eslbot.sim.profile import CAUSES, cause

if TYPE_CHECKING:
    from eslbot.sim.core import Core

_POLL_SECONDS = 0.01
_KEYS = set("0123456789*#ABCDabcdwW")


def _originate(core: "Core", arguments: str) -> str:
    """Waits, as the real one does, until the leg is answered or has failed."""
    usage = (
        "-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>] [<cid_name>] [<cid_num>]"
        " [<timeout_sec>]\n"
    )
    try:
        order = parse_originate(arguments)
        named = {"origination_caller_id_name": order.caller_name, "origination_caller_id_number": order.caller_number}
        leg = exchange.dial(core, order.dial, extra={name: value for name, value in named.items() if value})
    except DialError as error:
        return usage if str(error) == "-USAGE" else f"-ERR {error.cause}\n"
    limit = order.timeout or float(leg.variables.get("originate_timeout") or 60)
    ends = core.now + limit
    while leg.up and not leg.answered:
        if core.now > ends:
            leg.hangup("NO_ANSWER")
        sleep(_POLL_SECONDS / core.speed)
    if not leg.answered:
        return f"-ERR {leg.cause}\n"
    exchange.flip(leg)
    leg.go(core.application(order.application, order.data))
    return f"+OK {leg.uuid}\n"


def _kill(core: "Core", arguments: str) -> str:
    if not arguments:
        return "-USAGE: <uuid> [cause]\n"
    uuid, _, why = arguments.partition(" ")
    leg = core.legs.get(uuid)
    if leg is None:
        return NO_CHANNEL
    leg.hangup(cause(why.strip()) if why.strip() else "NORMAL_CLEARING")
    return "+OK\n"


def _hupall(core: "Core", arguments: str) -> str:
    first, _, rest = arguments.partition(" ")
    why = first.upper() if first.upper() in CAUSES else "MANAGER_REQUEST"
    name, _, value = rest.partition(" ")
    for leg in tuple(core.legs.values()):
        if not name or leg.variables.get(name) == value:
            leg.hangup(why)
    if name:
        return f"+OK hangup all channels matching [{name}]=[{value}] with cause: {why}\n"
    return f"+OK hangup all channels with cause {why}\n"


def _transfer(core: "Core", arguments: str) -> str:
    given = words(arguments, 5)
    usage = "-USAGE: <uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]\n"
    if len(given) < 2:
        return usage
    leg = core.legs.get(given[0])
    if leg is None:
        return NO_CHANNEL
    which, target = (given[1], given[2:]) if given[1].startswith("-") else ("", given[1:])
    if not target:
        return usage
    extension, dialplan, context = [*target, "", ""][:3]
    movers = {"-bleg": [leg.partner or leg], "-both": [leg, leg.partner or leg]}.get(which, [leg])
    for mover in movers:
        core.transfer(mover, extension, dialplan or "XML", context or mover.profile.context)
    return "+OK\n"


def _bridge(core: "Core", arguments: str) -> str:
    given = words(arguments, 4)
    if len(given) < 2:
        return "-USAGE: <uuid>\n"
    near, far = core.legs.get(given[0]), core.legs.get(given[1])
    if near is None or far is None or near is far or not (near.up and far.up and near.answered and far.answered):
        return "-ERR Invalid uuid\n"
    uuid_bridge(near, far)
    return f"+OK {far.uuid}\n"


def _uuid_hold(core: "Core", arguments: str) -> str:
    given = words(arguments, 3)
    mode = given[0] if given and given[0] in ("off", "toggle") else ""
    leg = core.legs.get((given[1:] if mode else given or [""])[0] if given else "")
    if leg is None or not leg.answered:
        return "-ERR Operation failed\n"
    on = not leg.held if mode == "toggle" else mode != "off"
    if on != leg.held:
        hold(leg, on)
    return "+OK Success\n"


def _park(core: "Core", arguments: str) -> str:
    leg = core.legs.get(arguments)
    if leg is None:
        return "-ERR No such channel!\n"
    leg.go(core.application("park", ""))
    return "+OK\n"


def _answer(core: "Core", arguments: str) -> str:
    leg = core.legs.get(arguments)
    if leg is None:
        return NO_CHANNEL
    leg.answer()
    return "+OK\n"


def _recv_dtmf(core: "Core", arguments: str) -> str:
    return _dtmf(core, arguments, received=True)


def _send_dtmf(core: "Core", arguments: str) -> str:
    return _dtmf(core, arguments, received=False)


def _dtmf(core: "Core", arguments: str, received: bool) -> str:
    given = words(arguments, 2)
    if len(given) < 2:
        return "-USAGE: <uuid> <dtmf_data>\n"
    leg = core.legs.get(given[0])
    if leg is None:
        return "-ERR Cannot locate session!\n"
    keys = given[1].partition("@")[0]
    if not set(keys) <= _KEYS:
        return "-USAGE: <uuid> <dtmf_data>\n" if received else "-ERR Operation failed\n"
    if received:
        leg.press(keys, "APP")
    return f"+OK {leg.uuid} {'received' if received else 'sent'} DTMF {given[1]}.\n"


COMMANDS: dict[str, "Callable[[Core, str], str]"] = {
    "hupall": _hupall,
    "originate": _originate,
    "uuid_answer": _answer,
    "uuid_bridge": _bridge,
    "uuid_hold": _uuid_hold,
    "uuid_kill": _kill,
    "uuid_park": _park,
    "uuid_recv_dtmf": _recv_dtmf,
    "uuid_send_dtmf": _send_dtmf,
    "uuid_transfer": _transfer,
}
