"""What must be said in a call, as values: what a rule asks for, how one of them stands, and that it stands otherwise.
Knows nothing of how it is found out (disclosures). Pure."""

from dataclasses import dataclass

from eslbot.model.call import Confirm, Role
from eslbot.model.judgement import Disclosure, disclosure_key

FROM_ANSWER = 0
"""Ordinal of what is asked for from the answer."""


@dataclass(frozen=True, slots=True)
class Required:
    """What a rule asks for."""

    by: Role
    within: float
    """Seconds, from the bridge or from the end of the trigger."""
    triggered: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A disclosure stands otherwise than before, or is surer."""

    rule: str
    ordinal: int
    state: Disclosure
    sample: int
    """Where it was said; the deadline, where it is pending or missing; the first lost sample, where it can no longer be
    known; where its trigger was said, where that was taken back."""
    decided: int
    """Sample of the leg's clock at which this was decided."""
    was: Disclosure
    since: int
    """Where the window begins."""
    confirm: Confirm
    """How sure it is that it was asked for."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a call's checklist."""

    rule: str
    ordinal: int
    by: Role
    """Who must say it."""
    state: Disclosure
    deadline: int
    """Sample by which it must be said."""
    remaining: float | None
    """Seconds of the speaker's clock until then, never below 0; None where it is not pending."""
    asked: tuple[int, int] | None
    """Where its trigger was said: first sample, and the one after the last; None: it is due from the answer."""
    said: tuple[int, int] | None
    """Where it was said."""

    @property
    def key(self) -> str:
        """One string for it within its call, as the call's state has it."""
        return disclosure_key(self.rule, self.ordinal)
