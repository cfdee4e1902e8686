"""Finds every phrase of every rule of one language in one pass over a folded text. The only importer of ahocorasick.

Knows phrases as folded strings and where they stand; not whose they are, nor what they mean. Pure.
"""

from collections.abc import Iterable
from typing import NamedTuple

import ahocorasick


class Found(NamedTuple):
    """One phrase at one place of a folded text."""

    start: int
    """Its first character (never a boundary's space)."""
    end: int
    """The character after its last."""
    phrase: int
    """Its index among the lexicon's phrases."""


class Lexicon:
    """An immutable set of folded phrases, compiled once."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """`phrases` are folded, distinct and not empty; their order numbers them."""
        self.phrases: tuple[str, ...] = tuple(phrases)
        self._automaton = ahocorasick.Automaton()
        for index, phrase in enumerate(self.phrases):
            trailing = phrase.endswith(" ")
            bare = len(phrase) - trailing - phrase.startswith(" ")
            if bare <= 0:
                raise ValueError(f"phrase {index} is empty")
            if not self._automaton.add_word(phrase, (index, bare, 0 if trailing else 1)):
                raise ValueError(f"phrase {phrase!r} is there twice")
        self._automaton.make_automaton()

    def scan(self, folded: str) -> list[Found]:
        """Every place of every phrase, overlapping ones too, by (end, start)."""
        if not self.phrases:
            return []
        return [
            Found(last + past - bare, last + past, index) for last, (index, bare, past) in self._automaton.iter(folded)
        ]
