"""Runs the real Vosk over 16-bit samples, piece by piece as a call would. Knows Vosk's Python interface only."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import vosk

RATE = 8000


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    begin: float
    """Seconds from the first sample."""
    end: float


@dataclass(frozen=True, slots=True)
class Hearing:
    words: tuple[Word, ...]
    ends: tuple[float, ...]
    """Seconds of audio given when each final (not the last, forced one) came."""
    shown: dict[str, float]
    """Word -> seconds of audio given when a partial first held it."""
    cost: float
    """CPU seconds, of this thread."""

    @property
    def text(self) -> tuple[str, ...]:
        return tuple(word.text for word in self.words)


def load(directory: Path) -> vosk.Model:
    """The model. Raises FileNotFoundError when the directory is none: Vosk itself says nothing of use."""
    for name in ("am/final.mdl", "graph/HCLG.fst", "conf/model.conf"):
        if not (directory / name).is_file():
            raise FileNotFoundError(f"{directory} is no model: it has no {name}")
    vosk.SetLogLevel(-1)
    return vosk.Model(str(directory))


def recognise(model: vosk.Model, samples: npt.NDArray[np.int16], piece: float = 0.02) -> Hearing:
    """Gives the samples (8 kHz) in pieces of so many seconds and collects every final's words with their times."""
    recogniser = vosk.KaldiRecognizer(model, RATE)
    recogniser.SetWords(True)
    step = int(piece * RATE)
    results, ends = [], []
    shown: dict[str, float] = {}
    began = time.thread_time()
    for at in range(0, len(samples), step):
        given = (at + step) / RATE
        if recogniser.AcceptWaveform(samples[at : at + step].tobytes()):
            results.append(json.loads(recogniser.Result()))
            ends.append(given)
        else:
            for word in json.loads(recogniser.PartialResult()).get("partial", "").split():
                shown.setdefault(word, given)
    results.append(json.loads(recogniser.FinalResult()))
    cost = time.thread_time() - began
    words = [Word(word["word"], word["start"], word["end"]) for result in results for word in result.get("result", ())]
    return Hearing(tuple(words), tuple(ends), shown, cost)
