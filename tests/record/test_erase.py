"""Erasure over a real store (SQLite, PostgreSQL) and real sealed files: what is gone is gone from every file, what
stays can still be opened, and a death at any step is made good by doing it again."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from eslbot.record import erase, paths
from eslbot.record.erase import Eraser, ErasureRefused, Wish
from eslbot.record.keys import header_for
from eslbot.record.reader import Damaged
from eslbot.store import Ledger, chain, destruction
from eslbot.store.engine import StoreProblem
from tests.record.keeping import CALLS, Kept
from tests.record.rig import IDENTITY

ONE, TWO, THREE = CALLS[:3]


def test_nothing_of_an_erased_calls_keys_is_left_and_others_still_open(kept: Kept) -> None:
    kept.record(ONE, TWO, THREE)
    before = kept.row(ONE)
    traces = destruction.traces([before])
    assert len(traces) == 2 * (2 + 1)   # two headers: two wrapped keys and a MAC each
    if kept.url.startswith("sqlite"):
        assert all(trace in kept.database() for trace in traces)
    [receipt] = kept.eraser().erase([Wish(ONE, "asked to")])
    if kept.url.startswith("sqlite"):
        assert not any(trace in kept.database() for trace in traces)
    after = kept.row(ONE)
    assert (after.audio_header, after.words_header, after.state) == (b"", b"", "erased")
    assert not any(ONE in file.name for file in kept.options.directory.rglob("*"))
    assert kept.opens(TWO)
    assert kept.opens(THREE)
    with pytest.raises(Damaged):
        kept.opens(ONE)
    assert receipt["finished"] == kept.now
    assert {file["file"] for file in receipt["files"]} == {f"{before.path}.audio", f"{before.path}.words"}
    assert receipt["parts"][0]["sha256"] == before.sha256
    assert receipt["parts"][0]["audio_header_sha256"] == hashlib.sha256(before.audio_header).hexdigest()


def test_the_receipt_names_its_row_in_an_unbroken_audit(kept: Kept) -> None:
    kept.record(ONE)
    [receipt] = kept.eraser().erase([Wish(ONE, "asked to")])
    rows = list(Ledger(kept.url).rows())
    assert chain.walk(rows).fault is None
    assert [(row.seq, row.digest, row.what, row.call) for row in rows] == [
        (receipt["audit"], receipt["audit_digest"], "erase", ONE)]


def test_erasing_again_gives_the_same_receipt_and_does_nothing(kept: Kept) -> None:
    kept.record(ONE)
    first = kept.eraser().erase([Wish(ONE, "asked to")])
    kept.now += 50
    assert kept.eraser().erase([Wish(ONE, "another reason")]) == first
    assert len(kept.audited()) == 1


def test_a_call_that_is_up_is_refused_and_left_as_it_is(kept: Kept) -> None:
    kept.record(ONE, ended=False, samples=40_000)
    before = kept.row(ONE)
    with pytest.raises(ErasureRefused, match="still being recorded"):
        kept.eraser().erase([Wish(ONE)])
    assert kept.row(ONE) == before
    assert kept.audited() == []


def test_a_hold_beats_erasure_until_it_is_released(kept: Kept) -> None:
    kept.record(ONE, TWO)
    kept.eraser().hold(ONE, "a court asked")
    kept.eraser().hold(ONE, "again")
    with pytest.raises(ErasureRefused, match="legal hold of first: a court asked"):
        kept.eraser().erase([Wish(TWO), Wish(ONE)])
    assert kept.opens(ONE)
    assert kept.opens(TWO), "one refusal refuses all"
    kept.eraser().release(ONE, "the court is done")
    kept.eraser().erase([Wish(ONE, "asked to")])
    assert kept.audited() == [("hold", ONE, "a court asked"), ("release", ONE, "the court is done"),
                              ("erase", ONE, "asked to")]
    with pytest.raises(ErasureRefused, match="not under a hold"):
        kept.eraser().release(ONE, "")
    with pytest.raises(ErasureRefused, match="erased already"):
        kept.eraser().hold(ONE, "")


def test_what_was_never_recorded_is_told(kept: Kept) -> None:
    kept.make_store()
    with pytest.raises(ErasureRefused, match="no recording"):
        kept.eraser().erase([Wish(ONE)])


@pytest.mark.parametrize("step", ["scrub", "discard", "unlink"])
def test_a_death_at_any_step_is_made_good_by_doing_it_again(
        kept: Kept, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    kept.record(ONE, TWO)
    traces = destruction.traces([kept.row(ONE)])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    places = {"scrub": (destruction, "scrub"), "discard": (erase.LiveDirectory, "discard"),
              "unlink": (erase, "sync_directory")}
    with monkeypatch.context() as patch:
        patch.setattr(*places[step], die)
        with pytest.raises(KeyboardInterrupt):
            kept.eraser().erase([Wish(ONE, "asked to")])
    assert kept.row(ONE).state == "erased"
    assert kept.read("tombstones")[0].finished is None
    assert kept.eraser().repeat() == [ONE]
    assert kept.read("tombstones")[0].finished == kept.now
    assert not any(ONE in file.name for file in kept.options.directory.rglob("*"))
    if kept.url.startswith("sqlite"):
        assert not any(trace in kept.database() for trace in traces)
    assert kept.opens(TWO)
    assert kept.eraser().repeat() == []
    assert len(kept.audited()) == 1


def test_a_death_before_the_transactions_end_leaves_everything(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.record(ONE)
    with monkeypatch.context() as patch:
        patch.setattr(destruction, "put", lambda writing, row: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            kept.eraser().erase([Wish(ONE)])
    assert kept.opens(ONE)
    assert kept.audited() == []


def test_keys_that_came_back_out_of_a_backup_are_destroyed_again(kept: Kept) -> None:
    kept.record(ONE, TWO)
    row = kept.row(ONE)
    audio = paths.audio(kept.options.directory, row.path)
    held = audio.read_bytes()
    kept.eraser().erase([Wish(ONE, "asked to")])
    engine = create_engine(kept.url, poolclass=NullPool)
    with engine.begin() as connection:
        table = destruction.recordings
        connection.execute(table.update().where(table.c.call == ONE).values(
            audio_header=row.audio_header, words_header=row.words_header, state=row.state))
    audio.write_bytes(held)
    assert kept.eraser().repeat() == [ONE]
    assert kept.row(ONE).audio_header == b""
    assert not audio.exists()
    assert [reason for what, _, reason in kept.audited()] == ["asked to", "asked to"]


def test_files_in_another_machines_directory_are_told_and_go_when_it_is_run_there(kept: Kept, tmp_path: Path) -> None:
    kept.record(ONE)
    here = replace(kept.eraser(), directory=tmp_path / "empty", node="n2")
    [receipt] = here.erase([Wish(ONE)])
    assert [one["node"] for one in receipt["left"]] == ["n1", "n1"]
    assert receipt["finished"] is None
    with pytest.raises(Damaged):
        kept.opens(ONE)
    [receipt] = kept.eraser().erase([Wish(ONE)])
    assert (receipt["left"], receipt["finished"]) == ([], kept.now)
    assert not any(ONE in file.name for file in kept.options.directory.rglob("*"))


def test_a_key_that_is_left_in_memory_goes_too(kept: Kept) -> None:
    kept.record(ONE)
    left = kept.options.live_directory / f"{ONE}.live"
    left.write_bytes(b"{}")
    kept.eraser().erase([Wish(ONE)])
    assert not left.exists()


def test_a_reader_that_holds_the_log_open_is_told_of_and_nothing_is_called_finished(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(tmp_path, f"sqlite:///{tmp_path / 'e.db'}")
    kept.record(ONE)
    monkeypatch.setattr(destruction, "PATIENCE", 0.1)
    reader = create_engine(kept.url, poolclass=NullPool).connect()
    reader.exec_driver_sql("BEGIN")
    reader.exec_driver_sql("select count(*) from calls").fetchall()
    with pytest.raises(StoreProblem, match="somebody has been reading"):
        kept.eraser().erase([Wish(ONE)])
    assert kept.read("tombstones")[0].finished is None
    reader.close()
    [receipt] = kept.eraser().erase([Wish(ONE)])
    assert (receipt["store"], receipt["finished"]) == ("written anew", kept.now)


def test_among_many_rows_nothing_is_left_either(tmp_path: Path) -> None:
    """Pages that were split and rebuilt are where copies stay."""
    kept = Kept(tmp_path, f"sqlite:///{tmp_path / 'e.db'}")
    kept.record(ONE)
    row = kept.row(ONE)
    engine = create_engine(kept.url, poolclass=NullPool)
    names = [f"{n:08x}-2222-4222-8222-222222222222" for n in range(300)]
    public = [IDENTITY.recipient]
    rows = [replace(row, call=name, audio_header=header_for(os.urandom(16), public),
                    words_header=header_for(os.urandom(16), public)) for name in names]
    for one in rows:
        with engine.begin() as connection:
            connection.execute(destruction.recordings.insert().values(destruction.columns_of(one)))
    assert all(mark in kept.database() for mark in destruction.traces(rows))
    kept.eraser().erase([Wish(name) for name in names[::3]])
    held = kept.database()
    assert not any(mark in held for mark in destruction.traces(rows[::3]))
    assert all(mark in held for n, one in enumerate(rows) if n % 3 for mark in destruction.traces([one]))


def test_a_wish_is_for_a_call_and_nothing_else(kept: Kept) -> None:
    kept.make_store()
    with pytest.raises(ErasureRefused):
        kept.eraser().erase([Wish("../../etc/passwd")])
    assert isinstance(kept.eraser(), Eraser)
