"""What is looked for in one language, compiled; and which words of a folded text meet each of it.

What counts as one hit of phrases is decided from left to right, by where words end. Words that come later in the same
utterance may still take them back (scope.py), words of the next one may not: so it makes no difference whether an
utterance is looked at with all that came before or with as much of it as `reach` says. What is defined over an
utterance (some, regex, none) is decided by the utterance's text alone.
Knows conditions, phrases and scope; no rule, call, leg or time. Pure.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Sequence as Several
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

from eslbot.judge import scope
from eslbot.judge.conditions import AnyOf, Condition, Either, Matching, Near, Sequence, SomeOf, Sought, singles
from eslbot.judge.lexicon import lexicon
from eslbot.judge.text import Language, folder, units


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
class _Looking:
    """One look at a text for one sought thing."""

    folded: str
    after: int
    """Characters that were looked at before; what ends among them does not count."""
    occurrences: Several[Occurrence]
    """By (end, start)."""
    meant: Meant
    """Whether words at (start, end) are meant as they are said; of what stands before them, only what stands behind
    `since` counts, which may be left out."""


class Program:
    """Immutable; shared by all calls."""

    def __init__(self, language: Language, sought: tuple[Sought, ...]) -> None:
        self.language = language
        self.sought = sought
        self.folder = folder(language)
        uses: dict[str, list[tuple[int, int]]] = {}
        alike: set[str] = set()
        for index, each in enumerate(sought):
            for word, phrase in each.phrases():
                folded = self.folder.fold(phrase)
                places = uses.setdefault(folded, [])
                if (index, word) not in places:
                    places.append((index, word))
                if each.homophones:
                    alike.add(folded)
        self._lexicon = lexicon(tuple(uses), language, frozenset(n for n, each in enumerate(uses) if each in alike))
        widths = (
            part.within
            for each in sought for part in singles(each.condition) if isinstance(part, Near | Sequence)
        )
        longest = max(self._lexicon.longest, *widths, 0)
        self._uses = tuple(tuple(places) for places in uses.values())
        self._patterns = tuple(
            index for index, each in enumerate(sought)
            if any(isinstance(part, Matching) for part in singles(each.condition))
        )
        self.reach = longest - 1 + scope.REACH if uses or self._patterns else 0
        """Units before a place that can bear on whether words end a hit there."""

    def find(
        self, folded: str, *, after: int = 0, clause: int = 0, last: Mapping[int, Span] | None = None,
        wanted: Collection[int],
    ) -> dict[int, Matched]:
        """Hits of the sought things whose indices are `wanted` in a folded text.

        Of the first `after` characters, which were looked at before, only what reaches beyond them counts; `last`
        holds, for each, the last hit that was found there. Those of which nothing was found are left out. At `clause`
        the speaker began anew: what stands before it neither negates nor quotes what begins behind it.
        """
        places: dict[int, list[Occurrence]] = {index: [] for index in self._patterns if index in wanted}
        for start, end, phrase, alike in self._lexicon.scan(folded):
            for index, word in self._uses[phrase]:
                if index in wanted and (self.sought[index].homophones or not alike):
                    places.setdefault(index, []).append(Occurrence(start, end, word, self._lexicon.phrases[phrase]))
        return {
            index: _claimed(
                self._candidates(self.sought[index], folded, occurrences, after, clause), (last or {}).get(index)
            )
            for index, occurrences in places.items()
        }

    def _candidates(
        self, sought: Sought, folded: str, occurrences: Several[Occurrence], after: int, clause: int
    ) -> Iterator[Span]:
        """Spans that meet the condition and end behind `after`, by (end, start)."""
        if sought.none:
            if any(each.word < 0 and each.end > after for each in occurrences):
                return iter(())
            occurrences = [each for each in occurrences if each.word >= 0]

        joined = _for_one_another(sought.condition)
        places = [(each.start, each.end) for each in occurrences if each.word in joined]

        def meant(start: int, end: int, since: int = 0) -> bool:
            if sought.even_negated:
                return True
            first, past = (start, end) if since else scope.together(folded, start, end, places, self.language)
            return not scope.turned(folded, first, past, self.language, max(since, clause if first >= clause else 0))

        return _CANDIDATES[type(sought.condition)](sought.condition, _Looking(folded, after, occurrences, meant))


def _for_one_another(condition: Condition) -> frozenset[int]:
    """The words of a condition whose phrases each hit by themselves."""
    first, words = 0, []
    for part in singles(condition):
        if isinstance(part, AnyOf):
            words.append(first)
        first += len(part.words)
    return frozenset(words)


def _any(condition: AnyOf, look: _Looking) -> Iterator[Span]:
    for start, end, _, phrase in look.occurrences:
        if end > look.after and look.meant(start, end):
            yield Span(start, end, phrase)


def _some(condition: SomeOf, look: _Looking) -> Iterator[Span]:
    earliest: dict[int, int] = {}
    for start, end, word, _ in look.occurrences:
        if end > look.after and word not in earliest and look.meant(start, end):
            earliest[word] = start
            if len(earliest) == condition.at_least:
                yield Span(min(earliest.values()), end, "")
                return


def _near(condition: Near, look: _Looking) -> Iterator[Span]:
    latest: dict[int, tuple[int, int]] = {}
    for start, end, word, _ in look.occurrences:
        latest[word] = start, end
        if end <= look.after or len(latest) < len(condition.words):
            continue
        first = min(latest.values())[0]
        if units(look.folded[first:end]) <= condition.within and _each_meant(sorted(latest.values()), end, look):
            yield Span(first, end, "")


def _each_meant(places: Several[tuple[int, int]], end: int, look: _Looking) -> bool:
    """Whether no word of a span is turned by what stands before it, behind the word before: not by that word's own
    negation."""
    since = 0
    for start, until in places:
        if not look.meant(start, end, since):
            return False
        since = max(since, until)
    return True


def _sequence(condition: Sequence, look: _Looking) -> Iterator[Span]:
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


def _matching(condition: Matching, look: _Looking) -> Iterator[Span]:
    """The pattern sees the words of this utterance, without the spaces that may stand around them."""
    begin = look.after + look.folded.startswith(" ", look.after)
    text = look.folded[begin:].rstrip(" ")
    if not text:
        return
    found = list(condition.pattern.places(text))
    barred = list(condition.but_not.places(text)) if found and condition.but_not is not None else []
    for start, end in found:
        if any(start < until and since < end for since, until in barred):
            continue
        if look.meant(begin + start, begin + end):
            yield Span(begin + start, begin + end, "")


def _either(condition: Either, look: _Looking) -> Iterator[Span]:
    found: list[Span] = []
    first = 0
    for part in condition.parts:
        if isinstance(part, Matching):
            found += _matching(part, look)
        elif look.occurrences:
            past = first + len(part.words)
            own = [each._replace(word=each.word - first) for each in look.occurrences if first <= each.word < past]
            if own:
                found += _CANDIDATES[type(part)](part, replace(look, occurrences=own))
            first = past
    return iter(sorted(found, key=lambda span: (span.end, span.start)))


_CANDIDATES: Mapping[type[Condition], Callable[[Any, _Looking], Iterator[Span]]] = {
    AnyOf: _any, SomeOf: _some, Near: _near, Sequence: _sequence, Matching: _matching, Either: _either,
}  # fmt: skip


def _claimed(candidates: Iterator[Span], last: Span | None) -> Matched:
    """The candidates that are hits of their own. One that overlaps the hit before it is not; if it begins no later than
    that hit, it is the same words said at more length (it ends no earlier: that is their order)."""
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
