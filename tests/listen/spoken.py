"""The shipped dialogues as audio, for tests: what each party says, laid on the noise of a line."""

import tomllib
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eslbot import data

RATE = 8000


@dataclass(frozen=True)
class Line:
    role: str
    start: int
    end: int
    text: str


def samples(path: Path) -> np.ndarray:
    """Of a mono 8 kHz WAV."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def dialogue(language: str, name: str) -> tuple[bytes, list[Line]]:
    """Stereo s16le (left customer, right agent) and who says what when."""
    directory = data.dialogues(language) / name
    described = tomllib.loads((directory / "dialogue.toml").read_text("utf-8"))
    length = round(described["ends"] * RATE)
    both = np.random.default_rng(1).normal(0, 15, (length, 2))
    lines = []
    for line in described["line"]:
        spoken, start = samples(directory / line["file"]), round(line["at"] * RATE)
        spoken = spoken[: length - start]
        both[start : start + len(spoken), 0 if line["role"] == "customer" else 1] += spoken
        lines.append(Line(line["role"], start, start + len(spoken), line["text"]))
    return both.clip(-32768, 32767).astype("<i2").tobytes(), lines
