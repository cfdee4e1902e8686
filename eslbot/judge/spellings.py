"""Every way to write a phrase down: numbers in figures and in words, contractions.

Knows that each language has its own ways (numerals, english). Pure.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from eslbot.judge import english, numerals
from eslbot.judge.text import Language


class Spelling(NamedTuple):
    """A phrase as it may be written in a text."""

    text: str
    """Folded."""
    begins: bool
    """It begins with a number that what stands before could be part of."""
    ends: bool
    """It ends with one that what follows could be part of."""


def spellings(folded: str, language: Language) -> list[Spelling]:
    """The ways to write a folded phrase, itself first."""
    of = _OF[language]
    return [Spelling(text, *of.edges(text)) for text in of.spellings(folded)]


def goes_on(language: Language) -> Callable[[str, int, int, bool, bool], bool]:
    """Tells of a text, where a spelling starts and ends in it, whether it begins and ends with a number: whether that
    number is part of a longer one."""
    return _OF[language].goes_on


class _Numbers(NamedTuple):
    spellings: Callable[[str], list[str]]
    edges: Callable[[str], tuple[bool, bool]]
    goes_on: Callable[[str, int, int, bool, bool], bool]


_OF: Mapping[Language, _Numbers] = {
    "zh": _Numbers(numerals.spellings, numerals.edges, numerals.goes_on),
    "en": _Numbers(english.spellings, english.edges, english.goes_on),
}
