"""Spoken prompts: the shipped ones, and rendering of others from text by espeak-ng.

Knows prompts.toml, WAV files and how loud speech should be. Does not know who hears a prompt or when, and not where the
switch looks for it: that is a setting.
"""

import io
import re
import shutil
import subprocess
import tomllib
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eslbot import data
from eslbot.espeak import Espeak, EspeakError, Voice, resample
from eslbot.tones import Tones, tones_of

RATES = (8000, 16000)
VOICES: Mapping[str, str] = {"zh": "cmn-latn-pinyin+f2", "en": "en-us+f2"}
"""The voice of each language; espeak-ng's `cmn` reads hanzi as noise, `cmn-latn-pinyin` reads them."""
SPEED = 175
LOUDNESS_DBFS = -20.0
"""Mean level of a prompt's speech: about what a telephone conversation has."""
_PEAK = 0.9
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")


class PromptError(Exception):
    """A prompt cannot be found, read or rendered. The message names the file and the prompt."""


@dataclass(frozen=True, slots=True)
class Prompt:
    name: str
    text: str
    path: Path
    """The WAV: mono, 16 bits."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A prompts.toml."""

    language: str
    prompts: Mapping[str, str]
    """Name to text, in the file's order."""
    tones: Mapping[str, Tones]
    """Those without words."""


Speaker = Callable[[str, str], tuple[npt.NDArray[np.int16], int]]
"""(text, espeak-ng's voice name) -> samples, rate in Hz."""


def read_texts(path: Path) -> Texts:
    """Reads a prompts.toml: `language`, a table `prompts` of name = "text", and a table `tones` (tones.tones_of).

    Raises PromptError naming the file and every field that is wrong.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PromptError(f"{path}: {error}") from error
    wrong = [f"unknown field {key!r}" for key in table if key not in ("language", "prompts", "tones")]
    language, prompts = table.get("language"), table.get("prompts")
    if language not in VOICES:
        wrong.append(f"language is {language!r}: it must be one of {', '.join(VOICES)}")
    if not isinstance(prompts, dict) or not prompts:
        wrong.append("no [prompts] table with at least one prompt")
        prompts = {}
    for name, text in prompts.items():
        if not _NAME.match(name):
            wrong.append(f"prompt {name!r}: a name (of a file, too) is a-z, 0-9 and hyphens")
        if not isinstance(text, str) or not text.strip():
            wrong.append(f"prompt {name!r}: its text must be a string that is not empty")
    tones, found = table.get("tones", {}), {}
    for name, value in tones.items() if isinstance(tones, dict) else [("tones", tones)]:
        if not _NAME.match(name) or name in prompts:
            wrong.append(f"tones {name!r}: a name of its own is a-z, 0-9 and hyphens")
        try:
            found[name] = tones_of(value)
        except ValueError as error:
            wrong.append(f"tones {name!r}: {error}")
    if wrong:
        raise PromptError(f"{path}: " + "; ".join(wrong))
    return Texts(str(language), prompts, found)


def shipped(language: str) -> tuple[Prompt, ...]:
    """The prompts that come with eslbot, in their file's order. Raises PromptError for a language that has none."""
    try:
        directory = data.prompts(language)
    except ValueError as error:
        raise PromptError(str(error)) from error
    texts = read_texts(directory / "prompts.toml")
    said = {**texts.prompts, **{name: tones.text for name, tones in texts.tones.items()}}
    return tuple(Prompt(name, text, directory / f"{name}.wav") for name, text in said.items())


def find(name: str, language: str) -> Prompt:
    """The shipped prompt of that name. Raises PromptError, with the names there are."""
    prompts = shipped(language)
    for prompt in prompts:
        if prompt.name == name:
            return prompt
    raise PromptError(f"no {language} prompt {name!r}: there are {', '.join(prompt.name for prompt in prompts)}")


def speaker(speed: int = SPEED) -> Speaker:
    """Something that speaks: the espeak-ng library, else the `espeak-ng` program. Raises PromptError without either."""
    try:
        engine = Espeak()
    except EspeakError as error:
        program = shutil.which("espeak-ng")
        if program is None:
            raise PromptError(f"{error}; and no program espeak-ng on the PATH") from error
        return _program(program, speed)

    def say(text: str, voice: str) -> tuple[npt.NDArray[np.int16], int]:
        speech = engine.say(text, Voice(voice, speed))
        return speech.samples, speech.rate

    return say


def _program(program: str, speed: int) -> Speaker:
    def say(text: str, voice: str) -> tuple[npt.NDArray[np.int16], int]:
        command = [program, "-v", voice, "-s", str(speed), "--stdin", "--stdout"]
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=60)
        if done.returncode != 0 or not done.stdout:
            raise EspeakError(f"{' '.join(command)}: {done.stderr.decode(errors='replace').strip() or 'no sound'}")
        with wave.open(io.BytesIO(done.stdout)) as sound:
            rate = sound.getframerate()
        # A piped WAV has no true length in its header: take all that follows the 44 bytes.
        samples: npt.NDArray[np.int16] = np.frombuffer(done.stdout[44 : len(done.stdout) // 2 * 2], dtype="<i2")
        return samples, rate

    return say


def levelled(samples: npt.NDArray[np.int16], source: int, target: int) -> npt.NDArray[np.int16]:
    """The speech at another rate (Hz), its leading and trailing silence cut to 50 ms, at LOUDNESS_DBFS, unclipped."""
    sound = resample(samples.astype(np.float64) / 32768.0, source, target)
    loud = np.flatnonzero(np.abs(sound) > 0.003)
    if not len(loud):
        raise EspeakError("the sound is silent")
    margin = target // 20
    sound = sound[max(0, loud[0] - margin) : loud[-1] + margin]
    gain = 10 ** (LOUDNESS_DBFS / 20) / np.sqrt(np.mean(sound**2))
    gain = min(gain, _PEAK / np.max(np.abs(sound)))
    loud_enough: npt.NDArray[np.int16] = np.round(sound * gain * 32767.0).astype(np.int16)
    return loud_enough


def write_wav(path: Path, samples: npt.NDArray[np.int16], rate: int) -> None:
    """Writes a mono 16-bit WAV whole or not at all (beside itself first)."""
    beside = path.with_name(path.name + ".part")
    with wave.open(str(beside), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(samples.astype("<i2").tobytes())
    beside.replace(path)


def render(
    texts: Path,
    directory: Path,
    *,
    rate: int = 8000,
    voice: str | None = None,
    speed: int = SPEED,
    say: Speaker | None = None,
    progress: Callable[[Prompt], None] = lambda prompt: None,
) -> tuple[Prompt, ...]:
    """Renders a prompts.toml, tones first, into `directory`/NAME.wav (mono, 16 bits, `rate` 8000 or 16000 Hz).

    `voice` is an espeak-ng voice in place of the language's; `say` another speaker; `progress` is called after each.
    Raises PromptError for a bad file, rate or voice, for no espeak-ng, or a directory that cannot be written.
    """
    if rate not in RATES:
        raise PromptError(f"rate {rate}: it must be one of {', '.join(map(str, RATES))}")
    wanted = read_texts(texts)
    prompts = []
    for name, tones in wanted.tones.items():
        prompts.append(Prompt(name, tones.text, directory / f"{name}.wav"))
        try:
            directory.mkdir(parents=True, exist_ok=True)
            write_wav(prompts[-1].path, tones.samples(rate, LOUDNESS_DBFS), rate)
        except OSError as error:
            raise PromptError(f"{texts}: tones {name!r}: {error}") from error
        progress(prompts[-1])
    say = say or speaker(speed)
    for name, text in wanted.prompts.items():
        prompt = Prompt(name, text, directory / f"{name}.wav")
        try:
            directory.mkdir(parents=True, exist_ok=True)
            samples, source = say(text, voice or VOICES[wanted.language])
            write_wav(prompt.path, levelled(samples, source, rate), rate)
        except (EspeakError, OSError, subprocess.TimeoutExpired, wave.Error) as error:
            raise PromptError(f"{texts}: prompt {name!r}: {error}") from error
        progress(prompt)
        prompts.append(prompt)
    return tuple(prompts)
