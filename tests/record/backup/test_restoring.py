"""A backup brought back to an empty place is what was backed up, but for what was erased."""

import base64
from pathlib import Path
from typing import Any

import pytest

from eslbot.record import letters, paths
from eslbot.record.backup import BackupProblem, Place, layout, restoring
from eslbot.record.backup.places import get_bytes, put_bytes
from eslbot.record.container import ContainerError
from eslbot.record.erase import Wish
from eslbot.record.grants import Grant
from eslbot.record.keys import new_identity
from eslbot.record.reader import Damaged, Recording
from eslbot.record.rotation import Change, Rotation
from eslbot.store import Ledger, chain
from tests.record.backup.rig import back_up, bring_back
from tests.record.keeping import CALLS, Kept
from tests.record.rig import SECOND

ONE, TWO, THREE = CALLS[:3]
BOOKS = ("calls", "recordings", "violations", "acts", "closings", "alerts", "holds", "tombstones")


def test_every_row_and_file_is_back_and_opens(kept: Kept, place: Place, tmp_path: Path) -> None:
    kept.record(ONE, TWO)
    kept.eraser().hold(TWO, "court")
    back_up(kept, place)
    new, report = bring_back(place, tmp_path / "new")
    assert report["problems"] == []
    for book in BOOKS:
        assert new.read(book) == kept.read(book), book
    assert new.opens(ONE)
    assert new.opens(TWO)
    for row in kept.read("recordings"):
        assert paths.audio(new.options.directory, row.path).stat().st_mtime == row.ended
    rows = list(Ledger(new.url).rows())
    assert chain.walk(rows).fault is None
    assert [row.what for row in rows] == ["hold", "restore"]   # the backup's own row came after its tables


def test_a_letter_comes_back_with_its_call_and_from_no_snapshot_once_the_call_is_erased(
        kept: Kept, place: Place, tmp_path: Path) -> None:
    kept.record(ONE)
    kept.letter(ONE, "我说的是不保证")
    back_up(kept, place)

    def read(one: Kept) -> list[str]:
        [appeal] = one.read("appeals")
        return letters.read([appeal.reason], one.row(ONE).words_header, [SECOND])

    new, _ = bring_back(place, tmp_path / "new")
    assert read(new) == ["我说的是不保证"]
    kept.eraser().erase([Wish(ONE, "asked to")])
    back_up(kept, place)
    for number in (1, 2):
        new, _ = bring_back(place, tmp_path / f"new{number}", number=number)
        with pytest.raises(ContainerError):
            read(new)


def test_what_was_erased_since_stays_erased_whichever_snapshot_is_brought_back(
        kept: Kept, place: Place, tmp_path: Path) -> None:
    kept.record(ONE, TWO)
    back_up(kept, place)
    kept.eraser().erase([Wish(ONE, "asked to")])
    back_up(kept, place)
    for number in (1, 2):
        new, report = bring_back(place, tmp_path / f"new{number}", number=number)
        assert (report["problems"], report["erased"], report["calls"]) == ([], 1, 1)
        assert new.row(ONE).state == "erased"
        assert new.row(ONE).audio_header == b""
        with pytest.raises(Damaged):
            new.opens(ONE)
        assert new.opens(TWO)
        assert [stone.call for stone in new.read("tombstones")] == [ONE]
        assert chain.walk(Ledger(new.url).rows()).fault is None
        assert new.eraser().repeat() == []


def test_the_next_run_takes_new_headers_and_an_older_snapshot_comes_back_with_them(
        kept: Kept, place: Place, tmp_path: Path) -> None:
    kept.record(ONE, TWO)
    old = kept.row(ONE)
    back_up(kept, place)
    new = new_identity()
    change = Change((Grant(new.recipient),))
    assert Rotation(Ledger(kept.url), (SECOND,), change, "first", "n1").run().rewrapped == 2
    report = back_up(kept, place)
    assert (report["put"], report["problems"]) == (0, [])   # no sealed file is put again
    assert base64.b64encode(old.audio_header) not in get_bytes(place, layout.call_name(ONE))
    for number in (1, 2):
        back, report = bring_back(place, tmp_path / f"new{number}", number=number)
        assert report["problems"] == []
        assert back.row(ONE).recipients == (str(new.recipient),)
        assert Recording(back.row(ONE), back.options.directory, [new]).verify().whole


@pytest.mark.services
def test_it_comes_back_to_postgresql_too(kept: Kept, place: Place, tmp_path: Path, postgres: Any) -> None:
    kept.record(ONE, TWO)
    kept.eraser().erase([Wish(ONE, "asked to")])
    back_up(kept, place)
    new = Kept(tmp_path / "new", postgres.database())
    report = restoring.restore(place, new.url, new.options.directory, [SECOND], "second", "n1")
    assert report["problems"] == []
    for book in BOOKS:
        assert new.read(book) == kept.read(book), book
    assert new.opens(TWO)
    assert chain.walk(Ledger(new.url).rows()).fault is None


def test_a_place_that_is_not_empty_is_left_alone(kept: Kept, place: Place, tmp_path: Path) -> None:
    kept.record(ONE)
    back_up(kept, place)
    new, _ = bring_back(place, tmp_path / "new")
    with pytest.raises(BackupProblem, match="not empty"):
        bring_back(place, tmp_path / "new")
    for file in sorted(new.options.directory.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    with pytest.raises(BackupProblem, match="has rows in"):
        bring_back(place, tmp_path / "new")


def test_a_spoiled_file_is_told_and_never_put_in_place(kept: Kept, place: Place, tmp_path: Path) -> None:
    kept.record(ONE, TWO)
    back_up(kept, place)
    name = layout.payload_name(kept.row(ONE).sha256)
    put_bytes(place, name, get_bytes(place, name)[:-1] + b"x")
    new, report = bring_back(place, tmp_path / "new")
    assert [problem.split(": ")[0] for problem in report["problems"]] == [ONE]
    assert not paths.audio(new.options.directory, kept.row(ONE).path).exists()
    assert new.opens(TWO)


def test_what_was_not_over_yet_comes_back_as_a_row_and_it_is_told(kept: Kept, place: Place, tmp_path: Path) -> None:
    kept.record(ONE, ended=False, samples=40_000)
    kept.record(TWO)
    back_up(kept, place)
    new, report = bring_back(place, tmp_path / "new")
    assert [problem.split(": ")[0] for problem in report["problems"]] == [ONE]
    assert new.opens(TWO)


def test_a_restore_that_is_broken_off_leaves_no_rows(
        kept: Kept, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.record(ONE)
    back_up(kept, place)
    with monkeypatch.context() as patch:
        patch.setattr("eslbot.record.backup.restoring.Ledger.append", lambda *_: 1 / 0)
        patch.setattr("eslbot.record.backup.restoring._aged", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bring_back(place, tmp_path / "new")
    assert Kept(tmp_path / "new", f"sqlite:///{tmp_path / 'new' / 'restored.db'}").read("recordings") == []
