"""Verification and rehearsal: what was changed in a place is named, whatever it is."""

from pathlib import Path

import pytest

from eslbot.record import checkpoint
from eslbot.record.backup import BackupProblem, Place, checking, layout, place_of
from eslbot.record.backup.places import get_bytes, put_bytes
from eslbot.record.checkpoint import Signer, make_key, public_file, public_key
from eslbot.record.erase import Wish
from eslbot.record.keys import new_identity
from tests.record.backup.rig import back_up
from tests.record.keeping import CALLS, Kept
from tests.record.rig import IDENTITY

ONE, TWO, THREE = CALLS[:3]


def spoil(place: Place, name: str) -> None:
    data = bytearray(get_bytes(place, name))
    data[len(data) // 2] ^= 1
    put_bytes(place, name, bytes(data))


def test_a_good_backup_is_good_and_all_of_it_is_read(kept: Kept, place: Place) -> None:
    kept.record(ONE, TWO)
    made = back_up(kept, place)
    told: list[tuple[int, int]] = []
    report = checking.verify(place, progress=lambda done, of: told.append((done, of)))
    assert (report["problems"], report["bytes"], report["calls"]) == ([], made["bytes"], 2)
    assert told[-1] == (made["bytes"], made["bytes"])


@pytest.mark.parametrize("prefix", ["payload/", "call/", "tables/", "index/"])
@pytest.mark.parametrize("how", ["spoil", "delete"])
def test_whatever_was_changed_or_lost_is_named(kept: Kept, place: Place, prefix: str, how: str) -> None:
    kept.record(ONE, TWO)
    back_up(kept, place)
    name = sorted(place.names(prefix))[0][0]
    spoil(place, name) if how == "spoil" else place.delete(name)
    [problem] = checking.verify(place)["problems"]
    assert name in problem


def test_a_snapshot_that_was_changed_is_not_believed(kept: Kept, place: Place) -> None:
    kept.record(ONE)
    back_up(kept, place)
    spoil(place, layout.names(1)[0])
    with pytest.raises(BackupProblem, match=r"snapshot/00000001\.json"):
        checking.verify(place)


def test_a_signed_snapshot_is_believed_by_its_key_alone(kept: Kept, place: Place, tmp_path: Path) -> None:
    kept.record(ONE)
    for name in ("a", "b"):
        make_key(tmp_path / name)
    back_up(kept, place, signer=Signer.of(tmp_path / "a"))
    assert checking.verify(place, key=public_key(public_file(tmp_path / "a")))["signed"]
    with pytest.raises(BackupProblem, match="signature"):
        checking.verify(place, key=public_key(public_file(tmp_path / "b")))
    back_up(kept, place)
    with pytest.raises(BackupProblem, match="signature"):
        checking.verify(place, key=public_key(public_file(tmp_path / "a")))
    assert checkpoint.PublicKey


def test_an_old_snapshot_is_good_after_an_erasure_and_keys_that_came_back_are_told(kept: Kept, place: Place) -> None:
    kept.record(ONE, TWO)
    back_up(kept, place)
    held = get_bytes(place, layout.call_name(ONE))
    kept.eraser().erase([Wish(ONE)])
    back_up(kept, place)
    report = checking.verify(place, 1)
    assert (report["problems"], report["erased"]) == ([], 1)
    put_bytes(place, layout.call_name(ONE), held)
    [problem] = checking.verify(place, 1)["problems"]
    assert "its keys are here still" in problem


def test_an_empty_place_has_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(BackupProblem, match="no snapshot"):
        checking.verify(place_of(str(tmp_path / "none")))


def test_a_rehearsal_opens_a_sample_that_its_seed_decides(kept: Kept, place: Place) -> None:
    kept.record(*CALLS[:6])
    back_up(kept, place)
    one = checking.rehearse(place, 3, 42, [IDENTITY])
    assert one == checking.rehearse(place, 3, 42, [IDENTITY])
    assert (len(one["calls"]), one["problems"], one["opened"], one["seconds"]) == (3, [], True, 7.5)
    assert {tuple(checking.rehearse(place, 3, seed)["calls"]) for seed in range(10)} != {tuple(one["calls"])}
    assert len(checking.rehearse(place, 100, 1)["calls"]) == 6


def test_a_rehearsal_finds_what_cannot_be_brought_back_or_opened(kept: Kept, place: Place) -> None:
    kept.record(ONE, TWO)
    back_up(kept, place)
    assert "none of the identities" in checking.rehearse(place, 2, 1, [new_identity()])["problems"][0]
    spoil(place, layout.payload_name(kept.row(ONE).sha256))
    place.delete(layout.call_name(TWO))
    problems = checking.rehearse(place, 2, 1)["problems"]
    assert sorted(problem.split(": ")[0] for problem in problems) == [ONE, TWO]
