"""Recordings opened for the console: audited before, decrypted in memory, numbers hidden."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eslbot.greenlets import Greenlets
from eslbot.store.chain import Entry
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.store import Store
from eslbot.supervise.access import NoSuch, Person, Staff
from eslbot.supervise.wire import Refused
from tests.record.rig import CALL, audio
from tests.service.played import EVIL, SAMPLES, playing, record

FIRST = Person("first", Staff.QUALITY, "session")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    group = Greenlets()
    store = Store(f"sqlite:///{tmp_path}/eslbot.db", group)
    yield store
    store.stop()
    group.stop()


@pytest.fixture
def row(store: Store, tmp_path: Path) -> RecordingRow:
    return record(store, tmp_path, Greenlets())


def test_opening_is_audited_and_gives_words_without_numbers_violations_and_what_was_lost(
    store: Store, row: RecordingRow, tmp_path: Path,
) -> None:
    audited: list[Entry] = []
    shown = playing(store, tmp_path, audited).opened(row, FIRST, " 复核 ")
    assert [(one.what, one.who, one.call, one.subject, one.reason) for one in audited] == [
        ("play", "account:first", CALL, row.sha256, "复核")]
    assert [(said["role"], said["text"], said["start"]) for said in shown["words"]] == [
        ("agent", f"稳赚 {EVIL}", 2.0), ("customer", shown["words"][1]["text"], 2.0)]
    assert "6 2 2 2" not in shown["words"][1]["text"]
    assert shown["words"][0]["words"][:2] == [["稳", 2.0, 2.01], ["赚", 2.01, 2.02]]
    assert [(hit["title"], hit["start"], hit["laws"]) for hit in shown["hits"]] == [(EVIL, 2.0, [("a law", "P")])]
    assert [(gap["start"], gap["end"], gap["reason"]) for gap in shown["gaps"]] == [(1.0, 2.0, "source")]
    assert (shown["first"], shown["seconds"], shown["masks"]) == (0.0, SAMPLES / 8000, [])


def test_what_was_masked_is_shown_as_such_and_not_as_lost(store: Store, row: RecordingRow, tmp_path: Path) -> None:
    store.recordings.put(replace(row, gaps=({"first": 8_000, "end": 16_000, "reason": "masked"},)))
    store.flush(30)
    shown = playing(store, tmp_path, []).opened(row, FIRST, "")
    assert [(one["start"], one["end"]) for one in shown["masks"]] == [(1.0, 2.0)]
    assert shown["gaps"] == []


def test_the_sound_is_the_calls_and_is_audited_once_for_whoever_opened_the_page(
    store: Store, row: RecordingRow, tmp_path: Path,
) -> None:
    audited: list[Entry] = []
    plays = playing(store, tmp_path, audited)
    plays.opened(row, FIRST, "")
    sound = plays.open(CALL, 1, "both", "", FIRST)
    assert b"".join(sound.read(44, 44 + 4 * 8_000)) == audio(0, 8_000)
    assert len(audited) == 1
    plays.open(CALL, 1, "customer", "", replace(FIRST, name="second"))
    assert [one.who for one in audited] == ["account:first", "account:second"]
    with pytest.raises(NoSuch):
        plays.open(CALL, 2, "both", "", FIRST)
    with pytest.raises(NoSuch):
        plays.open(CALL, 1, "both", "", replace(FIRST, teams=frozenset({"south"})))
    assert len(audited) == 2


def test_without_a_reason_nothing_is_opened_where_one_is_asked_for(
    store: Store, row: RecordingRow, tmp_path: Path,
) -> None:
    audited: list[Entry] = []
    plays = playing(store, tmp_path, audited, asks=True)
    with pytest.raises(Refused, match="reason"):
        plays.opened(row, FIRST, "  ")
    with pytest.raises(Refused, match="reason"):
        plays.open(CALL, 1, "both", "", FIRST)
    assert audited == []
    plays.opened(row, FIRST, "complaint")
    plays.open(CALL, 1, "both", "", FIRST)
    assert len(audited) == 1


def test_a_recording_that_was_changed_is_not_played(store: Store, row: RecordingRow, tmp_path: Path) -> None:
    [file] = (tmp_path / "recordings").rglob("*.words")
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(Refused):
        playing(store, tmp_path, []).opened(row, FIRST, "")
