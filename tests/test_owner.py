import os

import pytest

from eslbot import owner

root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
OTHER = 65531


@root
def test_what_root_makes_is_whose_its_directory_is(tmp_path) -> None:
    os.chown(tmp_path, OTHER, OTHER)
    made = tmp_path / "made"
    made.touch()
    owner.as_above(made)
    assert (made.stat().st_uid, made.stat().st_gid) == (OTHER, OTHER)


@root
def test_a_link_is_given_away_and_not_what_it_leads_to(tmp_path) -> None:
    ours = tmp_path / "ours"
    ours.touch()
    (tmp_path / "theirs" / "deep").mkdir(parents=True)
    os.chown(tmp_path / "theirs", OTHER, OTHER)
    (tmp_path / "theirs" / "deep" / "link").symlink_to(ours)
    owner.all_below(tmp_path / "theirs")
    assert (tmp_path / "theirs" / "deep").stat().st_uid == OTHER
    assert (tmp_path / "theirs" / "deep" / "link").lstat().st_uid == OTHER
    assert ours.stat().st_uid == 0


def test_who_is_not_root_gives_nothing_away(tmp_path, monkeypatch) -> None:
    def chown(*arguments, **more):
        raise AssertionError

    monkeypatch.setattr(os, "geteuid", lambda: OTHER)
    monkeypatch.setattr(os, "chown", chown)
    owner.as_above(tmp_path)
    owner.all_below(tmp_path)
