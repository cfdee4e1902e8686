"""What must be said in a call, and how it stands: pending, said, missing, or unknown because someone was not heard.

One `Disclosures` a call. Knows deadlines, the legs' sample clocks and whether words were found; not which words, and no
text. Unknown is not guilty: lost audio inside the window ends in unknown, never in missing. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from eslbot.model.audio import Gap
from eslbot.model.call import Confirm, Role
from eslbot.model.judgement import Disclosure

SETTLE_SECONDS = 0.8
"""After the deadline until an utterance that began before it has shown its first words."""
PATIENCE_SECONDS = 5.0
"""After the deadline for the words of an utterance that began before it; an utterance may go on for longer, but what
was begun in time has been said by then."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A disclosure stands otherwise than before."""

    rule: str
    state: Disclosure
    sample: int
    """Where it was said; the deadline, where it is missing; the first lost sample, where it can no longer be known."""
    decided: int
    """Sample of the leg's clock at which this was decided."""
    was: Disclosure


@dataclass(slots=True)
class _Required:
    role: Role
    deadline: int
    state: Disclosure = Disclosure.PENDING
    lost: int | None = None
    """First sample of the first gap in the window."""
    agreed: set[tuple[int, int]] = field(default_factory=set)
    """(utterance, ordinal) of words that may still be taken back."""
    final: bool = False
    """Said in words that stay."""


@dataclass(slots=True)
class _Clock:
    heard: int = 0
    """Everything before this sample has been heard and judged."""
    speaking: int | None = None
    """Start of the utterance that is being spoken."""


class Disclosures:
    """The disclosures of one call."""

    def __init__(self, required: Mapping[str, tuple[Role, float]], rate: int) -> None:
        """`required`: rule id -> (who must say it, seconds from the bridge); `rate`: samples a second."""
        self._rules = {rule: _Required(role, round(within * rate)) for rule, (role, within) in required.items()}
        self._clocks = {Role.AGENT: _Clock(), Role.CUSTOMER: _Clock()}
        self._settle = round(SETTLE_SECONDS * rate)
        self._patience = round(PATIENCE_SECONDS * rate)

    def states(self) -> dict[str, Disclosure]:
        """How each stands now."""
        return {rule: required.state for rule, required in self._rules.items()}

    def said(
        self, rule: str, words: tuple[int, int], confirm: Confirm, start: int, utterance_start: int, decided: int
    ) -> list[Changed]:
        """Its words (utterance, ordinal) stand. Partial ones do not count; nor do words of an utterance that began
        after the deadline."""
        required = self._rules[rule]
        if confirm < Confirm.AGREED or min(start, utterance_start) > required.deadline:
            return []
        if confirm is Confirm.FINAL:
            required.agreed.discard(words)
            required.final = True
        else:
            required.agreed.add(words)
        if required.state in (Disclosure.PENDING, Disclosure.UNKNOWN):
            return [self._change(rule, required, Disclosure.SAID, start, decided)]
        return []

    def unsaid(self, rule: str, words: tuple[int, int], decided: int) -> list[Changed]:
        """Its words were taken back."""
        required = self._rules[rule]
        required.agreed.discard(words)
        if required.state is not Disclosure.SAID or required.final or required.agreed:
            return []
        if required.lost is not None:
            return [self._change(rule, required, Disclosure.UNKNOWN, required.lost, decided)]
        return [self._change(rule, required, Disclosure.PENDING, required.deadline, decided)]

    def speaking(self, role: Role, start: int | None, at: int) -> list[Changed]:
        """An utterance that began at sample `start` is being spoken; None: it is over. `at` is the deciding sample."""
        self._clocks[role].speaking = start
        return self._due(role, at)

    def heard(self, role: Role, samples: int) -> list[Changed]:
        """The leg has been heard and judged up to here."""
        clock = self._clocks[role]
        clock.heard = max(clock.heard, samples)
        return self._due(role, clock.heard)

    def lost(self, gap: Gap) -> list[Changed]:
        """Someone was not heard. A gap that becomes known late also clears who was found guilty."""
        changes = []
        for rule, required in self._rules.items():
            if gap.role not in (None, required.role) or gap.first >= gap.end:
                continue
            # Before the first gap nothing was heard either, where nothing was heard at all: we came late to the call.
            first = gap.first if self._clocks[required.role].heard else 0
            pending = required.state is Disclosure.PENDING
            if first >= required.deadline + (self._patience if pending else 0):
                continue
            if required.lost is None:
                required.lost = first
            if pending or required.state is Disclosure.MISSING:
                changes.append(self._change(rule, required, Disclosure.UNKNOWN, first, gap.end))
        return changes

    def _due(self, role: Role, decided: int) -> list[Changed]:
        clock = self._clocks[role]
        return [
            self._change(rule, required, Disclosure.MISSING, required.deadline, max(decided, clock.heard))
            for rule, required in self._rules.items()
            if required.role is role and required.state is Disclosure.PENDING and self._over(required, clock)
        ]

    def _over(self, required: _Required, clock: _Clock) -> bool:
        """Whether words that began before the deadline would have been heard by now."""
        past = clock.heard - required.deadline
        in_time = clock.speaking is not None and clock.speaking <= required.deadline
        return past >= (self._patience if in_time else self._settle)

    @staticmethod
    def _change(rule: str, required: _Required, state: Disclosure, sample: int, decided: int) -> Changed:
        was, required.state = required.state, state
        return Changed(rule, state, sample, decided, was)
