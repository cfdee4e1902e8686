"""A switch in a process of its own, told what to do by a JSON file: calls to place, faults to make. For tests that kill
things, and for trying a configuration without a FreeSWITCH. Knows JSON and the Switch; says on a stream what happens.

    {"calls": [{"at": 0.5, "agent": {"tone": 440}, "customer": {"dialogue": "DIR"}, "first": "agent",
                "hangs_up": {"agent": 12.0}, "variables": {"agent": {...}, "customer": {...}}}],
     "faults": [{"at": 5, "do": "sever"}], "ends": 60}
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eslbot.sim import dialogue
from eslbot.sim.party import Party, Samples, Silence, Speech, Tone
from eslbot.sim.sound import SoundError, read_wav, resampled
from eslbot.sim.switch import Call, Switch, SwitchError

FAULTS = ("sever", "freeze", "thaw", "stop", "kill")
Say = Callable[[dict[str, Any]], None]


class ScriptError(Exception):
    """The file cannot be read. The message names the file, the field and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A call to place."""

    at: float
    agent: Speech
    customer: Speech
    first: str
    hangs_up: dict[str, float]
    variables: dict[str, dict[str, str]] | None
    agent_number: str = "1001"
    customer_number: str = "9001"


@dataclass(frozen=True, slots=True)
class Script:
    calls: tuple[Placed, ...]
    faults: tuple[tuple[float, str], ...]
    ends: float | None
    """When the process ends; None: never."""


def read(path: Path, rate: int = 8000) -> Script:
    """Reads a script. Raises ScriptError."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        calls = tuple(_call(entry, rate, path.parent) for entry in table.get("calls", []))
        faults = tuple((float(entry["at"]), str(entry["do"])) for entry in table.get("faults", []))
        ends = table.get("ends")
    except KeyError as error:
        raise ScriptError(f"{path}: no field {error}") from error
    except (OSError, ValueError, TypeError, AttributeError, SoundError, dialogue.DialogueError) as error:
        raise ScriptError(f"{path}: {error}") from error
    for _, what in faults:
        if what not in FAULTS:
            raise ScriptError(f"{path}: faults: {what!r}: it must be one of {', '.join(FAULTS)}")
    return Script(calls, faults, None if ends is None else float(ends))


def _call(entry: dict[str, Any], rate: int, base: Path) -> Placed:
    hangs_up = {str(role): float(at) for role, at in entry.get("hangs_up", {}).items()}
    speeches: dict[str, Speech] = {}
    for role in ("agent", "customer"):
        wanted = entry.get(role, {})
        if "dialogue" in wanted:
            play = dialogue.load(base / wanted["dialogue"], rate)
            speeches[role] = play.agent if role == "agent" else play.customer
            if not hangs_up:
                hangs_up = {play.hangs_up: play.ends}
        elif "tone" in wanted:
            speeches[role] = Tone(float(wanted["tone"]))
        elif "wav" in wanted:
            speeches[role] = Samples(resampled(*read_wav(base / wanted["wav"]), rate))
        else:
            speeches[role] = Silence()
    first = entry.get("first", "agent")
    if first not in speeches:
        raise ValueError(f"first is {first!r}: it must be agent or customer")
    return Placed(
        float(entry.get("at", 0)),
        speeches["agent"],
        speeches["customer"],
        first,
        hangs_up,
        entry.get("variables"),
        str(entry.get("agent_number", "1001")),
        str(entry.get("customer_number", "9001")),
    )


def play(switch: Switch, script: Script, say: Say) -> None:
    """Does what the script says, in the switch's time; returns at its end (never, where it has none)."""
    events = [(call.at, _placing(switch, call, say)) for call in script.calls]
    events += [(at, _fault(switch, what, say)) for at, what in script.faults]
    began = switch.core.now
    for at, do in sorted(events, key=lambda event: event[0]):
        switch.pass_time(max(0.0, began + at - switch.core.now))
        do()
    while script.ends is None or switch.core.now < began + script.ends:
        switch.pass_time(1.0)


def _placing(switch: Switch, call: Placed, say: Say) -> Callable[[], None]:
    def place() -> None:
        parties = {
            role: Party(speech, hangs_up_at=call.hangs_up.get(role), keeps=False, rate=switch.core.rate)
            for role, speech in (("agent", call.agent), ("customer", call.customer))
        }
        try:
            placed = switch.place(
                parties["agent"],
                parties["customer"],
                first=call.first,
                variables=call.variables,
                agent_number=call.agent_number,
                customer_number=call.customer_number,
            )
        except SwitchError as error:
            say({"failed": str(error)})
            return
        say({"bridged": {"agent": placed.agent.uuid, "customer": placed.customer.uuid, "first": call.first}})
        switch.watch(f"end of {placed.customer.uuid}", lambda: _ended(switch, placed, say))

    return lambda: switch.watch("a call of the script", place)


def _ended(switch: Switch, call: Call, say: Say) -> None:
    while not (call.agent.gone and call.customer.gone):
        switch.pass_time(0.1)
    say({"ended": {"agent": call.agent.cause, "customer": call.customer.cause, "uuid": call.customer.uuid}})


def _fault(switch: Switch, what: str, say: Say) -> Callable[[], None]:
    def fail() -> None:
        say({"fault": what})
        {
            "sever": switch.sever,
            "freeze": switch.freeze,
            "thaw": lambda: switch.freeze(False),
            "stop": switch.stop,
            "kill": switch.kill,
        }[what]()

    return fail
