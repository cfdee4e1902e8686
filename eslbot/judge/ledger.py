"""The hits of one leg, in one language, as its words are rewritten: each told once at each confirmation, however often
a partial is rewritten, and taken back when the final lacks it.

Knows utterances and the words before them; no verdict, no deadline, no act. Pure.
"""

from collections.abc import Collection
from dataclasses import dataclass

from eslbot.judge.candidates import Span
from eslbot.judge.program import Program
from eslbot.judge.text import join, last_units
from eslbot.judge.timing import timing
from eslbot.model.call import Confirm
from eslbot.model.words import Hypothesis

AGREED_AFTER_SECONDS = 0.12
"""Of decoded audio between two hypotheses that hold the same words (measured; see docs/reference/packs.md)."""
PAUSE_SECONDS = 3.0
"""A phrase does not straddle a longer silence between two utterances."""
CLAUSE_SECONDS = 1.0
"""After such a silence a new clause begins: what was said before it neither negates nor quotes what follows."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A hit stands, and is now this sure."""

    sought: int
    """Index of what was looked for in the program."""
    utterance: int
    ordinal: int
    confirm: Confirm
    start: int
    """First sample of its words."""
    end: int
    words: str
    """As they were heard."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A hit that was told is not in the final."""

    sought: int
    utterance: int
    ordinal: int


Change = Seen | Dropped


@dataclass(slots=True)
class _Standing:
    """A hit of the utterance that is being spoken."""

    told: Confirm
    words: str
    """The words that have stood without a break."""
    since: int | None
    """`decoded` of the hypothesis since which they have; None: the last hypothesis lacked them."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A text with the way back from its folded form."""

    heard: str
    origins: tuple[int, ...]
    """Of each folded character its place in `heard`..."""
    starts: tuple[int, ...]
    """...its first sample..."""
    ends: tuple[int, ...]
    """...and the one after its last."""


class Ledger:
    """One leg of one call."""

    def __init__(self, program: Program, wanted: Collection[int], rate: int) -> None:
        """`wanted`: indices of what the program seeks on this leg; `rate`: samples a second."""
        self._program = program
        self._wanted = frozenset(wanted)
        self._agreed_after = AGREED_AFTER_SECONDS * rate
        self._pause, self._new_clause = PAUSE_SECONDS * rate, CLAUSE_SECONDS * rate
        self._utterance = -1
        self._open = False
        self._standing: dict[tuple[int, int], _Standing] = {}
        self._tail = ""
        """Folded end of what was said before the utterance, as far back as it can bear on it."""
        self._said: tuple[tuple[Hypothesis, int], ...] = ()
        """The finals that the tail is of, oldest first, each with the length of its folded text: where and when a
        character was heard is looked up only where something was found, which is seldom."""
        self._tail_end = 0
        self._clause = 0
        """Where in the tail and the utterance a new clause begins; 0: nowhere."""
        self._last: dict[int, Span] = {}
        """The last hit of each sought thing before the utterance, in characters of the tail (may begin before it)."""
        self._folded: str | None = None
        self._hits: list[tuple[int, int, Span]] = []
        """(sought, ordinal, span) of the text that was folded last."""
        self._carry: dict[int, Span] = {}
        """What `_last` becomes if that text is final."""

    def hear(self, hypothesis: Hypothesis) -> list[Change]:
        """What changed, in the order in which the words stand. An utterance that is over is not heard again."""
        if not self._begin(hypothesis):
            return []
        folded = self._program.folder.fold(hypothesis.text)
        if folded != self._folded:
            self._look(folded)
        told = self._final() if hypothesis.final else self._partial(hypothesis.decoded)
        changes = self._seen(hypothesis, told)
        if hypothesis.final:
            changes += self._end(hypothesis)
        return changes

    def _begin(self, hypothesis: Hypothesis) -> bool:
        if hypothesis.utterance < self._utterance or (hypothesis.utterance == self._utterance and not self._open):
            return False
        if hypothesis.utterance != self._utterance:
            silence = hypothesis.start - self._tail_end
            if self._open or silence > self._pause:
                self._forget()
            self._clause = len(self._tail) if silence >= self._new_clause else 0
            self._utterance, self._open = hypothesis.utterance, True
            self._folded, self._hits, self._carry = None, [], {}
            self._standing = {}
        return True

    def _forget(self) -> None:
        """What was said before no longer bears on what is said: too long ago, or its end was never heard."""
        self._tail, self._said, self._last = "", (), {}

    def _look(self, folded: str) -> None:
        found = self._program.find(
            join(self._tail, folded), after=len(self._tail), clause=self._clause, last=self._last, wanted=self._wanted
        )
        hits = [(sought, ordinal, span) for sought, match in found.items() for ordinal, span in enumerate(match.spans)]
        hits.sort(key=lambda hit: (hit[2].end, hit[2].start, hit[0]))
        self._folded, self._hits = folded, hits
        self._carry = self._last | {sought: match.last for sought, match in found.items() if match.last is not None}

    def _partial(self, decoded: int) -> list[tuple[int, int, Span, Confirm]]:
        """Hits that became surer by a partial."""
        told = []
        lacking = set(self._standing)
        for sought, ordinal, span in self._hits:
            standing = self._standing.get((sought, ordinal))
            lacking.discard((sought, ordinal))
            if standing is None:
                self._standing[sought, ordinal] = _Standing(Confirm.PARTIAL, span.words, decoded)
                told.append((sought, ordinal, span, Confirm.PARTIAL))
            elif standing.since is None or not span.words.startswith(standing.words):
                standing.words, standing.since = span.words, decoded
            elif standing.told < Confirm.AGREED and decoded - standing.since >= self._agreed_after:
                standing.told = Confirm.AGREED
                told.append((sought, ordinal, span, Confirm.AGREED))
        for key in lacking:
            self._standing[key].since = None
        return told

    def _final(self) -> list[tuple[int, int, Span, Confirm]]:
        return [(sought, ordinal, span, Confirm.FINAL) for sought, ordinal, span in self._hits]

    def _seen(self, hypothesis: Hypothesis, told: list[tuple[int, int, Span, Confirm]]) -> list[Change]:
        if not told:
            return []
        place = self._place(hypothesis)
        return [
            Seen(
                sought, hypothesis.utterance, ordinal, confirm, place.starts[span.start], place.ends[span.end - 1],
                place.heard[place.origins[span.start] : place.origins[span.end - 1] + 1],
            )
            for sought, ordinal, span, confirm in told
        ]  # fmt: skip

    def _place(self, hypothesis: Hypothesis) -> "_Placed":
        """Where and when each character of the tail and the utterance was heard."""
        folded, heard = "", ""
        origins: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        for said in (*(before for before, _ in self._said), hypothesis):
            aligned, times = self._program.folder.align(said.text), timing(said)
            joined = join(folded, aligned.text)
            fresh = aligned.origins[len(folded) + len(aligned.text) - len(joined) :]
            heard = f"{heard} {said.text}" if heard else said.text
            offset = len(heard) - len(said.text)
            origins += (offset + origin for origin in fresh)
            starts += (times.starts[origin] for origin in fresh)
            ends += (times.ends[origin] for origin in fresh)
            folded = joined
        cut = len(folded) - len(join(self._tail, self._folded or ""))  # what is older than the tail
        return _Placed(heard, tuple(origins[cut:]), tuple(starts[cut:]), tuple(ends[cut:]))

    def _end(self, hypothesis: Hypothesis) -> list[Change]:
        """The utterance is over: takes back what the final lacks, and keeps what may bear on the next one."""
        present = {(sought, ordinal) for sought, ordinal, _ in self._hits}
        dropped: list[Change] = [
            Dropped(sought, hypothesis.utterance, ordinal)
            for sought, ordinal in self._standing
            if (sought, ordinal) not in present
        ]
        whole = join(self._tail, self._folded or "")
        self._tail = last_units(whole, self._program.reach)
        cut = len(whole) - len(self._tail)
        self._said = _covering((*self._said, (hypothesis, len(self._folded or ""))), len(self._tail))
        self._tail_end = hypothesis.words[-1].end if hypothesis.words else hypothesis.decided
        self._last = {
            sought: Span(span.start - cut, span.end - cut, span.words)
            for sought, span in self._carry.items()
            if span.end > cut
        }
        self._open = False
        self._standing = {}
        return dropped


def _covering(said: tuple[tuple[Hypothesis, int], ...], length: int) -> tuple[tuple[Hypothesis, int], ...]:
    """The last of them that have at least so many folded characters together (a space is shared where two meet)."""
    there, first = 0, len(said)
    while first and there < length:
        first -= 1
        there += said[first][1] - (there > 0)
    return said[first:]
