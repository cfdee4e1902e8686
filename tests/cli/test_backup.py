"""Backups as people command them: the whole way there and back, over real sealed recordings."""

import shutil

from tests.cli.test_recordings import CUT, WHOLE, export, sealed

__all__ = ["sealed"]


def elsewhere(file, directory):
    """The same configuration and key on an empty machine."""
    directory.mkdir()
    for name in ("eslbot.toml", "eslbot.key"):
        shutil.copy(file.parent / name, directory / name)
    return directory / "eslbot.toml"


def test_there_and_back(sealed, eslbot, tmp_path):
    place = tmp_path / "backup"
    said = eslbot("backup", "run", "--to", place, "--json", "-c", sealed)
    assert (said.code, said.json["calls"], said.json["put"], said.json["problems"]) == (0, 1, 2, [])
    assert eslbot("backup", "verify", "--to", place, "-c", sealed).code == 0
    key = sealed.parent / "eslbot.key"
    said = eslbot("backup", "rehearse", "--to", place, "--identity", key, "--seed", "7", "--json", "-c", sealed)
    assert (said.code, said.json["calls"], said.json["seconds"], said.json["opened"]) == (0, [WHOLE], 2.5, True)
    [row] = eslbot("backup", "list", "--to", place, "--json", "-c", sealed).json
    assert (row["snapshot"], row["calls"]) == (1, 1)
    new = elsewhere(sealed, tmp_path / "new")
    said = eslbot("backup", "restore", "--from", place, "--identity", key, "--json", "-c", new)
    assert said.code == 1   # one call was still going on, and its row says so
    assert [problem.split(": ")[0] for problem in said.json["problems"]] == [CUT]
    assert export(eslbot, new, WHOLE, tmp_path / "back.wav").code == 0
    assert export(eslbot, sealed, WHOLE, tmp_path / "there.wav").code == 0
    assert (tmp_path / "back.wav").read_bytes() == (tmp_path / "there.wav").read_bytes()
    assert eslbot("audit", "verify", "-c", new).code == 0
    rows = eslbot("audit", "list", "--json", "-c", sealed).json
    assert [row["what"] for row in rows] == ["backup", "rehearse", "export"]
    assert "seed 7" in rows[1]["detail"]


def test_what_is_wrong_with_a_backup_is_named_and_is_code_1(sealed, eslbot, tmp_path):
    place = tmp_path / "backup"
    eslbot("backup", "run", "--to", place, "-c", sealed)
    [victim, _] = sorted(file for file in (place / "payload").rglob("*") if file.is_file())
    victim.write_bytes(b"x")
    said = eslbot("backup", "verify", "--to", place, "-c", sealed)
    assert said.code == 1
    assert victim.name in said.err


def test_an_erased_call_is_gone_after_the_next_run(sealed, eslbot, tmp_path):
    place = tmp_path / "backup"
    sealed.write_text(sealed.read_text().replace('# to = "/mnt/elsewhere/eslbot"', f'to = "{place}"'))
    eslbot("backup", "run", "-c", sealed)
    assert eslbot("recordings", "erase", WHOLE, "--reason", "asked to", "-c", sealed).code == 0
    assert eslbot("backup", "run", "--json", "-c", sealed).json["erased"] == 1
    assert not [file for file in place.rglob("*") if WHOLE in file.name]
    assert eslbot("backup", "verify", "--snapshot", "1", "--json", "-c", sealed).json["erased"] == 1


def test_snapshots_are_signed_with_the_audits_key(sealed, eslbot, tmp_path):
    eslbot("audit", "key", "-o", sealed.parent / "audit.key")
    sealed.write_text(sealed.read_text().replace('# key = "./audit.key"', 'key = "./audit.key"'))
    assert eslbot("backup", "run", "--to", tmp_path / "b", "--json", "-c", sealed).json["signed"] is True
    assert eslbot("backup", "verify", "--to", tmp_path / "b", "--json", "-c", sealed).json["signed"] is True


def test_without_a_place_or_a_backup_it_is_told(sealed, eslbot, tmp_path):
    said = eslbot("backup", "run", "-c", sealed)
    assert (said.code, "--to" in said.err) == (2, True)
    said = eslbot("backup", "verify", "--to", tmp_path / "none", "-c", sealed)
    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert eslbot("backup", "list", "--to", tmp_path / "none", "-c", sealed).out == "nothing was backed up there yet\n"


def test_a_place_that_is_neither_directory_nor_bucket_is_a_mistake(sealed, eslbot):
    sealed.write_text(sealed.read_text().replace('# to = "/mnt/elsewhere/eslbot"', 'to = "ftp://x/y"'))
    said = eslbot("backup", "run", "-c", sealed)
    assert said.code == 2
    assert "s3://bucket/prefix" in said.err
