"""Commands that tell how the switch is set up: its modules, its dialplan as XML, which files it has. Knows no leg."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from eslbot.sim import apps

if TYPE_CHECKING:
    from eslbot.sim.core import Core

MODULES = ("mod_audio_fork", "mod_commands", "mod_dialplan_xml", "mod_dptools", "mod_event_socket", "mod_sndfile",
           "mod_sofia", "mod_tone_stream")
"""What this switch does a part of, under FreeSWITCH's names."""
FORMATS = ("wav", "r8", "r16", "r32", "raw", "sln")
NOTHING = "can't find anything\n"


def interfaces(core: "Core") -> Iterator[tuple[str, str, str]]:
    """(kind, name, module) of all that there is, without what was taken out (Core.unloaded)."""
    from eslbot.sim.api import COMMANDS  # which takes up this file's commands too

    rows = [("api", name, "mod_audio_fork" if name == "uuid_audio_fork" else "mod_commands") for name in COMMANDS]
    rows += [("application", name, "mod_dptools") for name in apps.APPLICATIONS]
    rows += [("dialplan", "XML", "mod_dialplan_xml"), ("endpoint", "sofia", "mod_sofia"),
             ("file", "tone_stream", "mod_tone_stream")]
    rows += [("file", name, "mod_sndfile") for name in FORMATS]
    return (row for row in sorted(rows) if row[2] not in core.unloaded)


def modules(core: "Core") -> str:
    """The answer to `show modules as json`."""
    rows = [{"type": kind, "name": name, "ikey": module, "filename": f"/embedded/{module}.so"}
            for kind, name, module in interfaces(core)]
    return json.dumps({"row_count": len(rows), "rows": rows}, separators=(",", ":"))


def _module_exists(core: "Core", arguments: str) -> str:
    return "true" if arguments in MODULES and arguments not in core.unloaded else "false"


def _file_exists(core: "Core", arguments: str) -> str:
    return "true" if arguments and Path(arguments).exists() else "false"


def _xml_locate(core: "Core", arguments: str) -> str:
    """Of the dialplan only, and its contexts only."""
    words = arguments.split()
    if len(words) not in (1, 4):
        return "-ERR bad args\n"
    if words[0] != "dialplan":
        return NOTHING
    if len(words) == 1:
        return f'<section name="dialplan">\n{core.dialplan.xml("default")}</section>\n'
    return core.dialplan.xml(words[3]) if words[1:3] == ["context", "name"] else NOTHING


COMMANDS: dict[str, "Callable[[Core, str], str]"] = {
    "file_exists": _file_exists,
    "module_exists": _module_exists,
    "xml_locate": _xml_locate,
}
