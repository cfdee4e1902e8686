"""How the words of a condition make a hit: which spans of a folded text meet it, and which of those are hits of their
own.

What counts as one hit of phrases is decided from left to right, by where words end. What is defined over an utterance
(some, regex, none) is decided by the utterance's text alone.
Knows conditions and places in a text; not how phrases are found, nor what turns a word round (both are given). Pure.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Sequence as Several
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from eslbot.judge.conditions import AnyOf, Condition, Either, Matching, Near, Sequence, SomeOf, singles
from eslbot.judge.patterns import Pattern
from eslbot.judge.text import units


class Span(NamedTuple):
    """Words that hit, as characters of a folded text."""

    start: int
    end: int
    words: str
    """The phrase that hit, folded; empty where several words did, or a pattern."""


class Occurrence(NamedTuple):
    """A phrase at one place."""

    start: int
    end: int
    word: int
    """Which of the condition's words it is a phrase of; -1: one that must not be there."""
    phrase: str


@dataclass(frozen=True, slots=True)
class Matched:
    """What one sought thing hits."""

    spans: Several[Span]
    """New hits, in the order in which their words are complete."""
    last: Span | None
    """The last hit of all, new or carried over: what overlaps it later is no hit of its own."""


class Meant(Protocol):
    def __call__(self, start: int, end: int, since: int = 0) -> bool: ...


@dataclass(frozen=True, slots=True)
class Looking:
    """One look at a text for one sought thing."""

    folded: str
    after: int
    """Characters that were looked at before; what ends among them does not count."""
    occurrences: Several[Occurrence]
    """By (end, start)."""
    present: Collection[Pattern]
    """The patterns that find anything in this utterance."""
    meant: Meant
    """Whether words at (start, end) are meant as they are said; of what stands before them, only what stands behind
    `since` counts, which may be left out."""


def _any(condition: AnyOf, look: Looking) -> Iterator[Span]:
    for start, end, _, phrase in look.occurrences:
        if end > look.after and look.meant(start, end):
            yield Span(start, end, phrase)


def _some(condition: SomeOf, look: Looking) -> Iterator[Span]:
    earliest: dict[int, int] = {}
    for start, end, word, _ in look.occurrences:
        if end > look.after and word not in earliest and look.meant(start, end):
            earliest[word] = start
            if len(earliest) == condition.at_least:
                yield Span(min(earliest.values()), end, "")
                return


def _near(condition: Near, look: Looking) -> Iterator[Span]:
    latest: dict[int, tuple[int, int]] = {}
    for start, end, word, _ in look.occurrences:
        latest[word] = start, end
        if end <= look.after or len(latest) < len(condition.words):
            continue
        first = min(latest.values())[0]
        if units(look.folded[first:end]) <= condition.within and _each_meant(sorted(latest.values()), end, look):
            yield Span(first, end, "")


def _each_meant(places: Several[tuple[int, int]], end: int, look: Looking) -> bool:
    """Whether no word of a span is turned by what stands before it, behind the word before: not by that word's own
    negation."""
    since = 0
    for start, until in places:
        if not look.meant(start, end, since):
            return False
        since = max(since, until)
    return True


def _sequence(condition: Sequence, look: Looking) -> Iterator[Span]:
    """Of each beginning of the sequence, the places where it was complete: (end, start); the later the start the
    better, whatever follows."""
    begun: list[list[tuple[int, int]]] = [[] for _ in condition.words]
    for start, end, word, _ in look.occurrences:
        first, since = start, 0
        if word:
            earlier = ((before, until) for until, before in begun[word - 1] if until <= start)
            first, since = max(earlier, default=(-1, 0))
        if first < 0:
            continue
        begun[word].append((end, first))
        if word < len(condition.words) - 1 or end <= look.after:
            continue
        meant = look.meant(first, end) and (not since or look.meant(start, end, since))
        if units(look.folded[first:end]) <= condition.within and meant:
            yield Span(first, end, "")


def utterance(folded: str, after: int) -> tuple[int, str]:
    """What patterns see, the words of this utterance without the spaces that may stand around them, and where in the
    text they begin."""
    begin = after + folded.startswith(" ", after)
    return begin, folded[begin:].rstrip(" ")


def _matching(condition: Matching, look: Looking) -> Iterator[Span]:
    if condition.pattern not in look.present:
        return
    begin, text = utterance(look.folded, look.after)
    found = list(condition.pattern.places(text))
    barred = list(condition.but_not.places(text)) if found and condition.but_not is not None else []
    for start, end in found:
        if any(start < until and since < end for since, until in barred):
            continue
        if look.meant(begin + start, begin + end):
            yield Span(begin + start, begin + end, "")


_SINGLE: Mapping[type[Condition], Callable[[Any, Looking], Iterator[Span]]] = {
    AnyOf: _any, SomeOf: _some, Near: _near, Sequence: _sequence, Matching: _matching,
}  # fmt: skip


class Plan:
    """A condition, with what can be known of it before any text. Immutable."""

    def __init__(self, condition: Condition) -> None:
        self._condition = condition
        self._parts = singles(condition)
        self._firsts: list[int] = []
        """Of each part its first word, counted over all parts."""
        self._part_of: list[int] = []
        """Of each word the part that it belongs to."""
        self._least: list[int] = []
        """Of each part how many places of its words there must be for it to hit."""
        for part in self._parts:
            self._firsts.append(len(self._part_of))
            self._part_of += [len(self._firsts) - 1] * len(part.words)
            self._least.append(_least(part))
        self.patterns = frozenset(part.pattern for part in self._parts if isinstance(part, Matching))
        """What its parts look for by pattern."""
        self._by_pattern = [
            (number, part.pattern) for number, part in enumerate(self._parts) if isinstance(part, Matching)
        ]
        self.joined = frozenset(
            first for first, part in zip(self._firsts, self._parts, strict=True) if isinstance(part, AnyOf)
        )
        """The words whose phrases each hit by themselves."""

    def candidates(self, look: Looking) -> Iterator[Span]:
        """Spans that meet the condition and end behind `after`, by (end, start)."""
        if not isinstance(self._condition, Either):
            return _SINGLE[type(self._condition)](self._condition, look)
        fresh: set[int] = set()
        for _, end, word, _ in reversed(look.occurrences):
            if end <= look.after:
                break
            fresh.add(self._part_of[word])
        own: dict[int, list[Occurrence]] = {}
        for start, end, word, phrase in look.occurrences if fresh else ():
            part = self._part_of[word]
            if part in fresh:
                own.setdefault(part, []).append(Occurrence(start, end, word - self._firsts[part], phrase))
        found: list[Span] = []
        parts = [part for part, those in own.items() if len(those) >= self._least[part]]
        if look.present:
            parts += [part for part, pattern in self._by_pattern if pattern in look.present]
        for part in sorted(parts):
            condition = self._parts[part]
            alone = Looking(look.folded, look.after, own.get(part, ()), look.present, look.meant)
            found += _SINGLE[type(condition)](condition, alone)
        return iter(sorted(found, key=lambda span: (span.end, span.start)))


def _least(part: Condition) -> int:
    if isinstance(part, SomeOf):
        return part.at_least
    return len(part.words) if isinstance(part, Near | Sequence) else 1


def claimed(candidates: Iterator[Span], last: Span | None) -> Matched:
    """The candidates that are hits of their own; `last` is the hit that an earlier look ended with.

    One that overlaps the hit before it is none; if it begins no later than that hit, it is the same words said at more
    length (it ends no earlier: that is their order). Then it stands in that hit's place, and in no other's, however far
    back it reaches: what was counted stays counted, so that words in pieces have as many hits as the same in one."""
    spans: list[Span] = []
    for candidate in candidates:
        if last is None or candidate.start >= last.end:
            spans.append(candidate)
            last = candidate
        elif candidate.start <= last.start:
            if spans:
                spans[-1] = candidate
            last = candidate
    return Matched(spans, last)
