"""The espeak-ng library through ctypes: text in, 16-bit samples and the times of words and phones out.

Knows where the library may be (the `espeakng_loader` package, else the system's) and its C interface (speak_lib.h of
espeak-ng 1.51 and 1.52). Does not know what is said, telephone lines, files or networks.
"""

import ctypes
import ctypes.util
import importlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_SYNCHRONOUS_OUTPUT = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples come through the callback, before the call returns
_PHONEME_EVENTS = 1  # espeakINITIALIZE_PHONEME_EVENTS
_UTF8 = 1  # espeakCHARS_UTF8
_CHARACTERS = 1  # POS_CHARACTER
_END, _WORD, _PHONE = 0, 1, 7  # espeak_EVENT_TYPE
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4  # espeak_PARAMETER
_SEED = 1
"""Of the noise in breath and whisper."""


class EspeakError(Exception):
    """The library is missing, or refused a voice or a text. The message says which."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How to speak. `name` is espeak-ng's own, with an optional variant: `cmn-latn-pinyin+f2`."""

    name: str
    speed: int = 170
    """Words a minute, 80 to 450."""
    pitch: int = 50
    """0 to 100; 50 is the voice's own."""
    pitch_range: int = 50
    """0 (monotone) to 100."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A word or a phone begins."""

    name: str
    """A phone's mnemonic, with its stress mark; empty for a word."""
    sample: int
    """Index into Speech.samples where it begins."""
    character: int
    """Index (from 0) of the character of the text it belongs to."""


@dataclass(frozen=True, slots=True)
class Speech:
    samples: npt.NDArray[np.int16]
    rate: int
    """Hz."""
    words: tuple[Mark, ...]
    phones: tuple[Mark, ...]


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


def _places() -> Iterator[tuple[str, bytes | None]]:
    """(library, directory of its data or None for its own default), in the order they are tried."""
    try:
        loader = importlib.import_module("espeakng_loader")
        yield loader.get_library_path(), loader.get_data_path().encode()
    except (ImportError, RuntimeError):
        pass  # the package is optional, and raises RuntimeError when its data is missing: the system's is next
    found = ctypes.util.find_library("espeak-ng")
    if found:
        yield found, None
    yield "libespeak-ng.so.1", None


class Espeak:
    """The engine. Every utterance gets a library just loaded, so what it says depends on the text and the voice only.

    espeak-ng keeps the phase of its oscillators and the like in variables that neither espeak_Terminate nor another
    espeak_Initialize sets back, and seeds its noise by the clock: unloading costs some milliseconds and forgets all. It
    forgets nothing while something else in the process holds the same library. Speak from one thread at a time.
    """

    def __init__(self) -> None:
        """Finds the library. Raises EspeakError when there is none."""
        tried = []
        for place in _places():
            try:
                with _loaded(*place) as (_, rate):
                    self._place, self.rate = place, rate
                    return
            except (OSError, EspeakError) as error:
                tried.append(f"{place[0]} ({error})")
        raise EspeakError(
            "espeak-ng is not installed: `pip install espeakng-loader`, or the system's package espeak-ng. Tried: "
            + "; ".join(tried)
        )

    def say(self, text: str, voice: Voice) -> Speech:
        """Speaks the text. Raises EspeakError for a voice that is not there or a text that gives no sound."""
        with _loaded(*self._place) as (library, rate):
            return _say(library, rate, text, voice)


@contextmanager
def _loaded(place: str, data: bytes | None) -> Iterator[tuple[ctypes.CDLL, int]]:
    """(the library, its rate in Hz), unloaded at the end. Raises OSError or EspeakError when it does not load."""
    library = ctypes.CDLL(place)
    try:
        rate: int = library.espeak_Initialize(_SYNCHRONOUS_OUTPUT, 200, data, _PHONEME_EVENTS)
        if rate <= 0:
            raise EspeakError("its voice data does not load")
        try:
            _seed(library)
            yield library, rate
        finally:
            library.espeak_Terminate()
    finally:
        close = ctypes.CDLL(None).dlclose
        close.argtypes = (ctypes.c_void_p,)
        close(library._handle)


def _seed(library: ctypes.CDLL) -> None:
    try:
        library.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
    except AttributeError:  # 1.51 draws from the C library
        ctypes.CDLL(None).srand(_SEED)


def _say(library: ctypes.CDLL, rate: int, text: str, voice: Voice) -> Speech:
    pieces: list[npt.NDArray[np.int16]] = []
    words: list[Mark] = []
    phones: list[Mark] = []

    def take(samples: Any, count: int, events: Any) -> int:
        if samples and count:
            pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        for index in itertools.count():
            event = events[index]
            if event.type == _END:
                return 0
            where = max(event.text_position - 1, 0)
            if event.type == _WORD:
                words.append(Mark("", event.sample, where))
            elif event.type == _PHONE:
                phones.append(Mark(event.id.string.decode("utf-8", "replace"), event.sample, where))
        return 0

    callback = _Callback(take)  # the reference must outlive the synthesis
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(voice.name.encode()) != 0:
        raise EspeakError(f"espeak-ng has no voice {voice.name!r}")
    settings = ((_RATE, voice.speed), (_VOLUME, 100), (_PITCH, voice.pitch), (_RANGE, voice.pitch_range))
    for parameter, value in settings:
        library.espeak_SetParameter(parameter, value, 0)
    data = text.encode()
    if library.espeak_Synth(data, len(data) + 1, 0, _CHARACTERS, 0, _UTF8, None, None) != 0:
        raise EspeakError(f"espeak-ng refused the text {text!r}")
    library.espeak_Synchronize()
    if not pieces:
        raise EspeakError(f"espeak-ng gave no sound for {text!r} in voice {voice.name!r}")
    return Speech(np.concatenate(pieces), rate, tuple(words), tuple(phones))


def resample(samples: npt.NDArray[np.float64], source: float, target: float) -> npt.NDArray[np.float64]:
    """The same sound at another rate, band-limited to the lower of the two (by Fourier transform).

    Silence is added for the transform and cut off again: so that the end does not ring into the beginning, and as much
    as makes both lengths whole numbers (nearly), so that the sound's own length is true.
    """
    lengths = len(samples) + int(source * 0.05) + np.arange(1024)
    off = np.abs(lengths * target / source - np.round(lengths * target / source))
    length = int(lengths[np.argmin(off.round(4))])
    wanted = round(length * target / source)
    spectrum = np.fft.rfft(samples, length)
    kept = np.zeros(wanted // 2 + 1, dtype=np.complex128)
    both = min(len(kept), len(spectrum))
    kept[:both] = spectrum[:both]
    return np.fft.irfft(kept, wanted)[: round(len(samples) * target / source)] * (wanted / length)
