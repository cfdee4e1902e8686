"""The api commands, each answering in the switch's own words: (core, arguments) -> answer."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from eslbot.sim.api import audio, calls, general, setup, variables

if TYPE_CHECKING:
    from eslbot.sim.core import Core

COMMANDS: dict[str, "Callable[[Core, str], str]"] = {
    **general.COMMANDS,
    **calls.COMMANDS,
    **variables.COMMANDS,
    **audio.COMMANDS,
    **setup.COMMANDS,
}
