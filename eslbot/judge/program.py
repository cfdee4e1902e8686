"""The rules of one language, compiled; and which words of a folded text each of them hits.

What counts as one hit is decided from left to right, by where words end, and never revised by words that come later:
so it makes no difference whether a text is looked at whole, word by word, or in pieces that know what came before.
Knows rules, phrases and scope; no call, leg, utterance or time. Pure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from eslbot.judge import scope
from eslbot.judge.lexicon import Lexicon
from eslbot.judge.rules import AllOf, AnyOf, Near, Rule
from eslbot.judge.text import Language, folder, units


class Span(NamedTuple):
    """Words that hit a rule, as characters of a folded text."""

    start: int
    end: int
    words: str
    """The phrase that hit, folded; empty where all of a rule's words did."""


class Occurrence(NamedTuple):
    """A phrase of a rule at one place."""

    start: int
    end: int
    word: int
    """Which of the rule's words it is a phrase of."""
    phrase: str


@dataclass(frozen=True, slots=True)
class Matched:
    """What one rule hits."""

    spans: Sequence[Span]
    """New hits, in the order in which their words are complete."""
    last: Span | None
    """The last hit of all, new or carried over: what overlaps it later is no hit of its own."""


class Program:
    """Immutable; shared by all calls."""

    def __init__(self, language: Language, rules: tuple[Rule, ...]) -> None:
        self.language = language
        self.rules = rules
        self.folder = folder(language)
        uses: dict[str, list[tuple[int, int]]] = {}
        longest = 0
        for index, rule in enumerate(rules):
            for word, phrase in rule.phrases():
                folded = self.folder.fold(phrase)
                longest = max(longest, units(folded))
                places = uses.setdefault(folded, [])
                if (index, word) not in places:
                    places.append((index, word))
            if isinstance(rule.condition, Near):
                longest = max(longest, rule.condition.within)
        self._lexicon = Lexicon(uses)
        self._uses = tuple(tuple(places) for places in uses.values())
        self.reach = longest - 1 + scope.REACH if uses else 0
        """Units before a place that can bear on whether words end a hit there."""

    def find(
        self, folded: str, *, after: int = 0, last: Mapping[int, Span] | None = None, wanted: Collection[int]
    ) -> dict[int, Matched]:
        """Hits of the rules whose indices are `wanted` in a folded text.

        Of the first `after` characters, which were looked at before, only what reaches beyond them counts; `last`
        holds, for each rule, the last hit that was found there. Rules of which no phrase was found are left out.
        """
        found = self._lexicon.scan(folded)
        if not found:
            return {}
        places: dict[int, list[Occurrence]] = {}
        for start, end, phrase in found:
            for rule, word in self._uses[phrase]:
                if rule in wanted:
                    places.setdefault(rule, []).append(Occurrence(start, end, word, self._lexicon.phrases[phrase]))
        return {
            rule: _claimed(self._candidates(self.rules[rule], folded, occurrences, after), (last or {}).get(rule))
            for rule, occurrences in places.items()
        }

    def _candidates(
        self, rule: Rule, folded: str, occurrences: Sequence[Occurrence], after: int
    ) -> Iterator[Span]:
        """Spans that meet the rule's condition and end behind `after`, by (end, start)."""
        match rule.condition:
            case AnyOf():
                for start, end, _, phrase in occurrences:
                    if end > after and self._meant(rule, folded, start):
                        yield Span(start, end, phrase)
            case Near(words=words, within=within):
                latest: dict[int, int] = {}
                for start, end, word, _ in occurrences:
                    latest[word] = start
                    if end <= after or len(latest) < len(words):
                        continue
                    first = min(latest.values())
                    if units(folded[first:end]) <= within and self._meant(rule, folded, first):
                        yield Span(first, end, "")
            case AllOf(words=words):
                earliest: dict[int, int] = {}
                for start, end, word, _ in occurrences:
                    if end > after and self._meant(rule, folded, start):
                        earliest.setdefault(word, start)
                        if len(earliest) == len(words):
                            yield Span(min(earliest.values()), end, "")
                            return

    def _meant(self, rule: Rule, folded: str, start: int) -> bool:
        return rule.even_negated or not scope.turned(folded[:start], self.language)


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
