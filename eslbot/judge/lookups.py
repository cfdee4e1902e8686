"""The words of grammar.py made ready to be looked up: leftwards and rightwards of a phrase, what may join two phrases,
and what a phrase may begin with.

Knows the tables and how a language parts its words; not what a word does to a phrase (scope.py). Pure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from eslbot.judge.grammar import AFTER, BEFORE, END, Grammar
from eslbot.judge.grammar_en import ENGLISH
from eslbot.judge.grammar_zh import CHINESE
from eslbot.judge.text import Language, folder

GRAMMARS: Mapping[Language, Grammar] = {"zh": CHINESE, "en": ENGLISH}


@lru_cache(maxsize=2)
def joint(language: Language) -> re.Pattern[str]:
    """What may stand between two phrases that are taken together."""
    return re.compile(f"(?:{GRAMMARS[language].joints})")


def _words(table: str) -> Iterator[str]:
    """The words of a table: split at its commas, or else at its spaces."""
    return (word.strip() for word in table.split("," if "," in table else None) if word.strip())


def _boundary(language: Language) -> str:
    """Behind a word of the language."""
    return "" if language == "zh" else r"(?: |\Z)"


@lru_cache(maxsize=2)
def openings(language: Language) -> tuple[re.Pattern[str], dict[str, str]]:
    """What a phrase may begin with that bears on what may stand before it; and the kind of each such word."""
    kinds = {
        folder(language).fold(word).strip(): kind
        for kind in ("speech", "modal", "subject")
        for word in _words(GRAMMARS[language].before[kind])
    }
    words = "|".join(re.escape(word) for word in sorted(kinds, key=len, reverse=True))
    return re.compile(f"({words}){_boundary(language)}"), kinds


@dataclass(frozen=True, slots=True)
class Table:
    """The words of one direction. A look-up a length is several times as fast as one pattern of all words."""

    words: Mapping[str, tuple[tuple[str, re.Pattern[str] | None], ...]]
    """Word -> (kind, what must follow), the first that fits."""
    lengths: tuple[int, ...]
    """Of its words, the longest first."""
    apart: bool
    """Words end at spaces."""

    def at(self, text: str, position: int) -> tuple[str, str, int] | None:
        """The longest word there: word, kind, and where the next one starts."""
        for length in self.lengths:
            word = text[position : position + length]
            for kind, follows in self.words.get(word, ()):
                end = position + len(word)
                if self.apart and end < len(text):
                    if text[end] != " ":
                        continue
                    end += 1
                if follows is None or follows.match(text, end):
                    return word, kind, end
        return None


def _table(entries: Iterator[tuple[str, str, str]], language: Language) -> Table:
    """From (word, kind, pattern of what must follow)."""
    words: dict[str, tuple[tuple[str, re.Pattern[str] | None], ...]] = {}
    for word, kind, follows in entries:
        words[word] = (*words.get(word, ()), (kind, re.compile(follows) if follows else None))
    return Table(words, tuple(sorted({len(word) for word in words}, reverse=True)), language == "en")


@lru_cache(maxsize=2)
def leftwards(language: Language) -> Table:
    """The words before a phrase, read backwards."""
    fold, tables = folder(language).fold, GRAMMARS[language].before
    return _table(
        ((fold(word).strip()[::-1], kind, "") for kind in BEFORE for word in _words(tables[kind])), language
    )


@lru_cache(maxsize=2)
def rightwards(language: Language) -> Table:
    """The words behind a phrase."""
    fold, tables = folder(language).fold, GRAMMARS[language].after
    parted = (
        (*entry.replace("~", END).partition("(?"), kind) for kind in AFTER for entry in _words(tables[kind])
    )
    return _table(((fold(word).strip(), kind, bracket + rest) for word, bracket, rest, kind in parted), language)
