"""Dialogues as files: a directory with dialogue.toml and one WAV a line. Knows that format and nothing of a switch."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from eslbot.sim import sound
from eslbot.sim.party import Dialogue, Line

ROLES = ("agent", "customer")


class DialogueError(Exception):
    """A dialogue cannot be read. The message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the script."""

    role: str
    at: float
    """Seconds from the bridge."""
    seconds: float
    text: str


@dataclass(frozen=True, slots=True)
class Play:
    """A dialogue ready to be played by two parties."""

    name: str
    title: str
    agent: Dialogue
    customer: Dialogue
    hangs_up: str
    """`agent` or `customer`."""
    ends: float
    """When, in seconds from the bridge."""
    lines: tuple[Said, ...]


def load(directory: Path, rate: int = 8000) -> Play:
    """Reads directory/dialogue.toml and its WAV files, for legs of `rate` Hz. Raises DialogueError."""
    script = directory / "dialogue.toml"
    try:
        table = tomllib.loads(script.read_text(encoding="utf-8"))
        spoken: dict[str, list[Line]] = {role: [] for role in ROLES}
        lines = []
        for line in table["line"]:
            pcm, own = sound.read_wav(directory / line["file"])
            spoken[line["role"]].append(Line(float(line["at"]), pcm, line["text"], own))
            lines.append(Said(line["role"], float(line["at"]), len(pcm) / own, line["text"]))
        if table["hangs_up"] not in ROLES:
            raise DialogueError(f"{script}: hangs_up is {table['hangs_up']!r}: it must be agent or customer")
        return Play(
            directory.name,
            table["title"],
            Dialogue(spoken["agent"], rate),
            Dialogue(spoken["customer"], rate),
            table["hangs_up"],
            float(table["ends"]),
            tuple(lines),
        )
    except KeyError as error:
        raise DialogueError(f"{script}: no field {error}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, sound.SoundError, TypeError, ValueError) as error:
        raise DialogueError(f"{script}: {error}") from error
