"""Samples: tones, the phone's companding, mixing, and the files and streams that a switch plays.

Knows numpy, WAV and raw files and FreeSWITCH's tone_stream and silence_stream. Does not know legs, frames' times or who
hears what.
"""

import re
import wave
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]
"""Mono samples. Treated as values: nobody writes into another one's array."""

FRAMES_A_SECOND = 50
_RAW = {".r8": 8000, ".r16": 16000, ".r32": 32000, ".raw": 8000, ".sln": 8000}
_TONE = re.compile(r"%\(\s*(\d+)\s*,\s*(\d+)\s*,\s*([\d., ]+)\)")
_STREAM_LEVEL = 7000.0
LONGEST_STREAM = 3600
"""Seconds that an endless stream (loops=-1) is cut to."""


class SoundError(Exception):
    """A file or stream cannot be played. The message names it."""


def silence(samples: int) -> Pcm:
    """That many samples of digital silence."""
    return np.zeros(samples, dtype=np.int16)


def tone(hertz: float, first: int, samples: int, rate: int, level: float = 8000.0) -> Pcm:
    """Samples `first` and on of a sine of that frequency and peak."""
    angle = 2 * np.pi * hertz / rate * np.arange(first, first + samples, dtype=np.float64)
    wave_: Pcm = np.round(level * np.sin(angle)).astype(np.int16)
    return wave_


@lru_cache(maxsize=1)
def _mu_law() -> Pcm:
    """What becomes of each sample (indexed as unsigned 16 bits) on its way through G.711 mu-law."""
    value = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    biased = np.minimum(np.abs(value), 32635) + 132
    exponent = np.floor(np.log2(biased)).astype(np.int32) - 7
    mantissa = (biased >> (exponent + 3)) & 15
    decoded = (((mantissa << 3) + 132) << exponent) - 132
    table: Pcm = np.where(value < 0, -decoded, decoded).astype(np.int16)
    return table


def companded(samples: Pcm) -> Pcm:
    """The samples as PCMU carries them."""
    through: Pcm = _mu_law()[samples.view(np.uint16)]
    return through


def mixed(one: Pcm, other: Pcm) -> Pcm:
    """The sum, clipped. Of unequal lengths the shorter one ends earlier."""
    if len(one) < len(other):
        one, other = other, one
    total = one.astype(np.int32)
    total[: len(other)] += other
    return clipped(total)


def without(one: Pcm, other: Pcm) -> Pcm:
    """What is left of a mix when one of its parts (of the same length) is taken out."""
    return clipped(one.astype(np.int32) - other)


def clipped(total: npt.NDArray[np.int32]) -> Pcm:
    within: Pcm = np.clip(total, -32768, 32767).astype(np.int16)
    return within


def louder(samples: Pcm, level: int) -> Pcm:
    """FreeSWITCH's volume steps, -4 to 4."""
    factor = {1: 1.3, 2: 2.3, 3: 3.3, 4: 4.3, -1: 0.80, -2: 0.60, -3: 0.40, -4: 0.20}.get(level, 1.0)
    return clipped(np.round(samples * factor).astype(np.int32))


def interleaved(left: Pcm, right: Pcm) -> bytes:
    """s16le stereo."""
    both = np.empty((len(left), 2), dtype="<i2")
    both[:, 0] = left
    both[:, 1] = right
    return both.tobytes()


def resampled(samples: Pcm, source: int, target: int) -> Pcm:
    """At another rate, by linear interpolation: enough for prompts and tones."""
    if source == target or not len(samples):
        return samples
    count = round(len(samples) * target / source)
    there = np.arange(count, dtype=np.float64) * source / target
    made: Pcm = np.round(np.interp(there, np.arange(len(samples)), samples)).astype(np.int16)
    return made


def read_wav(path: Path) -> tuple[Pcm, int]:
    """Mono samples (a stereo file's channels are averaged) and their rate. Raises SoundError."""
    try:
        with wave.open(str(path), "rb") as sound:
            width, channels, rate = sound.getsampwidth(), sound.getnchannels(), sound.getframerate()
            data = sound.readframes(sound.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise SoundError(f"{path}: {error}") from error
    if width != 2:
        raise SoundError(f"{path}: {8 * width} bits a sample, 16 expected")
    samples = np.frombuffer(data, dtype="<i2").astype(np.int16)
    if channels > 1:
        samples = samples.reshape(-1, channels).mean(axis=1).astype(np.int16)
    return samples, rate


def write_wav(path: Path, samples: Pcm, rate: int) -> None:
    """Writes mono 16-bit WAV."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(samples.astype("<i2").tobytes())


def playable(what: str, rate: int) -> Pcm:
    """The samples of what an application is told to play: a WAV or raw file, tone_stream:// or silence_stream://.

    Raises SoundError for anything else and for a file that cannot be read.
    """
    scheme, separator, rest = what.partition("://")
    if separator:
        if scheme == "tone_stream":
            return _tone_stream(rest, rate)
        if scheme == "silence_stream":
            milliseconds = int(rest.split(",")[0])
            return silence(rate * (milliseconds if milliseconds >= 0 else LONGEST_STREAM * 1000) // 1000)
        raise SoundError(f"{what}: no such stream in this switch")
    path = Path(what)
    if path.suffix in _RAW:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise SoundError(f"{what}: {error}") from error
        return resampled(np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2"), _RAW[path.suffix], rate)
    return resampled(*read_wav(path), rate)


def _tone_stream(text: str, rate: int) -> Pcm:
    text, *options = text.split(";")
    loops = 1
    for option in options:
        name, _, value = option.partition("=")
        if name.strip() == "loops":
            loops = int(value)
    parts = []
    for on, off, hertz in _TONE.findall(text):
        samples = rate * int(on) // 1000
        frequencies = [float(f) for f in hertz.split(",") if f.strip()]
        sound = np.zeros(samples, dtype=np.int32)
        for frequency in frequencies:
            sound += tone(frequency, 0, samples, rate, _STREAM_LEVEL)
        parts += [clipped(sound), silence(rate * int(off) // 1000)]
    if not parts:
        raise SoundError(f"tone_stream://{text}: no tone in it")
    once = np.concatenate(parts)
    if loops < 0:
        loops = LONGEST_STREAM * rate // max(1, len(once))
    return np.tile(once, max(1, loops))
