import stat

import pyrage
import pytest

from eslbot.config import load

ENVIRON = {"ESLBOT_ESL_PASSWORD": "not-the-default"}


def test_what_it_makes_is_a_configuration_and_a_key_that_fit_each_other(tmp_path, eslbot):
    said = eslbot("init", tmp_path / "new" / "place")
    assert said.code == 0
    key = tmp_path / "new" / "place" / "eslbot.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    secret = [line for line in key.read_text().splitlines() if not line.startswith("#")]
    identity = pyrage.x25519.Identity.from_str(secret[0])
    settings = load(key.parent / "eslbot.toml", ENVIRON)
    assert settings.record.recipients == (str(identity.to_public()),)


def test_it_says_to_keep_a_second_key_elsewhere_and_shows_no_secret(tmp_path, eslbot):
    said = eslbot("init", tmp_path)
    assert "second one on another machine" in said.out
    assert "AGE-SECRET-KEY" not in said.out + said.err


@pytest.mark.parametrize("name", ["eslbot.toml", "eslbot.key"])
def test_it_overwrites_nothing_and_leaves_nothing_half_made(tmp_path, eslbot, name):
    (tmp_path / name).write_text("mine")
    said = eslbot("init", tmp_path)
    assert said.code == 1
    assert name in said.err
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_link_to_nowhere_is_not_followed(tmp_path, eslbot):
    (tmp_path / "eslbot.toml").symlink_to(tmp_path / "elsewhere")
    assert eslbot("init", tmp_path).code == 1
    assert not (tmp_path / "elsewhere").exists()


def test_a_place_that_cannot_be_made_is_told_in_one_line(tmp_path, eslbot):
    (tmp_path / "file").write_text("")
    said = eslbot("init", tmp_path / "file" / "below")
    assert said.code == 1
    assert len(said.err.splitlines()) == 1
