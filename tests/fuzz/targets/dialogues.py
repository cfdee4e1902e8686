"""Dialogues, sound files and scripts of the embedded switch: their own error with the file's name, and no other."""

from pathlib import Path

import numpy as np

from eslbot import data as shipped
from eslbot.sim import script
from eslbot.sim.dialogue import DialogueError, load
from eslbot.sim.sound import SoundError, read_wav, write_wav
from tests.fuzz.tools import Choices, scratch

TOML = 'title = "t"\nhangs_up = "agent"\nends = 2.0\n[[line]]\nrole = "agent"\nat = 0.5\ntext = "x"\nfile = "a.wav"\n'
JSON = (
    '{"calls": [{"at": 0.5, "agent": {"tone": 440}, "customer": {"wav": "a.wav"}, "first": "agent",'
    ' "hangs_up": {"agent": 2}, "variables": {"agent": {"a": "b"}}}], "faults": [{"at": 1, "do": "sever"}], "ends": 3}'
)


def seeds() -> list[bytes]:
    wav = _directory() / "a.wav"
    real = shipped.dialogues("zh") / "severe-promise" / "dialogue.toml"
    return [b"\x00" + TOML.encode(), b"\x00" + real.read_bytes(), b"\x01" + wav.read_bytes(), b"\x02" + JSON.encode()]


def _directory() -> Path:
    directory = scratch() / "dialogue"
    if not directory.is_dir():
        directory.mkdir()
        write_wav(directory / "a.wav", np.arange(200, dtype=np.int16), 8000)
    return directory


def one(data: bytes) -> None:
    choices = Choices(data)
    (_dialogue, _wav, _script)[choices.byte() % 3](choices.rest())


def _dialogue(text: bytes) -> None:
    directory = _directory()
    (directory / "dialogue.toml").write_bytes(text)
    try:
        play = load(directory)
    except DialogueError as error:
        _names("dialogue.toml", error)
        return
    assert play.hangs_up in ("agent", "customer")
    assert all(said.role in ("agent", "customer") for said in play.lines)


def _wav(data: bytes) -> None:
    file = scratch() / "b.wav"
    file.write_bytes(data)
    try:
        samples, rate = read_wav(file)
    except SoundError as error:
        _names("b.wav", error)
        return
    assert samples.dtype == np.int16
    assert rate > 0


def _script(text: bytes) -> None:
    file = _directory() / "script.json"
    file.write_bytes(text)
    try:
        script.read(file)
    except script.ScriptError as error:
        _names("script.json", error)


def _names(file: str, error: Exception) -> None:
    assert file in str(error)
