"""A journal holds what was written, whole lines only, and says where it is broken."""

import errno
import os
from pathlib import Path

import pytest

from eslbot.call.journal import Entry, Journal, JournalError
from eslbot.model import facts
from eslbot.model.call import CallId
from eslbot.model.orders import ArmClosing
from tests.call.score import JOINED, OPENED
from tests.words import CALL, CUSTOMER, MUTE, verdict, violated

ARM = ArmClosing(f"{CALL}#0", CALL, CUSTOMER)


@pytest.fixture
def written(tmp_path: Path) -> Journal:
    journal = Journal(tmp_path / "journal")
    journal.append(CALL, OPENED, [ARM])
    journal.append(CALL, JOINED, [])
    journal.append(CALL, violated(verdict(MUTE)), [])
    return journal


def file(tmp_path: Path) -> Path:
    return tmp_path / "journal" / f"{CALL}.journal"


def test_what_was_written_is_read_by_another_life(tmp_path: Path, written: Journal) -> None:
    again = Journal(tmp_path / "journal")
    assert again.live() == [CALL]
    assert list(again.read(CALL)) == [
        Entry(OPENED, (ARM,)), Entry(JOINED, ()), Entry(violated(verdict(MUTE)), ()),
    ]


def test_only_we_may_read_it(tmp_path: Path, written: Journal) -> None:
    assert file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert file(tmp_path).parent.stat().st_mode & 0o777 == 0o700


def test_a_crash_at_any_byte_of_the_last_line_loses_just_that_line(tmp_path: Path, written: Journal) -> None:
    whole = file(tmp_path).read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for length in range(last, len(whole)):
        file(tmp_path).write_bytes(whole[:length])
        assert [type(e.fact) for e in Journal(tmp_path / "journal").read(CALL)] == [facts.Opened, facts.Joined]


def test_a_changed_byte_is_noticed_and_named(tmp_path: Path, written: Journal) -> None:
    lines = file(tmp_path).read_bytes().split(b"\n")
    lines[1] = lines[1].replace(b"8000", b"8001").replace(b"2.0", b"3.0")
    file(tmp_path).write_bytes(b"\n".join(lines))
    with pytest.raises(JournalError, match=r":2: the line's checksum does not fit"):
        list(written.read(CALL))


def test_a_full_disk_leaves_no_hole_and_what_it_refused_is_written_later(
    tmp_path: Path, written: Journal, monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, room = os.write, 10

    def write(handle: int, data: bytes) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken, room = real(handle, data[:room]), max(0, room - len(data))
        return taken

    monkeypatch.setattr(os, "write", write)
    for _ in range(2):
        with pytest.raises(OSError, match="No space"):
            written.append(CALL, JOINED, [])
    assert len(list(Journal(tmp_path / "journal").read(CALL))) == 3
    room = 1 << 20
    written.append(CALL, OPENED, [ARM])
    facts_read = [type(entry.fact) for entry in Journal(tmp_path / "journal").read(CALL)][3:]
    assert facts_read == [facts.Joined, facts.Joined, facts.Opened]


def test_an_unreadable_journal_is_kept_out_of_the_way(tmp_path: Path, written: Journal) -> None:
    kept = written.set_aside(CALL)
    assert kept.exists()
    assert written.live() == []


def test_a_settled_call_leaves_nothing(tmp_path: Path, written: Journal) -> None:
    written.drop(CALL)
    assert list((tmp_path / "journal").iterdir()) == []
    written.append(CALL, OPENED, [])
    assert written.live() == [CALL]


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\x00b", "."])
def test_nothing_but_an_id_becomes_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(JournalError, match="not a call id"):
        Journal(tmp_path).append(CallId(name), OPENED, [])
