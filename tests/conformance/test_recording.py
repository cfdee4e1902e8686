"""What a stereo uuid_record of one leg holds: every row of RECORDED, with either party as the A leg."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.conformance.conftest import TONES
from tests.conformance.rig import Rig, Role
from tests.conformance.score import FIRSTS, Played, do, names, place, record, spy
from tests.conformance.tables import RECORDED, SPIES, Recorded

ROWS = [pytest.param(row, first, id=f"{row.name}, {first} first") for row in RECORDED for first in FIRSTS]


@dataclass(frozen=True, slots=True)
class Channels:
    left: frozenset[str]
    right: frozenset[str]


def channels(path: Path, start: int) -> Channels:
    """Whose tones are in each channel of a headerless stereo file from byte `start` on, for a second at most."""
    data = path.read_bytes()[start : start + 32000]
    both = np.frombuffer(data[: len(data) // 4 * 4], "<i2").reshape(-1, 2) / 32768
    assert len(both) > 6000, f"the recording grew by {len(both)} frames only"
    return Channels(names(both[:, 0]), names(both[:, 1]))


Row = tuple[Recorded, Role]


@pytest.fixture(scope="module")
def everything(rig: Rig, announcement: Path) -> dict[tuple[str, Role], Channels]:
    rows = [(row, first) for row in RECORDED for first in FIRSTS]
    begun = [row for row in rows if row[0].before]  # by themselves: what was begun lasts no longer than it does
    return played(rig, announcement, [row for row in rows if row not in begun]) | played(rig, announcement, begun)


def played(rig: Rig, announcement: Path, rows: list[Row]) -> dict[tuple[str, Role], Channels]:
    """All of these at once."""
    done: list[Played] = [place(rig, first) for _, first in rows]
    for (row, _), call in zip(rows, done, strict=True):
        do(rig, call, row.before, announcement)
    files = [record(rig, call, row.on) for (row, _), call in zip(rows, done, strict=True)]
    for (row, _), call in zip(rows, done, strict=True):
        if row.spy:
            spy(rig, call, next(each for each in SPIES if each.name == row.spy))
    for (row, _), call in zip(rows, done, strict=True):
        do(rig, call, row.commands, announcement)
    rig.pass_time(0.7)
    starts = [file.stat().st_size // 4 * 4 for file in files]
    rig.pass_time(1.2)
    result = {
        (row.name, first): channels(file, start) for (row, first), file, start in zip(rows, files, starts, strict=True)
    }
    rig.clear()
    return result


@pytest.mark.parametrize(("row", "first"), ROWS)
def test_each_channel_holds_what_the_table_says(
    everything: dict[tuple[str, Role], Channels], row: Recorded, first: Role
) -> None:
    assert everything[row.name, first] == Channels(row.left, row.right)


@pytest.mark.parametrize("first", FIRSTS)
def test_after_a_takeover_the_customers_recording_holds_the_supervisor(rig: Rig, first: Role) -> None:
    played = place(rig, first)
    file = record(rig, played, "customer")
    supervisor = rig.third("park()", TONES["supervisor"])
    rig.api(f"uuid_bridge {supervisor.uuid} {played.call.customer.uuid}")
    rig.pass_time(0.7)
    start = file.stat().st_size // 4 * 4
    rig.pass_time(1.2)
    result = channels(file, start)
    rig.clear()
    assert result == Channels(frozenset({"customer"}), frozenset({"supervisor"}))
