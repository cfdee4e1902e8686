"""One behaviour, whatever the place: a directory, and an S3 server in a process of its own."""

import stat
from pathlib import Path

import pytest

from eslbot.record.backup import BackupProblem, Place, place_of
from eslbot.record.backup.places import Missing, get_bytes, put_bytes


def test_what_was_put_is_got_listed_and_deleted(place: Place) -> None:
    put_bytes(place, "call/ab/x.json", b"one")
    put_bytes(place, "payload/ab/y", b"two!" * 100_000)
    assert get_bytes(place, "call/ab/x.json") == b"one"
    assert sorted(place.names("call/")) == [("call/ab/x.json", 3)]
    assert sorted(place.names("payload/")) == [("payload/ab/y", 400_000)]
    assert list(place.names("nothing/")) == []
    put_bytes(place, "call/ab/x.json", b"other")
    assert get_bytes(place, "call/ab/x.json") == b"other"
    place.delete("call/ab/x.json")
    place.delete("call/ab/x.json")
    with pytest.raises(Missing, match=r"call/ab/x\.json: is missing"):
        get_bytes(place, "call/ab/x.json")


def test_many_are_listed_all(place: Place) -> None:
    for n in range(30):
        put_bytes(place, f"payload/00/{n:02}", b"x" * n)
    assert sorted(place.names("payload/")) == [(f"payload/00/{n:02}", n) for n in range(30)]


def test_a_directorys_files_are_their_owners_alone_and_halves_are_not_seen(tmp_path: Path) -> None:
    place = place_of(str(tmp_path / "b"))
    put_bytes(place, "call/ab/x.json", b"one")
    (tmp_path / "b/call/ab/.y.json.new").write_bytes(b"half")
    assert [name for name, _ in place.names("call/")] == ["call/ab/x.json"]
    assert stat.S_IMODE((tmp_path / "b/call/ab/x.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "b/call").stat().st_mode) == 0o700


def test_a_place_that_fails_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BackupProblem, match="file"):
        put_bytes(place_of(str(tmp_path / "file")), "call/ab/x", b"")
