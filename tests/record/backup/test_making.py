"""Backups of a real store (SQLite, PostgreSQL) with real sealed files, to a directory and to an object store."""

import pytest

from eslbot.record import paths
from eslbot.record.backup import BackupProblem, Place, layout, making
from eslbot.record.erase import Wish
from eslbot.store import destruction
from tests.record.backup.rig import back_up
from tests.record.keeping import CALLS, Kept

ONE, TWO, THREE = CALLS[:3]


def everything(place: Place) -> dict[str, bytes]:
    from eslbot.record.backup.places import get_bytes

    return {name: get_bytes(place, name) for prefix in ("payload/", "call/", "tables/", "index/", "snapshot/")
            for name, _ in place.names(prefix)}


def test_sealed_files_are_put_once_and_only_what_is_new_the_next_time(kept: Kept, place: Place) -> None:
    kept.record(ONE, TWO)
    first = back_up(kept, place)
    assert (first["snapshot"], first["calls"], first["put"], first["problems"]) == (1, 2, 4, [])
    kept.record(THREE)
    second = back_up(kept, place)
    assert (second["snapshot"], second["calls"], second["put"]) == (2, 3, 2)
    assert back_up(kept, place)["put"] == 0
    assert [what for what, _, _ in kept.audited()] == ["backup"] * 3


def test_no_identity_and_no_plain_row_is_needed_or_found(kept: Kept, place: Place) -> None:
    kept.record(ONE)
    kept.eraser().hold(ONE, "the-courts-reason")
    back_up(kept, place)
    assert not any(b"the-courts-reason" in data for data in everything(place).values())


def test_an_erased_calls_keys_are_in_no_snapshot_any_more_old_ones_too(kept: Kept, place: Place) -> None:
    kept.record(ONE, TWO)
    row = kept.row(ONE)
    back_up(kept, place)
    kept.eraser().erase([Wish(ONE)])
    report = back_up(kept, place)
    assert (report["erased"], report["calls"]) == (1, 1)
    held = everything(place)
    assert layout.call_name(ONE) not in held
    assert layout.payload_name(row.sha256) not in held
    assert layout.payload_name(row.words_sha256) not in held
    import base64

    for header in (row.audio_header, row.words_header):
        assert not any(base64.b64encode(header) in data for data in held.values())
    assert layout.call_name(TWO) in held


def test_old_snapshots_go_and_the_files_stay(kept: Kept, place: Place) -> None:
    kept.record(ONE)
    for _ in range(4):
        back_up(kept, place, keep=2)
    assert making.snapshots(place) == [3, 4]
    assert {name for name in everything(place) if not name.startswith(("payload", "call"))} == {
        name for number in (3, 4) for name in layout.names(number)}
    assert len(list(place.names("payload/"))) == 2


def test_a_file_that_is_missing_or_changed_is_told_and_the_rest_is_backed_up(kept: Kept, place: Place) -> None:
    kept.record(ONE, TWO, THREE)
    gone, changed = (paths.audio(kept.options.directory, kept.row(call).path) for call in (ONE, TWO))
    gone.unlink()
    changed.write_bytes(changed.read_bytes()[:-1] + b"x")
    report = back_up(kept, place)
    assert report["calls"] == 1
    assert sorted(problem.split(": ")[0] for problem in report["problems"]) == sorted([str(gone), str(changed)])


def test_another_machines_files_are_left_to_it(kept: Kept, place: Place) -> None:
    kept.record(ONE)
    kept.node = "n2"
    kept.options = type(kept.options)(kept.directory / "other", kept.options.recipients, kept.options.live_directory)
    report = back_up(kept, place)
    assert (report["calls"], report["elsewhere"], report["problems"]) == (0, 1, [])


def test_what_is_going_on_waits_for_the_next_run(kept: Kept, place: Place) -> None:
    kept.record(ONE, ended=False, samples=40_000)
    assert back_up(kept, place)["calls"] == 0


def test_what_was_never_closed_is_backed_up_as_it_is(kept: Kept, place: Place) -> None:
    kept.record(ONE)
    with kept.eraser().ledger.engine.begin() as connection:
        connection.execute(destruction.recordings.update().values(state="incomplete", sha256="", words_sha256=""))
    report = back_up(kept, place)
    assert (report["calls"], report["put"]) == (1, 2)


def test_a_snapshot_that_cannot_be_read_is_told_and_the_next_is_whole(kept: Kept, place: Place) -> None:
    from eslbot.record.backup import checking
    from eslbot.record.backup.places import put_bytes

    kept.record(ONE)
    back_up(kept, place)
    back_up(kept, place)
    put_bytes(place, layout.names(2)[0], b"{}")
    report = back_up(kept, place)
    assert [layout.names(2)[0] in problem for problem in report["problems"]] == [True]
    assert (report["snapshot"], report["calls"], report["put"]) == (3, 1, 0)
    assert checking.verify(place)["problems"] == []


def test_another_stores_backup_is_not_pushed_out(kept: Kept, place: Place, tmp_path: object) -> None:
    from pathlib import Path

    kept.record(ONE)
    back_up(kept, place)
    back_up(kept, place)
    directory = Path(str(tmp_path)) / "another"
    other = Kept(directory, f"sqlite:///{directory / 'e.db'}")
    other.record(TWO)
    with pytest.raises(BackupProblem, match="another store"):
        back_up(other, place)
    assert making.snapshots(place) == [1, 2]
