"""Signed checkpoints. The oracle is openssl, where it is there, and the library's own refusals."""

import base64
import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from eslbot.record import checkpoint
from eslbot.record.checkpoint import Checkpoint, CheckpointProblem, Signer

DIGEST = "ab" * 32


@pytest.fixture
def key(tmp_path: Path) -> Path:
    checkpoint.make_key(tmp_path / "audit.key")
    return tmp_path / "audit.key"


def test_the_private_key_is_its_owners_alone_and_never_overwritten(key: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    with pytest.raises(CheckpointProblem, match="exists already"):
        checkpoint.make_key(key)
    assert key.read_bytes() == before
    assert b"PRIVATE" not in checkpoint.public_file(key).read_bytes()


def test_a_key_that_others_may_read_is_refused(key: Path) -> None:
    key.chmod(0o640)
    with pytest.raises(CheckpointProblem, match="others may read"):
        Signer.of(key)


def test_what_was_signed_is_read_back(key: Path, tmp_path: Path) -> None:
    signer, file = Signer.of(key), tmp_path / "c.jsonl"
    for seq in (0, 5, 9):
        checkpoint.append(file, signer.checkpoint(seq, DIGEST, 1, "node"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    public = checkpoint.public_key(checkpoint.public_file(key))
    assert checkpoint.marks(file, public) == dict.fromkeys((0, 5, 9), DIGEST)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_openssl_verifies_it_from_what_the_page_says(key: Path, tmp_path: Path) -> None:
    line = json.loads(Signer.of(key).checkpoint(7, DIGEST, 12, "节点").line())
    said = json.dumps(["eslbot-checkpoint-1", line["seq"], line["digest"], line["at_us"], line["node"]],
                      separators=(",", ":"))
    (tmp_path / "said").write_text(said)
    (tmp_path / "sig").write_bytes(base64.b64decode(line["signature"]))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-rawin", "-inkey", checkpoint.public_file(key), "-in",
               tmp_path / "said", "-sigfile", tmp_path / "sig"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    (tmp_path / "said").write_text(said.replace("7", "8", 1))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize(("field", "value"), [("seq", 8), ("digest", "cd" * 32), ("at_us", 2), ("node", "x")])
def test_a_changed_field_is_told_with_its_line(key: Path, tmp_path: Path, field: str, value: object) -> None:
    good = Signer.of(key).checkpoint(7, DIGEST, 1, "node").line()
    (tmp_path / "c").write_text(good + "\n" + json.dumps(json.loads(good) | {field: value}) + "\n")
    with pytest.raises(CheckpointProblem, match="c:2: its signature"):
        checkpoint.marks(tmp_path / "c", checkpoint.public_key(checkpoint.public_file(key)))


@pytest.mark.parametrize("line", ["{}", "[1]", "nonsense", '{"seq": "1"}', "null"])
def test_a_line_that_is_no_checkpoint_is_told(key: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "c").write_text(line + "\n")
    with pytest.raises(CheckpointProblem, match="c:1: not a checkpoint"):
        checkpoint.marks(tmp_path / "c", checkpoint.public_key(checkpoint.public_file(key)))


def test_another_keys_checkpoints_and_an_empty_file_prove_nothing(key: Path, tmp_path: Path) -> None:
    public = checkpoint.public_key(checkpoint.public_file(key))
    checkpoint.make_key(tmp_path / "other")
    checkpoint.append(tmp_path / "c", Signer.of(tmp_path / "other").checkpoint(1, DIGEST, 1, "n"))
    with pytest.raises(CheckpointProblem, match="signature"):
        checkpoint.marks(tmp_path / "c", public)
    (tmp_path / "empty").write_text("")
    with pytest.raises(CheckpointProblem, match="no checkpoint"):
        checkpoint.marks(tmp_path / "empty", public)


def test_two_histories_of_one_row_are_told(key: Path, tmp_path: Path) -> None:
    for digest in (DIGEST, "cd" * 32):
        checkpoint.append(tmp_path / "c", Signer.of(key).checkpoint(3, digest, 1, "n"))
    with pytest.raises(CheckpointProblem, match="c:2: row 3 had another digest"):
        checkpoint.marks(tmp_path / "c", checkpoint.public_key(checkpoint.public_file(key)))


def test_what_is_no_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "k").write_text("nonsense")
    (tmp_path / "k").chmod(0o600)
    for read in (Signer.of, checkpoint.public_key):
        with pytest.raises(CheckpointProblem, match=r"k: not a (private|public) key"):
            read(tmp_path / "k")
        with pytest.raises(CheckpointProblem, match="cannot be read"):
            read(tmp_path / "none")


def test_a_checkpoints_line_has_no_line_break() -> None:
    assert "\n" not in Checkpoint(1, DIGEST, 1, "a\nb", b"x").line()
