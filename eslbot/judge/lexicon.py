"""Finds every phrase of every rule of one language in a folded text, as it is written and as it sounds: two passes,
whatever the number of phrases. The only importer of ahocorasick.

Knows phrases as folded strings, their spellings and sounds, and where they stand; not whose they are, nor what they
mean. Pure.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

import ahocorasick

from eslbot.judge.sounds import sounds
from eslbot.judge.spellings import Spelling, goes_on, spellings
from eslbot.judge.text import Language, units

SHORTEST_ALIKE = 3
"""Characters of a phrase that is also found as it sounds. Of this many at most one may be written otherwise; of more,
any of them. Phrases of two characters sound like something in one of forty ordinary sentences."""
_NUMERALS = frozenset("零一二三四五六七八九十百千万亿两幺么点百分之%")
_NEGATIONS = frozenset("不没别未无非勿")
_MOST_SOUNDS = 64


class Found(NamedTuple):
    """One phrase at one place of a folded text."""

    start: int
    """Its first character (never a boundary's space)."""
    end: int
    """The character after its last."""
    phrase: int
    """Its index among the lexicon's phrases."""
    alike: bool = False
    """It is not written there; what is sounds like it."""


class _Entry(NamedTuple):
    """A spelling of a phrase in an automaton."""

    phrase: int
    length: int
    """Of the place, without boundaries' spaces."""
    past: int
    """From the last character found to the end of the place."""
    spelling: Spelling


class Lexicon:
    """An immutable set of folded phrases, compiled once."""

    def __init__(
        self, phrases: Iterable[str], language: Language = "zh", alike: Collection[int] = frozenset()
    ) -> None:
        """`phrases` are folded, distinct and not empty; their order numbers them. `alike`: the numbers of those that
        are also found as they sound (Chinese only, and not the shortest)."""
        self.phrases: tuple[str, ...] = tuple(phrases)
        if len(set(self.phrases)) < len(self.phrases):
            raise ValueError("a phrase is there twice")
        written: dict[str, tuple[_Entry, ...]] = {}
        heard: dict[str, tuple[_Entry, ...]] = {}
        self.longest = 0
        """Units of the longest spelling."""
        for index, phrase in enumerate(self.phrases):
            if not phrase.strip(" "):
                raise ValueError(f"phrase {index} is empty")
            forms = spellings(phrase, language)
            for form in forms:
                self.longest = max(self.longest, units(form.text))
                trailing = form.text.endswith(" ")
                length = len(form.text) - trailing - form.text.startswith(" ")
                entry = (_Entry(index, length, 0 if trailing else 1, form),)
                written[form.text] = written.get(form.text, ()) + entry
            if language == "zh" and index in alike and _sounds_matter(phrase):
                for sounding, entry in _heard(index, forms):
                    heard[sounding] = heard.get(sounding, ()) + entry
        self._written, self._heard = _automaton(written), _automaton(heard)
        self._goes_on = goes_on(language)

    def scan(self, folded: str) -> list[Found]:
        """Every place of every phrase, overlapping ones too, by (end, start). A number that is part of a longer one in
        the text is not found there."""
        found: list[Found] = []
        if self._written is not None:
            for last, entries in self._written.iter(folded):
                for phrase, length, past, (_, begins, ends) in entries:
                    end = last + past
                    if (begins or ends) and self._goes_on(folded, end - length, end, begins, ends):
                        continue
                    found.append(Found(end - length, end, phrase))
        if self._heard is not None:
            self._listen(self._heard, folded, found)
        if len(found) > 1:
            found.sort(key=_by_place)
        return found

    def _listen(self, heard: ahocorasick.Automaton, folded: str, found: list[Found]) -> None:
        """Adds what is not written but sounds like a phrase."""
        there: set[tuple[int, int, int]] | None = None
        for last, entries in heard.iter(sounds().of(folded)):
            for phrase, length, past, (text, begins, ends) in entries:
                end = last + past
                start = end - length
                if not _alike(text, folded[start:end]):
                    continue
                if (begins or ends) and self._goes_on(folded, start, end, begins, ends):
                    continue
                there = {each[:3] for each in found} if there is None else there
                if (start, end, phrase) not in there:
                    there.add((start, end, phrase))
                    found.append(Found(start, end, phrase, True))


@lru_cache(maxsize=8)
def lexicon(phrases: tuple[str, ...], language: Language, alike: frozenset[int]) -> Lexicon:
    """The lexicon of these phrases; the same again where the same packs are loaded again."""
    return Lexicon(phrases, language, alike)


def _by_place(found: Found) -> tuple[int, int, int]:
    return found.end, found.start, found.phrase


def _automaton(entries: dict[str, tuple[_Entry, ...]]) -> ahocorasick.Automaton | None:
    if not entries:
        return None
    automaton = ahocorasick.Automaton()
    for text, values in entries.items():
        automaton.add_word(text, values)
    automaton.make_automaton()
    return automaton


def _sounds_matter(phrase: str) -> bool:
    """Whether a phrase is long enough to be found as it sounds, and more than a number."""
    return sum(each not in _NUMERALS for each in phrase) > 0 and units(phrase) >= SHORTEST_ALIKE


def _heard(phrase: int, forms: list[Spelling]) -> list[tuple[str, tuple[_Entry]]]:
    """The sounds of a phrase, each with its entry, of which a spelling has one for all of its sounds: there are ten
    thousands of them."""
    of = sounds().spellings
    entries = [(form.text, (_Entry(phrase, len(form.text), 1, form),)) for form in forms]
    return [(sounding, entry) for text, entry in entries for sounding in of(text)][:_MOST_SOUNDS]


def _alike(phrase: str, written: str) -> bool:
    """Whether what sounds like a phrase may be taken for it. A short one must stand there but for one character; and a
    negation stands for nothing else, nor anything else for it."""
    others = [pair for pair in zip(phrase, written, strict=True) if pair[0] != pair[1]]
    if not all(_NEGATIONS.isdisjoint(pair) for pair in others):
        return False
    return len(phrase) > SHORTEST_ALIKE or len(others) <= 1
