"""What must be said in a call, and how it stands: pending, said, missing, or unknown because someone was not heard.

One `Disclosures` a call. Knows deadlines, the legs' sample clocks and whether words were found; not which words, and no
text. A rule asks either once, from the answer, or each time its trigger is said: every time is an instance of its own,
with its own ordinal. Unknown is not guilty: lost audio inside the window ends in unknown, never in missing. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eslbot.judge.checklist import FROM_ANSWER, Changed, Item, Required
from eslbot.model.audio import Gap
from eslbot.model.call import Confirm, Role
from eslbot.model.judgement import Disclosure

SETTLE_SECONDS = 0.8
"""After the deadline until an utterance that began before it has shown its first words."""
PATIENCE_SECONDS = 5.0
"""After the deadline for the words of an utterance that began before it; an utterance may go on for longer, but what
was begun in time has been said by then."""
Words = tuple[int, int]
"""(utterance, ordinal) of words that were found."""


@dataclass(slots=True)
class _Instance:
    rule: str
    ordinal: int
    by: Role
    since: int
    asked: int
    """Where what asked for it ends."""
    deadline: int
    confirm: Confirm
    state: Disclosure = Disclosure.PENDING
    lost: int | None = None
    """First sample of the first gap in the window."""


@dataclass(frozen=True, slots=True)
class _Said:
    start: int
    end: int
    begun: int
    """Where the words or their utterance began, whichever is earlier."""
    final: bool


@dataclass(slots=True)
class _Clock:
    heard: int = 0
    """Everything before this sample has been heard and judged."""
    speaking: int | None = None
    """Start of the utterance that is being spoken."""


class Disclosures:
    """The disclosures of one call."""

    def __init__(self, required: Mapping[str, Required], rate: int) -> None:
        """`required`: rule id -> what it asks for; `rate`: samples a second."""
        self._required = required
        self._rate = rate
        self._words: dict[str, dict[Words, _Said]] = {rule: {} for rule in required}
        """Of each rule the words that stand, agreed at least."""
        self._gaps: list[Gap] = []
        self._clocks = {Role.AGENT: _Clock(), Role.CUSTOMER: _Clock()}
        self._settle = round(SETTLE_SECONDS * rate)
        self._patience = round(PATIENCE_SECONDS * rate)
        self._instances: dict[tuple[str, int], _Instance] = {
            (rule, FROM_ANSWER): _Instance(rule, FROM_ANSWER, each.by, 0, 0, round(each.within * rate), Confirm.FINAL)
            for rule, each in required.items() if not each.triggered
        }  # fmt: skip

    def checklist(self) -> tuple[Item, ...]:
        """How each stands now, by the time at which it was asked for."""
        return tuple(
            self._item(each) for each in sorted(self._instances.values(), key=lambda each: each.since)
        )

    def _item(self, instance: _Instance) -> Item:
        said = self._words_of(instance) if instance.state is Disclosure.SAID else None
        asked = None if instance.ordinal == FROM_ANSWER else (instance.since, instance.asked)
        return Item(
            instance.rule, instance.ordinal, instance.by, instance.state, instance.deadline,
            self._remaining(instance), asked, None if said is None else (said.start, said.end),
        )

    def _remaining(self, instance: _Instance) -> float | None:
        if instance.state is not Disclosure.PENDING:
            return None
        return max(0, instance.deadline - self._clocks[instance.by].heard) / self._rate

    # --- what was said -----------------------------------------------------------------------------------------------
    def asked(self, rule: str, ordinal: int, start: int, end: int, confirm: Confirm, decided: int) -> list[Changed]:
        """The trigger of a rule was said from sample `start` to `end`. Partial words ask for nothing."""
        if confirm < Confirm.AGREED:
            return []
        asks = self._required[rule]
        deadline = end + round(asks.within * self._rate)
        known = self._instances.get((rule, ordinal))
        if known is not None:
            known.confirm, surer = max(known.confirm, confirm), confirm > known.confirm
            if known.state is Disclosure.MISSING:
                return [self._change(known, Disclosure.MISSING, known.deadline, decided)] if surer else []
            known.since, known.asked, known.deadline = start, end, deadline
            return self._look(known, decided)
        instance = _Instance(rule, ordinal, asks.by, start, end, deadline, confirm)
        self._instances[rule, ordinal] = instance
        changes = [self._change(instance, Disclosure.PENDING, deadline, decided)]
        for gap in self._gaps:
            changes += self._lose(instance, gap)
        return changes + self._look(instance, decided)

    def taken_back(self, rule: str, ordinal: int, decided: int) -> list[Changed]:
        """The trigger's words were taken back: nothing was asked for."""
        instance = self._instances.pop((rule, ordinal), None)
        return [] if instance is None else [self._change(instance, Disclosure.VOID, instance.since, decided)]

    def said(
        self, rule: str, words: Words, confirm: Confirm, place: tuple[int, int], utterance_start: int, decided: int
    ) -> list[Changed]:
        """Its words stand, at `place`: first sample, and the one after the last. Partial ones do not count; nor do
        words of an utterance that began after the deadline, or words said before what asks for them."""
        if confirm < Confirm.AGREED:
            return []
        begun = min(place[0], utterance_start)
        self._words[rule][words] = _Said(*place, begun, final=confirm is Confirm.FINAL)
        return [change for instance in self._of(rule) for change in self._look(instance, decided)]

    def unsaid(self, rule: str, words: Words, decided: int) -> list[Changed]:
        """Its words were taken back."""
        said = self._words[rule].get(words)
        if said is None or said.final:
            return []
        del self._words[rule][words]
        return [change for instance in self._of(rule) for change in self._look(instance, decided)]

    def _of(self, rule: str) -> Iterable[_Instance]:
        return [instance for (name, _), instance in self._instances.items() if name == rule]

    def _look(self, instance: _Instance, decided: int) -> list[Changed]:
        """Whether it was said after all, or was not."""
        said = self._words_of(instance)
        if said is not None and instance.state in (Disclosure.PENDING, Disclosure.UNKNOWN):
            return [self._change(instance, Disclosure.SAID, said.start, decided)]
        if said is not None or instance.state is not Disclosure.SAID:
            return []
        if instance.lost is not None:
            return [self._change(instance, Disclosure.UNKNOWN, instance.lost, decided)]
        return [self._change(instance, Disclosure.PENDING, instance.deadline, decided)]

    def _words_of(self, instance: _Instance) -> _Said | None:
        """Words that are what an instance asks for."""
        return next(
            (said for said in self._words[instance.rule].values()
             if said.start >= instance.since and said.begun <= instance.deadline), None,
        )  # fmt: skip

    # --- clocks ------------------------------------------------------------------------------------------------------
    def speaking(self, role: Role, start: int | None, at: int) -> list[Changed]:
        """An utterance that began at sample `start` is being spoken; None: it is over. `at` is the deciding sample."""
        self._clocks[role].speaking = start
        return self._due(role, at)

    def heard(self, role: Role, samples: int) -> list[Changed]:
        """The leg has been heard and judged up to here."""
        clock = self._clocks[role]
        clock.heard = max(clock.heard, samples)
        return self._due(role, clock.heard)

    def end(self, samples: int) -> list[Changed]:
        """The talk ended here and everything was heard: what was due by then and was not said is missing."""
        changes = []
        for role, clock in self._clocks.items():
            clock.heard, clock.speaking = max(clock.heard, samples), None
            changes += [
                self._change(each, Disclosure.MISSING, each.deadline, clock.heard)
                for each in self._pending(role) if each.deadline <= samples
            ]  # fmt: skip
        return changes

    def lost(self, gap: Gap) -> list[Changed]:
        """Someone was not heard. A gap that becomes known late also clears who was found guilty."""
        if gap.first >= gap.end:
            return []
        self._gaps.append(gap)
        return [change for instance in self._instances.values() for change in self._lose(instance, gap)]

    def _lose(self, instance: _Instance, gap: Gap) -> list[Changed]:
        if gap.role not in (None, instance.by) or gap.end <= instance.since:
            return []
        # Before the first gap nothing was heard either, where nothing was heard at all: we came late to the call.
        first = max(instance.since, gap.first if self._clocks[instance.by].heard else 0)
        pending = instance.state is Disclosure.PENDING
        if first >= instance.deadline + (self._patience if pending else 0):
            return []
        if instance.lost is None:
            instance.lost = first
        if pending or instance.state is Disclosure.MISSING:
            return [self._change(instance, Disclosure.UNKNOWN, first, gap.end)]
        return []

    def _due(self, role: Role, decided: int) -> list[Changed]:
        clock = self._clocks[role]
        return [
            self._change(instance, Disclosure.MISSING, instance.deadline, max(decided, clock.heard))
            for instance in self._pending(role) if self._over(instance, clock)
        ]  # fmt: skip

    def _pending(self, role: Role) -> list[_Instance]:
        return [each for each in self._instances.values() if each.state is Disclosure.PENDING and each.by is role]

    def _over(self, instance: _Instance, clock: _Clock) -> bool:
        """Whether words that began before the deadline would have been heard by now."""
        past = clock.heard - instance.deadline
        in_time = clock.speaking is not None and clock.speaking <= instance.deadline
        return past >= (self._patience if in_time else self._settle)

    @staticmethod
    def _change(instance: _Instance, state: Disclosure, sample: int, decided: int) -> Changed:
        was, instance.state = instance.state, state
        return Changed(
            instance.rule, instance.ordinal, state, sample, decided, was, instance.since, instance.confirm
        )
