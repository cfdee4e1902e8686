"""Renders the demo's dialogues: lines of text to one WAV each and a dialogue.toml that says when each begins.

Knows the scripts beside it and the voices that training leaves out. Does not know how a dialogue is played.
"""

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from eslbot.espeak import Espeak, Voice
from eslbot.prompts import levelled, write_wav
from tools.voice.voices import DIALOGUE_VOICES, LANGUAGE_VOICES

SCRIPTS = Path(__file__).parent / "dialogues"
RATE = 8000
ROLES = ("agent", "customer")
_SPEED = {"zh": 195, "en": 165}
_LAST_WORDS = 0.6
"""Seconds between the end of the last line and the hanging up."""


@dataclass(frozen=True, slots=True)
class Line:
    role: str
    after: float
    """Seconds of silence before it, counted from the end of the line before (of the bridge, for the first)."""
    text: str


@dataclass(frozen=True, slots=True)
class Script:
    name: str
    title: str
    hangs_up: str
    lines: tuple[Line, ...]


def read_scripts(path: Path) -> tuple[Script, ...]:
    """The dialogues of one language. Raises ValueError naming the file and the dialogue with a bad role or field."""
    found = []
    for table in tomllib.loads(path.read_text(encoding="utf-8"))["dialogue"]:
        try:
            script = Script(**{**table, "lines": tuple(Line(**line) for line in table["lines"])})
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path}: dialogue {table.get('name')!r}: {error}") from error
        for role in (script.hangs_up, *(line.role for line in script.lines)):
            if role not in ROLES:
                raise ValueError(f"{path}: dialogue {script.name!r}: role {role!r} is neither of {', '.join(ROLES)}")
        found.append(script)
    return tuple(found)


def render(language: str, directory: Path, progress: Callable[[Path], None] = lambda path: None) -> None:
    """Writes `directory`/NAME/dialogue.toml and NN-ROLE.wav (mono, 8 kHz, 16 bits) for each dialogue."""
    engine = Espeak()
    for script in read_scripts(SCRIPTS / f"{language}.toml"):
        place = directory / script.name
        place.mkdir(parents=True, exist_ok=True)
        text = "\n".join(_perform(engine, language, script, place)) + "\n"
        (place / "dialogue.toml").write_text(text, encoding="utf-8")
        progress(place)


def _perform(engine: Espeak, language: str, script: Script, place: Path) -> Iterator[str]:
    """Speaks every line into its file and yields the lines of dialogue.toml."""
    body: list[str] = []
    now = 0.0
    for number, line in enumerate(script.lines, start=1):
        voice = Voice(f"{LANGUAGE_VOICES[language]}+{DIALOGUE_VOICES[line.role]}", _SPEED[language])
        speech = engine.say(line.text, voice)
        samples = levelled(speech.samples, speech.rate, RATE)
        file = f"{number:02d}-{line.role}.wav"
        write_wav(place / file, samples, RATE)
        begins = round(now + line.after, 2)
        body += ["", "[[line]]", f"role = {_quote(line.role)}", f"at = {begins:.2f}", f"file = {_quote(file)}"]
        body += [f"text = {_quote(line.text)}"]
        now = begins + len(samples) / RATE
    yield "# Written by `python -m tools.voice dialogues`. Times in seconds from the bridge."
    yield f"title = {_quote(script.title)}"
    yield f"hangs_up = {_quote(script.hangs_up)}"
    yield f"ends = {now + _LAST_WORDS:.2f}"
    yield from body


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML basic string
