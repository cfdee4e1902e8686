"""FORMAT.md is true: its programs, run as they stand, and stock age open a recording."""

import re
import subprocess
import sys
import wave
from pathlib import Path

import pyrage

import eslbot.record
from eslbot.greenlets import Greenlets
from eslbot.record.vault import Vault, VaultOptions
from eslbot.store import Store
from tests.record.rig import CALL, CHUNK_SAMPLES, IDENTITY, STARTED, audio, frame, until

FORMAT = Path(eslbot.record.__file__).with_name("FORMAT.md").read_text("utf-8")


def test_a_recording_opens_with_the_page_alone(tmp_path: Path) -> None:
    group = Greenlets()
    store = Store(f"sqlite:///{tmp_path / 'eslbot.db'}", group)
    closed: list[object] = []
    vault = Vault(VaultOptions(tmp_path / "r", (str(IDENTITY.recipient),), tmp_path / "live"), store.recordings, group,
                  lambda: STARTED, lambda call, at: None, lambda call, reason: None, closed.append)
    one = vault.open(CALL, "pbx1", 8000, STARTED)
    one.take(frame(0, CHUNK_SAMPLES + 99))
    one.say({"text": "您好"})
    one.close()
    until(lambda: closed)
    store.stop()
    group.stop()

    join, to_wav, page = re.findall(r"```python\n(.*?)```", FORMAT, re.DOTALL)
    run(join, tmp_path, str(tmp_path / "eslbot.db"), str(tmp_path / "r"), CALL)
    stock = pyrage.x25519.Identity.from_str(IDENTITY.encode())
    for kind, plain in (("audio", "pcm"), ("words", "jsonl")):
        sealed = (tmp_path / f"{CALL}.{kind}.age").read_bytes()
        (tmp_path / f"{CALL}.{plain}").write_bytes(pyrage.decrypt(sealed, [stock]))
        (tmp_path / "key").write_text(IDENTITY.encode() + "\n")
        run(page, tmp_path, f"{CALL}.{kind}.age", "key", "by-the-page")
        assert (tmp_path / "by-the-page").read_bytes() == (tmp_path / f"{CALL}.{plain}").read_bytes()
    run(to_wav, tmp_path, f"{CALL}.pcm", "8000", "out.wav")
    with wave.open(str(tmp_path / "out.wav")) as out:
        assert out.readframes(10 ** 6) == audio(0, CHUNK_SAMPLES + 99)
        assert (out.getnchannels(), out.getframerate()) == (2, 8000)
    assert (tmp_path / f"{CALL}.jsonl").read_text("utf-8") == '{"text":"您好"}\n'


def run(program: str, directory: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-I", "-c", program, *arguments], cwd=directory, check=True, timeout=30)
