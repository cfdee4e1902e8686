"""Plays rows of the tables on a rig, each on a call of its own. Knows no table and judges nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.conformance.conftest import TONES
from tests.conformance.hearing import tones
from tests.conformance.rig import Call, Leg, Rig, Role, Samples
from tests.conformance.tables import Spy

FIRSTS: tuple[Role, ...] = ("agent", "customer")


@dataclass(slots=True)
class Played:
    """One row with one order of legs, and what came of it."""

    call: Call
    group: str
    replies: list[str] = field(default_factory=list)
    heard: dict[Role, frozenset[str]] = field(default_factory=dict)
    after: dict[Role, frozenset[str]] = field(default_factory=dict)
    supervisor: Leg | None = None

    def words(self, file: Path | str = "") -> dict[str, str]:
        """What the braces in a command stand for."""
        return {
            "agent": self.call.agent.uuid,
            "customer": self.call.customer.uuid,
            "group": self.group,
            "file": str(file),
            "supervisor": self.supervisor.uuid if self.supervisor else "",
        }


def place(rig: Rig, first: Role, **more: Mapping[str, str]) -> Played:
    """A bridged call in which each party speaks its own tone. `more`: variables, as Rig.place takes them."""
    call = rig.place(TONES["agent"], TONES["customer"], first, **more)
    return Played(call, f"eslbot-test-{call.agent.uuid}")


def do(rig: Rig, played: Played, commands: Sequence[str], file: Path | str = "") -> None:
    for command in commands:
        played.replies.append(rig.api(command.format_map(played.words(file))))


def listen(rig: Rig, every: Sequence[Played], settle: float = 0.5) -> list[dict[Role, frozenset[str]]]:
    """Whose tones each party of each call hears for a second."""
    legs = [leg for played in every for leg in (played.call.agent, played.call.customer, played.supervisor) if leg]
    heard = rig.listen(1.0, *legs, settle=settle)
    return [
        {
            leg.role: names(heard[leg], rig.rate)
            for leg in (played.call.agent, played.call.customer, played.supervisor)
            if leg is not None
        }
        for played in every
    ]


def names(samples: Samples, rate: int = 8000) -> frozenset[str]:
    return tones(samples, TONES, rate)


def spy(rig: Rig, played: Played, row: Spy) -> None:
    """Puts a supervisor on the call and has the keys pressed."""
    played.supervisor = rig.third(
        row.application.format_map(played.words()), TONES["supervisor"], dict.fromkeys(row.variables, "true")
    )
    if row.keys:
        rig.pass_time(0.3)
    for key in row.keys:
        rig.press(played.supervisor, key)
        rig.pass_time(0.4)


def record(rig: Rig, played: Played, on: Role, name: str = "") -> Path:
    """A headerless stereo recording of that leg, written as it is spoken."""
    leg = played.call.leg(on)
    path = rig.directory / f"{name or leg.uuid}.r8"
    for variable in ("RECORD_STEREO true", "enable_file_write_buffering false"):
        assert rig.api(f"uuid_setvar {leg.uuid} {variable}").startswith("+OK")
    assert rig.api(f"uuid_record {leg.uuid} start {path}").startswith("+OK")
    return path


def recorded(file: Path, rate: int, seconds: float = 1.0) -> tuple[frozenset[str], frozenset[str]]:
    """Whose tones the last `seconds` of such a recording hold: of what the leg says, of what it hears."""
    data = file.read_bytes()
    both = np.frombuffer(data[: len(data) // 4 * 4], "<i2").reshape(-1, 2)[-int(rate * seconds) :] / 32768
    return names(both[:, 0], rate), names(both[:, 1], rate)
