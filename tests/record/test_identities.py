"""An identity from a file, a sealed file, a command; what goes wrong is told, and never the key."""

import stat
import sys
from pathlib import Path

import pytest

from eslbot.record import identities, keys, passphrase
from eslbot.record.identities import from_command, from_file
from eslbot.record.keys import KeyProblem

KEY = keys.Identity(bytes(range(32)))
HYBRID = keys.HybridIdentity(bytes(range(32)))
TEXT = f"# mine\n{KEY.encode()}\n{HYBRID.encode()}\n"


def program(tmp_path: Path, text: str) -> str:
    path = tmp_path / "give-key"
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(stat.S_IRWXU)
    return str(path)


def test_a_file_is_read_plain_or_sealed_and_of_both_kinds_of_key(tmp_path: Path) -> None:
    plain, sealed = tmp_path / "plain", tmp_path / "sealed"
    plain.write_text(TEXT)
    sealed.write_bytes(passphrase.seal(TEXT.encode(), "secret", 4))
    asked: list[str] = []

    def ask(what: str) -> str:
        asked.append(what)
        return "secret"

    assert from_file(plain, ask) == (KEY, HYBRID)
    assert asked == []
    assert from_file(sealed, ask) == (KEY, HYBRID)
    assert asked == [str(sealed)]


@pytest.mark.parametrize(("data", "says"), [
    (None, "cannot be read: No such file"),
    (b"# nothing\n", "no identity"),
    (b"\xff\xfe", "not text"),
    (bytes(2 << 20), "too large"),
    (passphrase.seal(TEXT.encode(), "other", 4), "the passphrase is another"),
    (passphrase.seal(TEXT.encode(), "secret", 4)[:-40], "armour"),
    (b"age-encryption.org/v1\n", "ends"),
    (TEXT.encode()[:-2], ":3: "),
], ids=["absent", "empty", "binary", "large", "another", "cut", "header", "mistyped"])
def test_a_file_that_cannot_be_used_is_told_why(tmp_path: Path, data: bytes | None, says: str) -> None:
    path = tmp_path / "key"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(KeyProblem, match=says) as told:
        from_file(path, lambda what: "secret")
    assert str(path) in str(told.value)
    assert KEY.encode()[20:40] not in str(told.value)


def test_a_sealed_file_where_nobody_can_be_asked(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(passphrase.seal(TEXT.encode(), "secret", 4))
    with pytest.raises(KeyProblem, match="nobody is there to ask"):
        from_file(tmp_path / "key")


def test_a_command_gives_what_it_prints_and_no_shell_reads_its_arguments(tmp_path: Path) -> None:
    one = program(tmp_path, f"import sys\nassert sys.argv[1:] == ['$HOME; ls', '*']\nprint({TEXT!r})")
    assert from_command([one, "$HOME; ls", "*"]) == (KEY, HYBRID)


@pytest.mark.parametrize(("body", "says"), [
    ("raise SystemExit(3)", "ended with code 3"),
    ("print('hello')", "upper case"),
    ("", "no identity"),
    (f"print('''{TEXT[:-2]}''')", "line:3: "),
    ("import sys; sys.stdout.buffer.write(bytes([255, 254]))", "not text"),
])
def test_a_command_that_fails_is_named_without_its_arguments_or_its_answer(
    tmp_path: Path, body: str, says: str
) -> None:
    with pytest.raises(KeyProblem, match=says) as told:
        from_command([program(tmp_path, body), "--token=hush"])
    assert "give-key" in str(told.value)
    assert "hush" not in str(told.value)
    assert KEY.encode()[20:40] not in str(told.value) + repr(told.value.__context__)


def test_a_command_that_does_not_answer_is_ended_with_all_it_started(tmp_path: Path) -> None:
    held = tmp_path / "held"
    body = f"import subprocess, sys, time\nsubprocess.Popen(['sleep', '600'])\nopen({str(held)!r}, 'w').close()\n" \
           "time.sleep(600)"
    with pytest.raises(KeyProblem, match="has not answered for 2 s"):
        from_command([program(tmp_path, body)], seconds=2.0)
    assert held.exists()


def test_what_the_configuration_names_is_given_and_nothing_where_it_names_nothing(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(TEXT)
    assert identities.configured(tmp_path / "key", ()) == (KEY, HYBRID)
    assert identities.configured(None, [program(tmp_path, f"print({TEXT!r})")]) == (KEY, HYBRID)
    assert identities.configured(None, ()) == ()


def test_a_command_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(KeyProblem, match="cannot be started: No such file"):
        from_command([str(tmp_path / "absent")])
    with pytest.raises(KeyProblem, match="empty"):
        from_command([])
    assert identities.COMMAND_SECONDS <= 120
