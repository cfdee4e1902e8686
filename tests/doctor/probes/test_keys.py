"""Secret keys left where recordings lie, and keys of live calls on a disk."""

import os
from datetime import UTC, datetime

from eslbot.config import load
from eslbot.doctor import mounts
from eslbot.doctor.probes import keys, local
from eslbot.doctor.verdicts.keys import judge_identities, judge_live
from eslbot.record.keys import identity_file, new_hybrid_identity, new_identity
from tests.doctor.conftest import levels

US = local.who_is(os.geteuid())
NOW = datetime(2026, 11, 26, tzinfo=UTC)


def searched(settings, tmp_path):
    return keys.identities(settings, tmp_path / "eslbot.toml", US)


def found(settings, tmp_path):
    search = searched(settings, tmp_path)
    return list(judge_identities(search.found, search.looked, search.whole))


def test_a_key_beside_the_recordings_is_an_error_wherever_below_them_and_is_never_shown(
    made, tmp_path, identity
) -> None:
    settings = made()
    day = settings.record.directory / "2026/11/26"
    day.mkdir(parents=True)
    (day / "notes.txt").write_text(identity_file(identity, NOW))
    (day / "call.audio").write_bytes(b"AGE-SECRET-KEY-1 as noise in what is sealed")
    [one] = found(settings, tmp_path)
    assert (one.level.value, one.check, one.of) == ("error", "keys.identity", str(day / "notes.txt"))
    assert identity.encode() not in repr(one)


def test_a_key_beside_the_configuration_is_warned_of_where_it_opens_the_recordings(made, tmp_path, identity) -> None:
    settings = made()
    (tmp_path / "eslbot.key").write_text(identity_file(identity, NOW))
    (tmp_path / "other.key").write_text(identity_file(new_identity(), NOW))
    told = {one.of: one.level.value for one in found(settings, tmp_path)}
    assert told == {str(tmp_path / "eslbot.key"): "warning", str(tmp_path / "other.key"): "hint"}


def test_a_key_beside_the_backup_is_an_error_even_where_it_is_none_of_the_recipients(made, tmp_path) -> None:
    (tmp_path / "backup").mkdir()
    settings = made(backup={"to": str(tmp_path / "backup")})
    (tmp_path / "backup/key").write_text(identity_file(new_identity(), NOW))
    assert levels(found(settings, tmp_path)) == {"keys.identity": "error"}


def test_the_key_that_this_machine_is_to_have_is_a_hint(made, tmp_path, identity) -> None:
    settings = made(keys={"identity": str(tmp_path / "player.key")})
    (tmp_path / "player.key").write_text(identity_file(identity, NOW))
    assert levels(found(settings, tmp_path)) == {"keys.identity": "hint"}


def test_a_hybrid_key_and_one_that_opens_the_words_alone_are_known_too(made, tmp_path) -> None:
    words = new_identity()
    settings = made()
    more = f'[[recipient]]\nrole = "quality"\nopens = "words"\nkey = "{words.recipient}"\n'
    text = (tmp_path / "eslbot.toml").read_text()
    (tmp_path / "eslbot.toml").write_text(text + more)
    settings = load(tmp_path / "eslbot.toml", {"PASSWORD": "x"})
    (tmp_path / "words.key").write_text(identity_file(words, NOW))
    (tmp_path / "hybrid.key").write_text(identity_file(new_hybrid_identity(), NOW))
    told = {one.of: one.level.value for one in found(settings, tmp_path)}
    assert told == {str(tmp_path / "words.key"): "warning", str(tmp_path / "hybrid.key"): "hint"}


def test_where_there_are_too_many_files_that_is_said(made, tmp_path, monkeypatch) -> None:
    settings = made()
    monkeypatch.setattr(keys, "MOST", 2)
    settings.record.directory.mkdir()
    for number in range(4):
        (settings.record.directory / f"{number}.txt").touch()
    assert "were not" in found(settings, tmp_path)[0].found


def test_live_keys_on_a_disk_or_open_to_others(made, tmp_path) -> None:
    settings = made(record={"live": "/dev/shm"})
    assert levels(judge_live(keys.live(settings), US)) == {"keys.live": "error"}   # everyone's
    if not mounts.in_memory(tmp_path):
        assert levels(judge_live(keys.live(made()), US)) == {"keys.live": "error"}
    memory = made(record={"live": f"/dev/shm/no-such-{os.getpid()}"})
    assert levels(judge_live(keys.live(memory), US)) == {"keys.live": "ok"}
