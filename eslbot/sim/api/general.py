"""Commands about the switch itself: what it is, what is up, what is due later. Knows no leg's insides."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from eslbot.sim.api import setup

if TYPE_CHECKING:
    from eslbot.sim.core import Core

VERSION = "1.11.3-dev+embedded"


def _version(core: "Core", arguments: str) -> str:
    if arguments == "short":
        return VERSION
    return f"FreeSWITCH Version {VERSION} (eslbot's embedded switch)\n"


def _status(core: "Core", arguments: str) -> str:
    milliseconds = int(core.uptime * 1000)
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return (
        f"UP 0 years, {days} days, {hours} hours, {minutes} minutes, {seconds} seconds, {milliseconds} milliseconds,"
        f" 0 microseconds\nFreeSWITCH (Version {VERSION}) is ready\n{core.sessions} session(s) since startup\n"
        f"{len(core.legs)} session(s) - peak {core.sessions}, last 5min {core.sessions} \n"
        "0 session(s) per Sec out of max 500, peak 0, last 5min 0 \n5000 session(s) max\nmin idle cpu 0.00/100.00\n"
        "Current Stack Size/Max 240K/8192K"
    )


def _msleep(core: "Core", arguments: str) -> str:
    core.wait(int(arguments or 0) / 1000)
    return "+OK"


def _strftime(core: "Core", arguments: str) -> str:
    return datetime.fromtimestamp(core.now, UTC).strftime(arguments or "%Y-%m-%d %T")


def _strepoch(core: "Core", arguments: str) -> str:
    return str(int(core.now))


def _global_getvar(core: "Core", arguments: str) -> str:
    if not arguments:
        return "".join(f"{name}={value}\n" for name, value in core.globals.items())
    return core.globals.get(arguments, "")


def _global_setvar(core: "Core", arguments: str) -> str:
    name, _, value = arguments.partition("=")
    core.globals[name] = value
    return "+OK"


def _show(core: "Core", arguments: str) -> str:
    what, *rest = arguments.split() or [""]
    if what == "modules" and rest == ["as", "json"]:
        return setup.modules(core)
    rows: list[dict[str, str]] = json.loads(core.table()).get("rows", [])
    if what == "calls":
        by_id = {row["uuid"]: row for row in rows}
        pairs = ((leg, leg.bridge.b) for leg in core.legs.values() if leg.bridge and leg.bridge.alive)
        near = [(by_id[leg.uuid], by_id[far.uuid]) for leg, far in pairs if far is not leg and far.uuid in by_id]
        rows = [one | {f"b_{name}": value for name, value in other.items()} for one, other in near]
    elif what != "channels":
        return "-USAGE: show channels|calls|modules [as json]\n"
    if rest[-2:] == ["as", "json"]:
        if not rows:
            return '{"row_count": 0}'
        return json.dumps({"row_count": len(rows), "rows": rows}, separators=(",", ":"), ensure_ascii=False)
    if "count" in rest:
        return f"\n{len(rows)} total.\n"
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)] if rows else []
    return "\n".join([*lines, f"\n{len(rows)} total.\n"])


def _sched_api(core: "Core", arguments: str) -> str:
    parts = arguments.split(" ", 2)
    if len(parts) < 3:
        return "-ERR Invalid syntax. USAGE: [+@]<time> <group_name> <command_string>[&]\n"
    when, group, command = parts
    digits = when.lstrip("+@")
    seconds = int(digits) if digits.isdigit() else 0
    if not when.startswith(("+", "@")):
        seconds -= int(core.now)
    return f"+OK Added: {core.schedule(seconds, group, command.removesuffix('&'))}\n"


def _sched_del(core: "Core", arguments: str) -> str:
    return f"+OK Deleted: {core.unschedule(arguments)}\n" if arguments else "-ERR Invalid syntax\n"


def _fsctl(core: "Core", arguments: str) -> str:
    if arguments.startswith("shutdown"):
        core.greenlets.spawn("shutdown", core.shutdown)
        return "+OK\n"
    if arguments == "status":
        return "0 sessions"
    return "-USAGE: [shutdown|status]\n"


COMMANDS: dict[str, "Callable[[Core, str], str]"] = {
    "fsctl": _fsctl,
    "global_getvar": _global_getvar,
    "global_setvar": _global_setvar,
    "msleep": _msleep,
    "sched_api": _sched_api,
    "sched_del": _sched_del,
    "show": _show,
    "status": _status,
    "strepoch": _strepoch,
    "strftime": _strftime,
    "version": _version,
}
