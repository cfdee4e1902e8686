"""What is looked for in one language, compiled; and which words of a folded text meet each of it.

Words that come later in the same utterance may still take a hit back (scope.py), words of the next one may not: so it
makes no difference whether an utterance is looked at with all that came before or with as much of it as `reach` says.
Knows conditions, phrases and scope, and not how the words of a condition make a hit (candidates.py); no rule, call, leg
or time. Pure.
"""

from collections.abc import Collection, Iterator, Mapping
from collections.abc import Sequence as Several

from eslbot.judge import scope
from eslbot.judge.candidates import Looking, Matched, Occurrence, Plan, Span, claimed, utterance
from eslbot.judge.conditions import Near, Sequence, Sought, singles
from eslbot.judge.lexicon import lexicon
from eslbot.judge.patterns import Among, Pattern
from eslbot.judge.text import Language, folder


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
        self._plans = tuple(Plan(each.condition) for each in sought)
        self._patterns = {index: plan.patterns for index, plan in enumerate(self._plans) if plan.patterns}
        self._among = Among(pattern for those in self._patterns.values() for pattern in those)
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
        if len(folded) <= after:
            return {}
        present = self._among.find(utterance(folded, after)[1]) if self._patterns else frozenset()
        places: dict[int, list[Occurrence]] = {
            index: [] for index, those in self._patterns.items() if index in wanted and not present.isdisjoint(those)
        }
        fresh = set(places)
        """Of which something ends behind what was looked at before: nothing else can hit."""
        for start, end, phrase, alike in self._lexicon.scan(folded):
            for index, word in self._uses[phrase]:
                if index in wanted and (self.sought[index].homophones or not alike):
                    places.setdefault(index, []).append(Occurrence(start, end, word, self._lexicon.phrases[phrase]))
                    if end > after:
                        fresh.add(index)
        return {
            index: claimed(
                self._candidates(index, folded, places[index], present, after, clause), (last or {}).get(index)
            )
            for index in fresh
        }

    def _candidates(
        self, index: int, folded: str, occurrences: Several[Occurrence], present: Collection[Pattern], after: int,
        clause: int,
    ) -> Iterator[Span]:
        """Spans that meet the condition and end behind `after`, by (end, start)."""
        sought, plan = self.sought[index], self._plans[index]
        if sought.none:
            if any(each.word < 0 and each.end > after for each in occurrences):
                return iter(())
            occurrences = [each for each in occurrences if each.word >= 0]

        places = [(each.start, each.end) for each in occurrences if each.word in plan.joined]

        def meant(start: int, end: int, since: int = 0) -> bool:
            if sought.even_negated:
                return True
            first, past = (start, end) if since else scope.together(folded, start, end, places, self.language)
            return not scope.turned(folded, first, past, self.language, max(since, clause if first >= clause else 0))

        return plan.candidates(Looking(folded, after, occurrences, present, meant))
