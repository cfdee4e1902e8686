"""The disk: somebody had the recordings in hands while we were dead (2); it is full, its syncs fail (3)."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import gevent
import pytest

from eslbot.record import paths
from eslbot.record.reader import Damaged
from eslbot.record.stream import SEALED, offset, whole
from eslbot.sim import Switch
from eslbot.store.recording_rows import RecordingRow
from tests.faults.conftest import Show
from tests.faults.house import House, at
from tests.service.rig import ANSWER, NOTICE, PROMISE, RATE, line, party

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]


def test_recordings_that_were_tampered_with_are_refused_told_and_go_on_in_another_part(
    tmp_path: Path, switch: Switch, show: Show,
) -> None:
    with House(tmp_path, switch) as house:
        hands = (truncate, swap, flip, append, leave)
        calls = {switch.place(party(hangs_up_at=16.0), party()).customer.uuid: hand for hand in hands}
        house.until(lambda: all(row.chunks >= 3 for row in house.rows("recordings")), "not enough is durable", 40.0)
        house.kill()
        for row in house.rows("recordings"):
            calls[row.call](paths.audio(tmp_path / "recordings", row.path), row.chunks)
        began = time.time()
        house.start()
        house.until(lambda: len(house.rows("alerts")) >= 4, "not all were told")
        told = max(at(one) for one in house.lines("alert")) - began
        house.settled(90.0)
        names = {call: hand.__name__ for call, hand in calls.items()}
        found = {(names[row.call], row.part): verdict(house, row) for row in house.rows("recordings")}
        assert found == {
            ("truncate", 1): "refused", ("swap", 1): "refused", ("flip", 1): "refused",
            ("append", 1): "never closed",  # what was appended lies behind what was sealed, which reads as it was
            **{(name, 2): "whole" for name in ("truncate", "swap", "flip", "append")}, ("leave", 1): "whole",
        }
        alarmed = {names[row.call] for row in house.rows("alerts") if row.kind == "recording-missing"}
        assert alarmed == {"truncate", "swap", "flip", "append"}
        show(2, went_on="5 of 5, the untouched one whole in one part", lost="the tampered parts, `incomplete`, an alert"
             " each; what came after is whole", took=f"told {told:.1f} s after the start (loading included)")


def verdict(house: House, row: RecordingRow) -> str:
    try:
        return "whole" if house.recording(row).verify().whole else "never closed"
    except Damaged:
        return "refused"


def truncate(file: Path, chunks: int) -> None:
    os.truncate(file, offset(chunks - 1) + 100)


def flip(file: Path, chunks: int) -> None:
    data = bytearray(file.read_bytes())
    data[offset(chunks - 1) + 5000] ^= 4
    file.write_bytes(data)


def swap(file: Path, chunks: int) -> None:
    data = bytearray(file.read_bytes())
    a, b = (slice(offset(n), offset(n) + SEALED) for n in (chunks - 2, chunks - 1))
    data[a], data[b] = data[b], data[a]
    file.write_bytes(data)


def append(file: Path, chunks: int) -> None:
    with file.open("ab") as handle:
        handle.write(bytes(3000))


def leave(file: Path, chunks: int) -> None:
    """Nobody's hands."""


def fill(directory: Path) -> Path:
    """Takes all the room there is."""
    file = directory / "filler"
    with file.open("wb", buffering=0) as handle:
        for size in (65536, 4096, 1):
            try:
                while handle.write(bytes(size)) == size:
                    pass
            except OSError:
                pass
    return file


def durable_is_true(house: House, recordings: Path) -> None:
    """No row says that more is durable than lies in the file."""
    for row in house.rows("recordings"):
        assert row.chunks <= whole(paths.audio(recordings, row.path).stat().st_size)
        assert row.samples <= row.chunks * 16384 or row.ended is not None


def in_trouble(
    house: House, recordings: Path, switch: Switch, spoil: Callable[[], None], mend: Callable[[], None],
) -> tuple[float, float]:
    """A call whose disk fails 4 s on, for 8 s. Returns how long the alarm took, and what was held in memory (s)."""
    call = switch.place(party(line(NOTICE, 0.3), line(PROMISE, 4.5), hangs_up_at=14.0), party(line(ANSWER, 4.0)))
    house.until(lambda: any(row.chunks for row in house.rows("recordings")), "nothing is durable", 20.0)
    spoil()
    failed = time.time()
    alarm = house.line("alert", kind="recording-missing", timeout=20.0)
    gevent.sleep(2.0)
    durable_is_true(house, recordings)
    held = [row for row in house.rows("recordings") if row.call == call.customer.uuid]
    assert held[0].ended is None
    gevent.sleep(2.0)
    mend()
    house.until(lambda: call.customer.gone, "the call did not end", 40.0)
    house.settled()
    return at(alarm) - failed, held[0].samples / RATE


def judged_and_whole(house: House, row: RecordingRow) -> None:
    assert (row.state, row.gaps) == ("complete", ())
    recording = house.recording(row)
    assert recording.verify().whole
    assert recording.end / RATE > 13.5
    assert [act.outcome for act in house.rows("acts") if act.kind == "mute"] == ["done"]
    assert {closing.outcome for closing in house.rows("closings")} == {"played"}


def test_a_full_disk_of_recordings_costs_no_call_and_is_written_once_there_is_room(
    tmp_path: Path, small_disk: Path, switch: Switch, show: Show,
) -> None:
    recordings, filler = small_disk / "recordings", small_disk / "filler"
    with House(tmp_path, switch, record={"directory": str(recordings)}) as house:
        told, at_most = in_trouble(
            house, recordings, switch, lambda: str(fill(small_disk)) and None, lambda: filler.unlink(),
        )
        judged_and_whole(house, *house.rows("recordings"))
        assert told < 5.0
        assert house.metric("eslbot_alerts_total", kind="recording-missing") >= 1
        show(3, went_on="judged, muted, closed", lost="nothing in the end: the row said `partial` and claimed no more"
             f" than {at_most:.1f} s while the disk was full; an alert", took=f"alarm {told:.1f} s after it was full")


def test_one_full_disk_under_recordings_store_and_journal_costs_no_call(
    tmp_path: Path, small_disk: Path, switch: Switch, show: Show,
) -> None:
    recordings, filler = small_disk / "recordings", small_disk / "filler"
    sections = {
        "record": {"directory": str(recordings)}, "store": {"url": f"sqlite:///{small_disk}/eslbot.db"},
        "journal": {"directory": str(small_disk / "journal")},
    }
    (tmp_path / "eslbot.db").symlink_to(small_disk / "eslbot.db")
    with House(tmp_path, switch, **sections) as house:
        call = switch.place(party(line(NOTICE, 0.3), line(PROMISE, 4.5), hangs_up_at=14.0), party(line(ANSWER, 4.0)))
        house.until(lambda: any(row.chunks for row in house.rows("recordings")), "nothing is durable", 20.0)
        fill(small_disk)
        failed = time.time()
        second = switch.place(party(hangs_up_at=9.0), party())
        alarm = house.line("store", kind="store-down", timeout=20.0)
        house.line("trouble", where="journal", timeout=20.0)
        muted = house.line("act", act="mute", timeout=20.0)
        gevent.sleep(2.0)
        filler.unlink()
        house.until(lambda: call.customer.gone and second.customer.gone, "the calls did not end", 40.0)
        house.settled()
        rows = {row.call: row for row in house.rows("recordings")}
        judged_and_whole(house, rows.pop(call.customer.uuid))
        [other] = rows.values()
        assert (other.call, other.state, other.gaps) == (second.customer.uuid, "complete", ())
        assert house.recording(other).verify().whole
        assert muted["outcome"] == "done"
        assert list((small_disk / "journal").iterdir()) == []
        refused = house.metric("eslbot_troubles_total", where="journal")
        assert refused >= 1
        assert house.metric("eslbot_troubles_total", where="store-down") >= 1
        show(3, went_on="2 of 2 judged, muted, closed",
             lost=f"nothing in the end; the journal waited in memory, {refused:.0f} times counted",
             took=f"told that the store is away {at(alarm) - failed:.1f} s after the disk was full")


@pytest.mark.skipif(shutil.which("gcc") is None, reason="no gcc to build the failing fsync with")
def test_syncs_that_fail_are_told_and_what_they_were_for_is_written_again(
    tmp_path: Path, switch: Switch, show: Show,
) -> None:
    shim, mark = tmp_path / "syncless.so", tmp_path / "syncs-fail"
    source = Path(__file__).with_name("syncless.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", shim, source, "-ldl"], check=True)
    environ = {"LD_PRELOAD": str(shim), "SYNCLESS_OF": "/recordings/", "SYNCLESS_WHILE": str(mark)}
    with House(tmp_path, switch, environ=environ) as house:
        told, at_most = in_trouble(house, tmp_path / "recordings", switch, mark.touch, mark.unlink)
        judged_and_whole(house, *house.rows("recordings"))
        assert told < 5.0
        show(3, went_on="judged, muted, closed", lost=f"nothing in the end: no more than {at_most:.1f} s were called"
             " durable meanwhile; an alert", took=f"alarm {told:.1f} s after syncs began to fail")
