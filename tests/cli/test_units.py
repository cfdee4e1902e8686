"""The units' texts. What systemd makes of them: tests/deployment."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.cli import units
from eslbot.config import Settings, load
from tests.config.examples import ENVIRON, RECIPIENT, SMALLEST

PLACES = units.Places(Path("/opt/eslbot/bin/eslbot"), Path("/etc/eslbot/eslbot.toml"), "eslbot")


def settings(directory: Path, more: str = "") -> Settings:
    file = directory / "eslbot.toml"
    file.write_text(SMALLEST + more)
    return load(file, ENVIRON)


def values(text: str, key: str) -> list[str]:
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{key}=")]


def test_the_service_may_write_where_its_configuration_says_and_nowhere_else(tmp_path: Path) -> None:
    more = (
        '[audio]\nspool = "/run/spool"\n[store]\nurl = "sqlite:////var/lib/e/a.db"\n'
        '[journal]\ndirectory = "/var/lib/j"\n[admin]\nsocket = "/run/e/sock"\n'
    )
    text = units.service(settings(tmp_path, more), PLACES)
    (written,) = values(text, "ReadWritePaths")
    assert written.split() == sorted(["/dev/shm", "/run/spool", str(tmp_path / "recordings")])
    assert values(text, "StateDirectory") == ["e j"]  # what systemd makes for it, it may write
    assert values(text, "ProtectSystem") == ["strict"]


def test_it_may_write_checkpoints_and_backups_and_starts_where_their_disk_is_away(tmp_path: Path) -> None:
    more = '[audit]\nkey = "k"\ncheckpoint = "/mnt/a/c.jsonl"\n[backup]\nto = "/mnt/b c"\n'
    (written,) = values(units.service(settings(tmp_path, more), PLACES), "ReadWritePaths")
    assert written.endswith(' -/mnt/a "-/mnt/b c"')
    (written,) = values(units.service(settings(tmp_path, '[backup]\nto = "s3://bucket"\n'), PLACES), "ReadWritePaths")
    assert "-" not in written.replace(str(tmp_path), "")


def test_what_lies_below_run_and_var_lib_is_made_by_systemd_and_kept_when_the_service_stops(tmp_path: Path) -> None:
    more = (
        '[audio]\nspool = "/run/spool"\n[record]\ndirectory = "/var/lib/eslbot/recordings"\nlive = "/run/eslbot/live"\n'
        '[admin]\nsocket = "/run/eslbot/sock"\n[store]\nurl = "sqlite:////var/lib/eslbot/a.db"\n'
    )
    record = f'[record]\nrecipients = ["{RECIPIENT}"]\n'
    file = tmp_path / "eslbot.toml"
    file.write_text(SMALLEST.replace(record, "") + more.replace("[record]\n", record))
    text = units.service(load(file, ENVIRON), PLACES)
    assert values(text, "RuntimeDirectory") == ["eslbot eslbot/live"]  # the spool has a mount of its own
    assert values(text, "RuntimeDirectoryPreserve") == ["yes"]
    assert values(text, "StateDirectory") == ["eslbot eslbot/recordings"]
    assert values(text, "RuntimeDirectoryMode") == ["0700"]
    # one that is named there and is not there yet keeps the unit from starting (226/NAMESPACE)
    assert not [path for line in values(text, "ReadWritePaths") for path in line.split() if path.startswith("/var/lib")]
    assert units.absent(load(file, ENVIRON)) == [tmp_path / "journal"]


def test_the_setgid_bit_is_forbidden_only_where_the_spool_does_not_need_it(tmp_path: Path) -> None:
    alone = units.service(settings(tmp_path), PLACES)
    shared = units.service(settings(tmp_path, '[audio]\nspool = "/run/spool"\ngroup = "telephony"\n'), PLACES)
    assert values(alone, "RestrictSUIDSGID") == ["yes"]
    assert values(alone, "SupplementaryGroups") == []
    assert values(shared, "RestrictSUIDSGID") == []
    assert values(shared, "SupplementaryGroups") == ["telephony"]


def test_a_spool_outside_dev_shm_gets_a_tmpfs_with_a_size_which_the_service_waits_for(tmp_path: Path) -> None:
    own = settings(tmp_path, '[audio]\nspool = "/run/eslbot-spool"\ngroup = "telephony"\n')
    made = units.mount(own, PLACES)
    assert made is not None
    name, text = made
    assert name == "run-eslbot\\x2dspool.mount"
    assert values(text, "Options") == ["size=256m,uid=eslbot,mode=2770,gid=telephony,noexec,nosuid,nodev"]
    assert values(units.service(own, PLACES), "RequiresMountsFor") == ["/run/eslbot-spool"]


@pytest.mark.parametrize("more", ["", '[audio]\nsource = "fork"\nspool = "/run/spool"\n'], ids=["dev-shm", "fork"])
def test_nothing_is_mounted_where_there_is_no_spool_or_it_lies_in_dev_shm(tmp_path: Path, more: str) -> None:
    assert units.mount(settings(tmp_path, more), PLACES) is None
    assert values(units.service(settings(tmp_path, more), PLACES), "RequiresMountsFor") == []


def test_words_that_systemd_would_read_otherwise_are_quoted(tmp_path: Path) -> None:
    places = units.Places(Path("/opt/a b/100%/eslbot"), Path("/etc/$HOME/e.toml"), "eslbot")
    (line,) = values(units.service(settings(tmp_path), places), "ExecStart")
    assert line == '"/opt/a b/100%%/eslbot" run -c "/etc/$$HOME/e.toml"'


@given(st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1))
def test_a_mounts_name_holds_only_what_a_unit_may_and_tells_paths_apart(part: str) -> None:
    name = units.unit_name(Path("/run") / part)
    assert set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_.\\-")
    inner = name.removesuffix(".mount").removeprefix("run-")
    raw = b"".join(
        bytes.fromhex(piece[1:3]) + piece[3:].encode() if number else piece.encode()
        for number, piece in enumerate(inner.replace("\\x", "\0x").split("\0"))
    )
    if part not in (".", ".."):
        assert raw.decode() == part
