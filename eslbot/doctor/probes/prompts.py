"""Looks for the prompts that rules may ask for: by what the switch said, and where it runs on this machine by the files
themselves. Plays nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from eslbot.config import Settings
from eslbot.doctor.probes import local
from eslbot.doctor.rights import READ, Who, barred
from eslbot.doctor.verdicts.prompts import PromptSeen
from eslbot.model.call import CallId, LegId
from eslbot.model.orders import Remind
from eslbot.service import options
from eslbot.switch.commands import Refused, commands_of

_LEG = LegId("00000000-0000-4000-8000-000000000000")
"""Of a command that is built and never sent."""


def wanted(settings: Settings, names: Iterable[str]) -> list[PromptSeen]:
    """Each with the path that the switch would be told."""
    how = options.commands(settings)
    found = []
    for name in sorted(names):
        try:
            commands_of(Remind("", CallId(_LEG), _LEG, name), how)
            sayable = True
        except Refused:
            sayable = False
        found.append(PromptSeen(name, how.prompt_path(name), sayable))
    return found


def look(asked: Iterable[PromptSeen], there: Mapping[str, bool], here: bool, reader: Who | None) -> list[PromptSeen]:
    """`there`: what the switch said; `here`: whether it runs on this machine; `reader`: as whom. Blocks."""
    return [_looked(one, there.get(one.path), here, reader) for one in asked]


def _looked(one: PromptSeen, told: bool | None, here: bool, reader: Who | None) -> PromptSeen:
    """A switch in a container may see other files than we do: what it says is there, is; what it says is not there, and
    we see, may only be barred to it."""
    if not here:
        return replace(one, there=told)
    try:
        way = local.way_to(Path(one.path))
    except FileNotFoundError:
        return replace(one, there=bool(told))
    except OSError:
        return replace(one, there=told)
    kept_out = "" if reader is None else barred(reader, way, READ)
    return replace(one, there=told is not False or bool(kept_out), barred=kept_out)
