"""Text as it is compared: what was said and what a rule looks for are folded alike, so that only the words count.

Knows width, case, punctuation, simplified and traditional characters, word boundaries, and the way back from a folded
character to the original one. Knows no rule, no phrase list, no recogniser. Pure.

The folded form is one string. Characters of scripts written without spaces (and `%`) stand side by side; every other
word stands between single spaces, so that a folded phrase found in a folded text always lies on word boundaries:

    保 本，保息！        ->  保本保息
    A Risk-free return   ->  " a risk free return "
    加VIP 群             ->  "加 vip 群"
    0.5%                 ->  零点五%, and in English " 0 point 5 %"

Each character is folded by itself (but for the point between two digits), so that what is folded piece by piece is what
is folded at once. Other ways to write the same words are the phrases' affair (spellings.py).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from opencc import OpenCC

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_WIDE = "\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b2ff\U00020000-\U0003ffff%"
"""Characters that are a unit of their own: Han, kana, Hangul, Yi; and the per cent sign."""
_RUN = re.compile(rf"(?P<wide>[{_WIDE}]+)|[^ {_WIDE}]+")
_UNIT = re.compile(rf"[{_WIDE}]|[^ {_WIDE}]+")
_WIDE_ONE = re.compile(rf"[{_WIDE}]")
_NARROW_ONE = re.compile(rf"[^ {_WIDE}]")

_APOSTROPHES = frozenset("'’‘ʼ`´")
"""Dropped inside words, so that don't, don’t and dont are one word."""
_VARIANTS = str.maketrans("您妳帐她它著", "你你账他他着")
"""Written one way or the other by the same people, or sounding alike: one of them stands for both."""
_NUMERALS = str.maketrans("〇0123456789", "零零一二三四五六七八九")
"""In Chinese a digit is read as a character: 0 风险 is 零风险, and 12315 is 一二三一五."""
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
"""Numerals as contracts have them."""
_POINT = re.compile(r"(?<=\d)[.．](?=\d)")
_POINT_HELD = "\ue000"
"""Stands for such a point until it is folded."""
_POINT_SAID: dict[Language, str] = {"zh": "点", "en": " point "}


@dataclass(frozen=True, slots=True)
class Aligned:
    """A folded text with the way back."""

    text: str
    origins: tuple[int, ...]
    """For each character of `text` the index of the original character it came from (a space: of a neighbour)."""


class Folder:
    """Folds text of one language. Immutable but for a cache of characters already seen."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._table = _Table(language)

    def fold(self, text: str) -> str:
        """The folded form; empty where the text has no letter, digit or character that counts."""
        folded = _held(text).translate(self._table)
        if _NARROW_ONE.search(folded) is None:
            return folded.replace(" ", "")
        if _WIDE_ONE.search(folded) is None:
            return f" {' '.join(folded.split())} "
        parts: list[str] = []
        for run in _RUN.finditer(folded):
            if run["wide"]:
                parts.append(run[0])
            else:
                parts.append(f"{run[0]} " if parts and parts[-1].endswith(" ") else f" {run[0]} ")
        return "".join(parts)

    def align(self, text: str) -> Aligned:
        """The same folded form with its origins; slower than `fold`."""
        out: list[str] = []
        origins: list[int] = []

        def put(character: str, origin: int) -> None:
            out.append(character)
            origins.append(origin)

        word = False
        """Inside a narrow word: the next narrow character belongs to it."""
        for index, original in enumerate(_held(text)):
            for character in self._table[ord(original)]:
                if character == " ":
                    if word:
                        put(" ", origins[-1])
                    word = False
                elif _WIDE_ONE.match(character):
                    if word:
                        put(" ", origins[-1])
                    word = False
                    put(character, index)
                else:
                    if not word and out[-1:] != [" "]:
                        put(" ", index)
                    word = True
                    put(character, index)
        if word:
            put(" ", origins[-1])
        return Aligned("".join(out), tuple(origins))


def _held(text: str) -> str:
    """The text, of the same length, with the points between digits marked."""
    return _POINT.sub(_POINT_HELD, text) if "." in text or "．" in text else text


@lru_cache(maxsize=len(LANGUAGES))
def folder(language: Language) -> Folder:
    """The folder of a language, one for all."""
    return Folder(language)


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    """One for all languages: its tables take as much as those of a small pack."""
    return OpenCC("t2s")


class _Table(dict[int, str]):
    """Code point -> folded characters (a space: separates), filled as characters turn up."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._chinese = language == "zh"
        self[ord(_POINT_HELD)] = _POINT_SAID[language]
        self._simplify = _simplifier().convert

    def __missing__(self, point: int) -> str:
        self[point] = folded = "".join(self._characters(chr(point)))
        return folded

    def _characters(self, original: str) -> Iterator[str]:
        plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", original).casefold())
        for character in plain:
            if unicodedata.category(character) in ("Mn", "Me", "Cf") or character in _APOSTROPHES:
                continue
            if not character.isalnum() and character != "%":
                yield " "
                continue
            digit = unicodedata.decimal(character, None)
            if digit is not None:
                character = str(digit)
            if self._chinese:
                character = character.translate(_NUMERALS)
            if _WIDE_ONE.match(character):
                character = self._simplest(character).translate(_VARIANTS)
                if self._chinese:
                    character = character.translate(_FORMAL)
            yield character

    def _simplest(self, character: str) -> str:
        """The end of the chain: 薴 is simplified to 苧, which is itself the traditional form of 苎. Nobody can tell
        which of the two a 苧 is, so all three are one."""
        while (simpler := self._simplify(character)) != character:
            character = simpler
        return character


def units(folded: str) -> int:
    """How many units a folded text has: a Chinese character is one, and so is a word of another script."""
    return len(_UNIT.findall(folded))


def last_units(folded: str, count: int) -> str:
    """The end of a folded text, cut to `count` units; itself a folded text."""
    if len(folded) <= count:
        return folded
    starts = [found.start() for found in _UNIT.finditer(folded)]
    if len(starts) <= count:
        return folded
    if count <= 0:
        return ""
    start = starts[-count]
    boundary = folded[start - 1 : start] == " " and not _WIDE_ONE.match(folded[start])
    return folded[start - boundary :]


def join(before: str, after: str) -> str:
    """What the two texts, folded apart, fold to when said one after the other."""
    return before + (after[1:] if before.endswith(" ") and after.startswith(" ") else after)
