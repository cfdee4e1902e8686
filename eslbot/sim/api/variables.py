"""Commands about a leg's variables."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson

from eslbot.sim import events
from eslbot.sim.dial import words
from eslbot.switch.codec import encode_channel

if TYPE_CHECKING:
    from eslbot.sim.core import Core

NO_CHANNEL = "-ERR No such channel!\n"


def _setvar(core: "Core", arguments: str) -> str:
    given = words(arguments, 3)
    if len(given) < 2:
        return "-USAGE: <uuid> <var> [value]\n"
    leg = core.legs.get(given[0])
    if leg is None:
        return NO_CHANNEL
    leg.set(given[1], given[2] if len(given) == 3 else "")
    return "+OK\n"


def _setvar_multi(core: "Core", arguments: str) -> str:
    uuid, _, assignments = arguments.partition(" ")
    leg = core.legs.get(uuid)
    usage = "-USAGE: <uuid> <var>=<value>;<var>=<value>...\n"
    if leg is None:
        return NO_CHANNEL + usage
    pairs = [assignment.partition("=") for assignment in assignments.split(";") if assignment.strip()]
    for name, _, value in pairs:
        leg.set(name.strip(), value)
    return "+OK\n" if pairs else usage


def _getvar(core: "Core", arguments: str) -> str:
    given = words(arguments, 4)
    if len(given) < 2:
        return "-USAGE: <uuid> <var>\n"
    leg = core.legs.get(given[0])
    return NO_CHANNEL if leg is None else leg.variables.get(given[1], "_undef_")


def _exists(core: "Core", arguments: str) -> str:
    return "true" if arguments in core.legs else "false"


def _dump(core: "Core", arguments: str) -> str:
    given = words(arguments, 2)
    if not given:
        return "-USAGE: <uuid> [format]\n"
    leg = core.legs.get(given[0])
    if leg is None:
        return NO_CHANNEL
    event = core.stamp("CHANNEL_DATA") | events.of_leg(leg, "CHANNEL_DATA", {})
    if given[1:] == ["json"]:
        return orjson.dumps(event).decode()
    return encode_channel(event).decode() + "\n"


COMMANDS: dict[str, "Callable[[Core, str], str]"] = {
    "uuid_dump": _dump,
    "uuid_exists": _exists,
    "uuid_getvar": _getvar,
    "uuid_setvar": _setvar,
    "uuid_setvar_multi": _setvar_multi,
}
