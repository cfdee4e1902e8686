"""What a Vosk recogniser answers, as JSON, read into one shape. Knows its quirks and no connection. Pure.

Right after a result, and before any audio, a partial is `{"text": ""}` with no `partial` key: it cannot be told from an
empty final, and need not be, since neither has words. With alternatives switched on (a server's own setting) the first
one counts."""

from dataclasses import dataclass
from typing import Any

import orjson

LONGEST = 1e6
"""Seconds; no call lasts so long."""


class BadReply(ValueError):
    """Not what a Vosk recogniser says."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One word of a final."""

    text: str
    start: float
    """Seconds of audio since the recogniser's first."""
    end: float


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to one piece of audio."""

    text: str
    final: bool
    words: tuple[Timed, ...] = ()
    """Of a final, where the recogniser was asked for times."""


def parse(raw: bytes | str) -> Reply:
    """Raises BadReply."""
    try:
        value = orjson.loads(raw)
        if "partial" in value:
            return Reply(_text(value["partial"]), final=False)
        if value.get("alternatives"):
            value = value["alternatives"][0]
        return Reply(_text(value["text"]), True, tuple(_word(word) for word in value.get("result", ())))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise BadReply(f"not an answer of a recogniser: {type(error).__name__}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value.strip()


def _word(value: Any) -> Timed:
    return Timed(_text(value["word"]), _seconds(value["start"]), _seconds(value["end"]))


def _seconds(value: Any) -> float:
    seconds = float(value)
    if not 0 <= seconds < LONGEST:  # nor is it a number, where it is none
        raise ValueError("a time that no call has")
    return seconds
