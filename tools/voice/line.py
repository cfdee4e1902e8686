"""A telephone line: another rate, a warp, tilt, gain, noise, G.711; and the sounds on a line that are not speech.

Knows signals. Does not know words or phones.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE = 8000
Samples = npt.NDArray[np.float64]
Pcm = npt.NDArray[np.int16]
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Line:
    """What a line does to everything that goes through it."""

    warp: float
    """Speed and pitch together, as a tape played faster; 1 is unchanged."""
    tilt: float
    """-0.5 (dull) to 0.5 (sharp): a first-order filter."""
    gain: float
    """dB, relative to a speaker at full scale."""
    noise: float
    """Signal to noise, dB; infinite is a line with digital silence."""
    colour: float
    """Exponent of the noise's spectrum: 0 white, 1 pink, 2 brown."""
    codec: str
    """`alaw`, `ulaw` or `linear`."""
    gated: bool = False
    """Whether nothing at all is sent where nothing was said, as phones do that detect voice."""


def draw(random: Random) -> Line:
    """A line at random: G.711 on nine of ten, digital silence on one of four, a gate on one of five."""
    quiet = random.random() < 0.25
    return Line(
        warp=float(random.uniform(0.88, 1.13)),
        tilt=float(random.uniform(-0.4, 0.4)),
        gain=float(random.uniform(-27, 0)),
        noise=float("inf") if quiet else float(random.uniform(12, 50)),
        colour=float(random.uniform(0, 2)),
        codec=str(random.choice(["alaw", "ulaw", "linear"], p=[0.45, 0.45, 0.1])),
        gated=bool(random.random() < 0.2),
    )


def carry(line: Line, clean: Samples, random: Random) -> Pcm:
    """What comes out of the line, 16-bit, for what goes in (-1 to 1, at RATE, already warped)."""
    sound = np.append(clean[:1], clean[1:] + line.tilt * clean[:-1]) if line.tilt else clean.copy()
    loud = np.abs(sound).max(initial=0.0)
    if loud > 0:
        sound *= 10 ** (line.gain / 20) * 0.7 / loud
    if np.isfinite(line.noise):
        active = np.abs(sound) > 0.02 * np.abs(sound).max(initial=1e-9)
        power = float(np.mean(sound[active] ** 2)) if active.any() else 1e-4
        sound = sound + coloured(len(sound), line.colour, random) * np.sqrt(power / 10 ** (line.noise / 10))
    if line.gated:
        sound = np.where(clean == 0, 0.0, sound)
    pcm = np.clip(np.round(sound * 32767), -32768, 32767).astype(np.int16)
    return CODECS[line.codec](pcm)


def coloured(length: int, colour: float, random: Random) -> Samples:
    """Noise of unit power whose spectrum falls as frequency to the power -colour."""
    spectrum = np.fft.rfft(random.standard_normal(length))
    spectrum *= np.maximum(np.arange(len(spectrum)), max(1, 80 * length // RATE)) ** (-colour / 2)
    noise = np.fft.irfft(spectrum, length)
    return noise / max(float(np.sqrt(np.mean(noise**2))), 1e-12)


def ulaw(pcm: Pcm) -> Pcm:
    """To G.711 mu-law and back: 14-bit magnitudes on segments of sixteen steps (ITU-T G.711, table 2)."""
    biased = np.minimum(np.abs(pcm.astype(np.int32)) >> 2, 8158) + 33
    segment = np.floor(np.log2(biased)).astype(np.int32) - 5
    step = biased >> (segment + 1) & 15
    decoded = ((2 * step + 33) << segment) - 33
    pcm_out: Pcm = (np.sign(pcm.astype(np.int32)) * decoded * 4).astype(np.int16)
    return pcm_out


def alaw(pcm: Pcm) -> Pcm:
    """To G.711 A-law and back: 13-bit magnitudes on segments of sixteen steps (ITU-T G.711, table 1)."""
    value = pcm.astype(np.int32)
    magnitude = np.where(value >= 0, value, -value - 1) >> 4  # 0 to 2047
    shift = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 4, 0)
    decoded = (2 * (magnitude >> shift) + 1) << shift  # the middle of the step, in half units of the magnitude's scale
    pcm_out: Pcm = (np.where(value >= 0, 8, -8) * decoded).astype(np.int16)
    return pcm_out


def linear(pcm: Pcm) -> Pcm:
    """No codec."""
    return pcm


CODECS: dict[str, Callable[[Pcm], Pcm]] = {"alaw": alaw, "ulaw": ulaw, "linear": linear}

_DTMF = ((697.0, 770.0, 852.0, 941.0), (1209.0, 1336.0, 1477.0, 1633.0))


def _tones(frequencies: tuple[float, ...], seconds: float) -> Samples:
    time = np.arange(int(seconds * RATE)) / RATE
    mixed: Samples = np.mean(np.sin(2 * np.pi * np.array(frequencies)[:, None] * time), axis=0)
    return mixed


def _dtmf(random: Random) -> Samples:
    keys = []
    for _ in range(random.integers(1, 6)):
        pair = (_DTMF[0][random.integers(4)], _DTMF[1][random.integers(4)])
        keys += [_tones(pair, float(random.uniform(0.06, 0.3))), np.zeros(int(random.uniform(0.04, 0.2) * RATE))]
    return np.concatenate(keys)


def _ringing(random: Random) -> Samples:
    pair = ((450.0,), (440.0, 480.0), (425.0,), (400.0, 450.0), (480.0, 620.0))[random.integers(5)]
    return np.concatenate([_tones(pair, float(random.uniform(0.3, 1.2))), np.zeros(RATE // 3)])


def _chord(random: Random) -> Samples:
    notes = [
        _tones(tuple(220 * 2 ** (random.integers(0, 25, 3) / 12)), float(random.uniform(0.2, 0.6)))
        for _ in range(random.integers(2, 6))
    ]
    return np.concatenate([note * np.linspace(1, 0.3, len(note)) for note in notes])


def _noise(random: Random) -> Samples:
    length = int(random.uniform(0.2, 1.5) * RATE)
    envelope = np.hanning(length) if random.random() < 0.5 else np.ones(length)
    return coloured(length, float(random.uniform(0, 2)), random) * 0.25 * envelope


def _clicks(random: Random) -> Samples:
    sound = np.zeros(int(random.uniform(0.3, 1.0) * RATE))
    sound[random.integers(0, len(sound), random.integers(1, 8))] = random.choice([-0.9, 0.9])
    return sound


NOT_SPEECH: tuple[Callable[[Random], Samples], ...] = (_dtmf, _ringing, _chord, _noise, _clicks)
"""Sounds (-1 to 1, at RATE) that a recogniser must take for silence; without them DTMF decodes to words."""


def not_speech(random: Random) -> Samples:
    """One of NOT_SPEECH at random, at a random level."""
    return NOT_SPEECH[random.integers(len(NOT_SPEECH))](random) * float(random.uniform(0.05, 0.9))
