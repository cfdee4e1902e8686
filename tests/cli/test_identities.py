import stat
import sys

import pytest

from eslbot.config import load
from eslbot.store import Store


@pytest.fixture
def key(stored):
    return stored.parent / "eslbot.key"


@pytest.fixture
def command(key, tmp_path):
    path = tmp_path / "vault"
    path.write_text(f"#!{sys.executable}\nprint(open({str(key)!r}).read())\n")
    path.chmod(stat.S_IRWXU)
    return path


def words(eslbot, stored, tmp_path, *more):
    """The exported transcript of one call, by whatever opens it."""
    call = Store.open_readonly(load(stored, {}, secrets=False).store.url).recordings.find(limit=1)[0].call
    out = tmp_path / "words.jsonl"
    out.unlink(missing_ok=True)
    said = eslbot("recordings", "export", call, "--words", out, "-c", stored, *more)
    return out.read_text() if said.code == 0 else said.err


def test_every_source_opens_the_same(stored, key, command, eslbot, tmp_path, monkeypatch):
    monkeypatch.setenv("ESLBOT_PASSPHRASE", "secret")
    assert eslbot("keys", "seal", key, "-o", tmp_path / "sealed.key").code == 0
    found = words(eslbot, stored, tmp_path, "--identity", key)
    assert '"kind"' in found
    assert words(eslbot, stored, tmp_path, "--identity", tmp_path / "sealed.key") == found
    assert words(eslbot, stored, tmp_path, "--identity-command", f"{command} --token x") == found
    monkeypatch.setenv("ESLBOT_KEYS__IDENTITY_COMMAND", str(command))
    assert words(eslbot, stored, tmp_path) == found
    monkeypatch.delenv("ESLBOT_KEYS__IDENTITY_COMMAND")
    monkeypatch.setenv("ESLBOT_KEYS__IDENTITY", str(key))
    assert words(eslbot, stored, tmp_path) == found


def test_without_any_it_is_said_what_to_give(stored, key, eslbot, tmp_path):
    assert "--identity KEYFILE, --identity-command COMMAND, or [keys]" in words(eslbot, stored, tmp_path)
    both = words(eslbot, stored, tmp_path, "--identity", key, "--identity-command", "vault")
    assert both == "either --identity or --identity-command\n"
    assert "not a terminal" not in words(eslbot, stored, tmp_path, "--identity-command", "'unclosed")
    assert "--identity-command: " in words(eslbot, stored, tmp_path, "--identity-command", "'unclosed")


def test_a_sealed_key_with_nobody_to_ask_is_told(stored, key, eslbot, tmp_path, monkeypatch):
    monkeypatch.setenv("ESLBOT_PASSPHRASE", "secret")
    eslbot("keys", "seal", key, "-o", tmp_path / "sealed.key")
    monkeypatch.setenv("ESLBOT_PASSPHRASE", "other")
    assert "the passphrase is another" in words(eslbot, stored, tmp_path, "--identity", tmp_path / "sealed.key")
    monkeypatch.delenv("ESLBOT_PASSPHRASE")
    assert "no terminal to ask at" in words(eslbot, stored, tmp_path, "--identity", tmp_path / "sealed.key")


def test_each_command_that_opens_something_takes_all_three(eslbot):
    for command in (["recordings", "export"], ["replay"], ["backup", "restore"], ["backup", "rehearse"],
                    ["keys", "rotate"]):
        said = eslbot(*command, "--help").out
        assert "--identity" in said
        assert "--identity-command" in said
