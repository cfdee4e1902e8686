"""How alike two recordings are, for what espeak-ng says again. Knows WAV files and features only."""

import wave
from pathlib import Path

import numpy as np

from tools.voice import features
from tools.voice.line import Pcm


def samples(path: Path) -> Pcm:
    """The 16-bit samples of an 8 kHz WAV."""
    with wave.open(str(path)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
        return np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")


def likeness(one: Pcm, other: Pcm) -> float:
    """-1 to 1: the correlation of their spectra's shapes, frame by frame from the first; lengths are not compared."""
    left, right = features.mfcc(one), features.mfcc(other)
    both = min(len(left), len(right))
    return float(np.corrcoef(left[:both, 1:13].ravel(), right[:both, 1:13].ravel())[0, 1])
