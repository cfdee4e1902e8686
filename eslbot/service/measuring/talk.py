"""Two-way talk made of the shipped dialogues: the parties take turns, each speaks about half the time, on the noise of
a line. For measuring, where what is said matters less than that it is speech. Knows dialogues and no switch."""

import numpy as np
import numpy.typing as npt

from eslbot import data
from eslbot.model.audio import BYTES_PER_SAMPLE
from eslbot.sim.dialogue import load

PLAYS = ("clean", "missing-disclosure", "severe-promise")
RATE = 8000
"""Samples a second, as the dialogues were recorded."""
NOISE = 15.0
"""Root mean square of the line's noise, in units of a 16-bit sample."""
Pcm = npt.NDArray[np.float64]


def two_way(language: str) -> bytes:
    """Stereo s16le, left customer, right agent; some minutes, the same each time. Whoever has spoken less has the next
    turn, so that neither ever leads by more than one line."""
    plays = [load(data.dialogues(language) / name) for name in PLAYS]
    lines = {
        "agent": [line.pcm for play in plays for line in play.agent.lines],
        "customer": [line.pcm for play in plays for line in play.customer.lines],
    }
    turns = dict.fromkeys(lines, 0)
    spoken = dict.fromkeys(lines, 0)
    legs: dict[str, list[Pcm]] = {role: [] for role in lines}
    while turns["agent"] < len(lines["agent"]):
        role = min(spoken, key=lambda one: (spoken[one], one))
        said = lines[role][turns[role] % len(lines[role])].astype(np.float64)
        turns[role] += 1
        spoken[role] += len(said)
        for one, parts in legs.items():
            parts.append(said if one == role else np.zeros(len(said)))
    both = np.stack([np.concatenate(legs["customer"]), np.concatenate(legs["agent"])], axis=1)
    both += np.random.default_rng(1).normal(0, NOISE, both.shape)
    return both.clip(-32768, 32767).astype("<i2").tobytes()


def seconds(stereo: bytes) -> float:
    """How long it is."""
    return len(stereo) / BYTES_PER_SAMPLE / RATE
