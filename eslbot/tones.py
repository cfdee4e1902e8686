"""Prompts without words: tones one after another, as a prompts.toml writes them, and their sound. Pure; knows no file
and no switch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

HIGHEST = 3400.0
"""Hz that a telephone carries."""
LONGEST = 5.0
RAMP = 0.005
"""Seconds in which a tone swells and fades: else it clicks."""


@dataclass(frozen=True, slots=True)
class Tones:
    """A prompt of tones."""

    text: str
    """What it means, for eyes."""
    steps: Sequence[tuple[float, float]]
    """(Hz, seconds) each; 0 Hz is a pause."""

    def samples(self, rate: int, loudness_dbfs: float) -> npt.NDArray[np.int16]:
        """Its sound, each tone at that mean level."""
        amplitude = np.sqrt(2.0) * 10 ** (loudness_dbfs / 20)
        parts = [amplitude * _tone(hz, round(seconds * rate), rate) for hz, seconds in self.steps]
        sound: npt.NDArray[np.int16] = np.round(np.concatenate(parts) * 32767.0).astype(np.int16)
        return sound


def tones_of(value: Any) -> Tones:
    """From a prompts.toml: {text = "...", tones = [[Hz, seconds], ...]}. Raises ValueError that says what is wrong."""
    if not isinstance(value, dict) or set(value) != {"text", "tones"}:
        raise ValueError('must be {text = "what it means", tones = [[Hz, seconds], ...]}')
    text, steps = value["text"], value["tones"]
    if not isinstance(text, str) or not text.strip():
        raise ValueError("its text must be a string that is not empty")
    if not isinstance(steps, list) or not steps or not all(map(_fits, steps)):
        raise ValueError(f"its tones must be [Hz, seconds] each, 0 (a pause) or 100 to {HIGHEST:g} Hz")
    if sum(seconds for _, seconds in steps) > LONGEST:
        raise ValueError(f"it lasts more than {LONGEST:g} s")
    return Tones(text, tuple((float(hz), float(seconds)) for hz, seconds in steps))


def _fits(step: Any) -> bool:
    numbers = isinstance(step, list) and len(step) == 2 and all(type(one) in (int, float) for one in step)
    return numbers and (step[0] == 0 or 100 <= step[0] <= HIGHEST) and 0.01 <= step[1] <= LONGEST


def _tone(hz: float, count: int, rate: int) -> npt.NDArray[np.float64]:
    at = np.arange(count) / rate
    edge = np.minimum(at, at[::-1]) / RAMP
    wave: npt.NDArray[np.float64] = np.sin(2 * np.pi * hz * at) * np.clip(edge, 0.0, 1.0)
    return wave
