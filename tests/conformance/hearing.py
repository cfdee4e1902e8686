"""Which tones are in a piece of audio. Pure; knows arrays only."""

import numpy as np

from tests.conformance.rig import RATE, Samples

LEVEL = 0.2
"""Amplitude of a tone as it is spoken, full scale 1."""
FLOOR = LEVEL / 10
"""A tone of this amplitude or more counts as heard: 20 dB under the spoken one, well over PCMU's rounding."""


def tone(hertz: int, seconds: float, rate: int = RATE) -> Samples:
    """A spoken tone."""
    return LEVEL * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def amplitude(samples: Samples, hertz: int, rate: int = RATE) -> float:
    """Of that tone in the samples, full scale 1, by a windowed FFT."""
    if not len(samples):
        return 0.0
    window = np.hanning(len(samples))
    spectrum = np.abs(np.fft.rfft(samples * window)) * 2 / window.sum()
    near = np.abs(np.fft.rfftfreq(len(samples), 1 / rate) - hertz) <= max(10.0, 2 * rate / len(samples))
    return float(spectrum[near].max())


def tones(samples: Samples, known: dict[str, int], rate: int = RATE) -> frozenset[str]:
    """The names of those of the `known` tones (name -> Hz) that can be heard."""
    return frozenset(name for name, hertz in known.items() if amplitude(samples, hertz, rate) >= FLOOR)


def duration(samples: Samples, hertz: int, rate: int = RATE, step: float = 0.05) -> float:
    """For how many seconds the tone is heard, by steps of `step` seconds; a lost packet costs one step."""
    size = int(step * rate)
    pieces = (samples[first : first + size] for first in range(0, len(samples) - size + 1, size))
    return step * sum(amplitude(piece, hertz, rate) >= FLOOR for piece in pieces)
