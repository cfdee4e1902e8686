"""Which hits of one rule count, on the time axis of one call: words that must come close in time, excuses, the first
and last seconds, repetition, cooldown, once.

What counts is worked out anew from all that stands whenever something changes, and told by the difference to what was
told before: so it makes no difference in which order, and by which rewritings, the words came. What one agent said does
not count towards another one's repetition, cooldown or once. Times are taken from where words begin to where words
begin: that is what a longer phrase that grows out of a shorter one in the next utterance does not change. Knows hits
with their times; no text, verdict or deed. Pure.
"""

from bisect import bisect, bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from eslbot.judge.conditions import Looked
from eslbot.judge.ledger import Change, Seen
from eslbot.judge.rules import PLAIN, Counting
from eslbot.model.call import Confirm, Role

MOST = 1000
"""Hits of a part of a rule, in one call, beyond which it counts no more: what is worked out anew each time must not
become the service's only work. Rules that count plainly have no such end."""

Key = tuple[Role, int, int]
"""Whose words, in which utterance, and the how-manyth there: the same however often they are rewritten."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A hit that stands."""

    role: Role
    utterance: int
    ordinal: int
    confirm: Confirm
    start: int
    """First sample of its words."""
    end: int
    words: str
    """As they were heard."""

    @property
    def key(self) -> Key:
        return self.role, self.utterance, self.ordinal


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A hit that was told does not count any more."""

    was: Counted


class Tally:
    """The hits of one rule in one call."""

    def __init__(self, looked: Looked, rate: int, counting: Counting = PLAIN, turns: Sequence[int] = ()) -> None:
        """`rate`: samples a second; `turns`: samples from which on the agent is another one, in order; may grow."""
        self._turns = turns
        self._looked, self._counting, self._rate = looked, counting, rate
        self._simple = counting == PLAIN and len(looked.parts) == 1
        self._hits: dict[tuple[Key, int], Counted] = {}
        """(place, part) -> a hit of one part."""
        self._excuses: dict[tuple[Key, int], Counted] = {}
        self._told: dict[Key, Counted] = {}
        self._touched: set[Key] = set()
        self._end: int | None = None

    def take(self, role: Role, part: int, change: Change, *, excuse: bool = False) -> None:
        """A hit of one part, or of one part of its excuse, stands or was taken back."""
        hits = self._excuses if excuse else self._hits
        key = (role, change.utterance, change.ordinal)
        self._touched.add(key)
        if isinstance(change, Seen):
            if not excuse and not self._simple and len(hits) >= MOST and (key, part) not in hits:
                return
            hits[key, part] = Counted(*key, change.confirm, change.start, change.end, change.words)
        else:
            hits.pop((key, part), None)

    def end(self, sample: int) -> None:
        """The talk ended here."""
        self._end = sample

    def changes(self) -> list[Counted | Uncounted]:
        """What counts now and did not, or was less sure; and what was told and counts no longer."""
        keys: Iterable[Key]
        if self._simple:
            keys, now = self._touched, {key: self._hits[key, 0] for key in self._touched if (key, 0) in self._hits}
        else:
            now = {hit.key: hit for role in _SIDES for hit in self._counted(role)}
            keys = [*now, *self._told]
        self._touched = set()
        changed: list[Counted | Uncounted] = []
        for key in dict.fromkeys(keys):
            hit, told = now.get(key), self._told.get(key)
            if hit is None and told is not None:
                del self._told[key]
                changed.append(Uncounted(told))
            elif hit is not None and (told is None or hit.confirm > told.confirm):
                self._told[key] = hit
                changed.append(hit)
        return changed

    def _counted(self, role: Role) -> list[Counted]:
        """What counts of one side, in the order of time."""
        counting = self._counting
        hits: Iterable[Counted] = _together(self._looked, self._of(self._hits, role), self._rate)
        if counting.unless is not None:
            hits = self._not_excused(role, hits)
        if counting.first is not None:
            until = counting.first * self._rate
            hits = [hit for hit in hits if hit.start < until]
        if counting.last is not None:
            since = None if self._end is None else self._end - counting.last * self._rate
            hits = [hit for hit in hits if since is not None and hit.start >= since]
        turns = self._turns if role is Role.AGENT else ()

        def turn(hit: Counted) -> int:
            return bisect(turns, hit.start)

        return [hit for _, one in groupby(sorted(hits, key=turn), turn) for hit in self._of_one(one)]

    def _of_one(self, hits: Iterable[Counted]) -> list[Counted]:
        """What counts of one speaker, as far as it hangs on what the same one said before."""
        counting = self._counting
        if counting.times > 1:
            hits = _every(hits, counting.times, counting.within * self._rate)
        if counting.cooldown:
            hits = _apart(hits, counting.cooldown * self._rate)
        return list(hits)[:1] if counting.once else list(hits)

    @staticmethod
    def _of(hits: dict[tuple[Key, int], Counted], role: Role) -> list[tuple[int, Counted]]:
        found = [(part, hit) for (key, part), hit in hits.items() if key[0] is role]
        return sorted(found, key=lambda each: (each[1].start, each[1].end, each[1].utterance, each[1].ordinal))

    def _not_excused(self, role: Role, hits: Iterable[Counted]) -> Iterator[Counted]:
        """An excuse counts against a hit that is no surer than it; agreed words against any."""
        unless = self._counting.unless
        assert unless is not None
        excuses = [
            excuse
            for side in ((role,) if unless.same_side else _SIDES)
            for excuse in _together(unless.words, self._of(self._excuses, side), self._rate)
        ]
        within = float("inf") if unless.within is None else unless.within * self._rate
        sure = sorted(excuse.start for excuse in excuses if excuse.confirm >= Confirm.AGREED)
        all_ = sorted(excuse.start for excuse in excuses)
        for hit in hits:
            starts = all_ if hit.confirm is Confirm.PARTIAL else sure
            before = bisect_left(starts, hit.start)
            if not before or hit.start - starts[before - 1] > within:
                yield hit


_SIDES = (Role.AGENT, Role.CUSTOMER)


def _together(looked: Looked, hits: list[tuple[int, Counted]], rate: int) -> list[Counted]:
    """What meets all parts within the seconds, in the order of their last words; `hits` of the parts come by their
    beginning. One that begins before the last words of the one before it is no hit of its own."""
    parts = len(looked.parts)
    if parts == 1:
        return [hit for _, hit in hits]
    longest = looked.seconds * rate
    chains: list[list[tuple[Counted, ...]]] = [[] for _ in range(parts)]
    """Of each part, the hits that may be followed (ordered) or joined (in any order) by others."""
    found: list[Counted] = []
    last = -1
    for part, hit in hits:
        whole = _ordered(chains, part, hit) if looked.ordered else _unordered(chains, part, hit)
        if whole is None:
            continue
        start = min(each.start for each in whole)
        if hit.start - start > longest or start <= last:
            continue
        last = hit.start
        words = " … ".join(each.words for each in sorted(whole, key=lambda each: each.start))
        found.append(replace(
            hit, ordinal=hit.ordinal * parts + part, confirm=min(each.confirm for each in whole), start=start,
            words=words,
        ))  # fmt: skip
    return found


def _unordered(chains: list[list[tuple[Counted, ...]]], part: int, hit: Counted) -> tuple[Counted, ...] | None:
    chains[part] = [(hit,)]
    return tuple(each for chain in chains for each in chain[-1]) if all(chains) else None


def _ordered(chains: list[list[tuple[Counted, ...]]], part: int, hit: Counted) -> tuple[Counted, ...] | None:
    """Of the chains that this hit may follow the one that began last."""
    before = [chain for chain in chains[part - 1] if chain[-1].start < hit.start] if part else [()]
    if not before:
        return None
    chain = (*max(before, key=lambda each: each[0].start if each else 0), hit)
    chains[part].append(chain)
    return chain if part == len(chains) - 1 else None


def _every(hits: Iterable[Counted], times: int, within: float) -> Iterator[Counted]:
    """The hit that is the so-manyth within the time; each hit belongs to one such row at most."""
    row: list[Counted] = []
    for hit in hits:
        row = [each for each in (*row, hit) if hit.start - each.start <= within]
        if len(row) == times:
            yield replace(hit, confirm=min(each.confirm for each in row))
            row = []


def _apart(hits: Iterable[Counted], cooldown: float) -> Iterator[Counted]:
    """No hit that begins so soon after one that counts."""
    last: Counted | None = None
    for hit in hits:
        if last is None or hit.start - last.start >= cooldown:
            last = hit
            yield hit
