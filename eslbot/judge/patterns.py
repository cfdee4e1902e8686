"""Regular expressions of packs, in linear time whatever they say. The only importer of re2.

Knows patterns over folded text, and how large they may be; no rule. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import re2

from eslbot.judge.text import Language, folder

LONGEST = 400
"""Characters of a pattern."""
LARGEST = 1_000
"""Instructions of a compiled pattern; a pattern's time is at most this times the text's length."""
LARGEST_OF_A_PACK = 20_000
"""Instructions of all patterns of a pack together: each of them reads each partial."""
_MEMORY = 1 << 20
"""Bytes a compiled pattern and its caches may take."""
_MEMORY_OF_MANY = 16 << 20
"""Bytes that patterns compiled together and their caches may take."""

_SYNTAX = re.compile(
    r"\\[pPx]\{[^}]*\}|\\x[0-9A-Fa-f]{2}|\\.|\[:\^?\w+:\]|\(\?(?:P?<\w+>|[imsU-]*[:)])|\{\d*,?\d*\}|[\w']", re.DOTALL
)
"""Pieces of a pattern: what is syntax, and each character that stands for itself."""


class PatternError(ValueError):
    """A pattern that cannot be used, and why."""


class Pattern:
    """A compiled pattern. Immutable; equal where its text is."""

    def __init__(self, text: str) -> None:
        """Raises PatternError."""
        self.text = text
        if len(text) > LONGEST:
            raise PatternError(f"the pattern is longer than {LONGEST} characters")
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        try:
            self._compiled = re2.compile(text, options)
        except re2.error as error:
            raise PatternError(f"{_said(error)}: {text!r} (RE2's syntax; nothing that looks ahead or back)") from error
        self.size = int(self._compiled.programsize)
        if self.size > LARGEST:
            raise PatternError(f"the pattern is too large: {self.size} steps, at most {LARGEST}: {text!r}")
        if self._compiled.fullmatch("") is not None:
            raise PatternError(f"the pattern finds even nothing: {text!r}")

    def places(self, folded: str) -> Iterator[tuple[int, int]]:
        """(start, end) of what it finds from left to right, nothing twice; places of no length are left out."""
        for found in self._compiled.finditer(folded):
            start, end = found.span()
            if start < end:
                yield start, end

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Pattern({self.text!r})"


class Among:
    """Which of many patterns find anything in a text, told by reading it once for all of them. Immutable."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._groups: list[tuple[tuple[Pattern, ...], re2.Set]] = []
        group: list[Pattern] = []
        size = 0
        for each in dict.fromkeys(patterns):
            if group and size + each.size > LARGEST_OF_A_PACK:
                self._add(group)
                group, size = [], 0
            group.append(each)
            size += each.size
        if group:
            self._add(group)

    def _add(self, group: list[Pattern]) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _MEMORY_OF_MANY
        compiled = re2.Set.SearchSet(options)
        for each in group:
            compiled.Add(each.text)
        compiled.Compile()  # raises where the memory would not do, so that it always does when a text is read
        self._groups.append((tuple(group), compiled))

    def find(self, folded: str) -> frozenset[Pattern]:
        """Those that do; such as find places of no length only may be among them."""
        return frozenset(group[index] for group, compiled in self._groups for index in compiled.Match(folded) or ())


@lru_cache(maxsize=1024)
def pattern(text: str) -> Pattern:
    """The pattern of this text, compiled once. Raises PatternError."""
    return Pattern(text)


def unheard(text: str, language: Language) -> str:
    """The first piece of a pattern that no folded text of the language holds, with what it is folded to; else empty."""
    fold = folder(language).fold
    for piece in _SYNTAX.findall(text):
        if piece == r"\d" and not fold("1").strip().isdigit():
            return rf"\d finds nothing: 1 is heard as {fold('1').strip()}"
        if len(piece) == 1 and (piece.isalnum() or piece == "'"):
            folded = fold(piece).strip()
            if folded != piece:
                return f"{piece!r} finds nothing: it is heard as {folded!r}" if folded else f"{piece!r} is not heard"
    return ""


def _said(error: Exception) -> str:
    said = error.args[0] if error.args else error
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
