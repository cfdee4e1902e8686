"""Who can open recordings, by role, and where an identity is found: what is taken, and what is told."""

from pathlib import Path

import pytest

from eslbot.config import load
from eslbot.config.findings import ConfigError
from eslbot.config.keyholders import lonely
from eslbot.record.keys import HybridIdentity, Identity

A, B = (str(Identity(bytes([n] * 32)).recipient) for n in (1, 2))
H = str(HybridIdentity(bytes(32)).recipient)
HEAD = '[[switch]]\nname = "pbx1"\n'


def settings(tmp_path: Path, text: str, **environ: str):  # type: ignore[no-untyped-def]
    file = tmp_path / "eslbot.toml"
    file.write_text(HEAD + text)
    return load(file, environ, secrets=False)


def told(tmp_path: Path, text: str, **environ: str) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        settings(tmp_path, text, **environ)
    return [str(finding).removeprefix(f"{tmp_path}/") for finding in raised.value.findings]


def role(key: str, opens: str = "both", name: str = "quality") -> str:
    return f'[[recipient]]\nrole = "{name}"\nkey = "{key}"\nopens = "{opens}"\n'


def test_recipients_with_a_role_stand_beside_the_others(tmp_path: Path) -> None:
    found = settings(tmp_path, f'[record]\nrecipients = ["{A}"]\n' + role(B, "words"))
    assert found.sealed_for == (A, f"{B} words")
    assert settings(tmp_path, role(A)).sealed_for == (A,)
    assert settings(tmp_path, role(A, "audio") + role(B, "words")).sealed_for == (f"{A} audio", f"{B} words")
    assert settings(tmp_path, role(H, "audio") + role(B, "words")).sealed_for == (f"{H} audio", f"{B} words")


@pytest.mark.parametrize(("text", "expected"), [
    ("", "record.recipients: at least one is needed: `eslbot keys new -o KEYFILE` makes a key"),
    (role(A, "words"), "record.recipients: nobody could ever open the audio of a recording"),
    (f'[record]\nrecipients = ["{A}"]\n' + role(A), "eslbot.toml:7: recipient[0].key: the same recipient twice"),
    (f'[record]\nrecipients = ["{A}"]\n' + role(H), "eslbot.toml:7: recipient[0].key: hybrid recipients"),
    (role(A) + role("age1nonsense"), "eslbot.toml:9: recipient[1].key: "),
    (role(A) + role(B, "video"), "eslbot.toml:10: recipient[1].opens: must be 'both', 'audio' or 'words'"),
    (role(A, name="two words"), "eslbot.toml:4: recipient[0].role: must be 1 to 64 letters"),
    (f'[recipient]\nrole = "x"\nkey = "{A}"', "eslbot.toml:3: recipient: write [[recipient]], with two brackets"),
    (role(A) + '[keys]\nidentity = "k"\nidentity_command = "v"', "keys.identity_command: either a file or a command"),
    (role(A) + "[keys]\nidentity_command = \"it's\"", "keys.identity_command: not a command line"),
])
def test_what_cannot_be_meant_is_told_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    found = told(tmp_path, text)
    assert any(expected in one for one in found), found


def test_a_command_is_a_list_or_a_line_read_as_a_shell_reads_its_words(tmp_path: Path) -> None:
    text = role(A) + '[keys]\nidentity_command = "vault get -field=\'a key\' x"'
    assert settings(tmp_path, text).keys.identity_command == ("vault", "get", "-field=a key", "x")
    text = role(A) + '[keys]\nidentity_command = ["vault", "a b"]'
    assert settings(tmp_path, text).keys.identity_command == ("vault", "a b")
    found = settings(tmp_path, role(A), ESLBOT_KEYS__IDENTITY="eslbot.key").keys
    assert found.identity == tmp_path / "eslbot.key"


@pytest.mark.parametrize(("texts", "says"), [
    ([A], "one recipient only: "), ([A, B], ""), ([A, f"{B} words"], "one recipient only opens the audio: "),
    ([f"{A} audio", f"{B} words"], "one recipient only: "), ([A, f"{B} words", f"{H} audio"], ""),
])
def test_what_hangs_on_a_single_key_is_warned_of(texts: list[str], says: str) -> None:
    found = lonely(texts)
    assert found.startswith(says)
    assert bool(found) == bool(says)


def test_recipients_with_a_role_are_not_set_from_the_environment(tmp_path: Path) -> None:
    assert "recipients with a role are set in the file only" in told(tmp_path, role(A), ESLBOT_RECIPIENT__KEY=B)[0]
