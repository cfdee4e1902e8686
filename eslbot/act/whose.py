"""Whose words caused an act, and which acts are still done where the call is another agent's by now: what keeps an
agent from speaking, or tells them off, belongs to who spoke; what is told to the customer, or to people, is right
still. Knows legs and samples, no account and no clock."""

from dataclasses import dataclass
from enum import StrEnum

from eslbot.model.call import LegId, Role
from eslbot.model.judgement import MISSED, Act, Hit


class Whose(StrEnum):
    """Who answers for what was found, seen from who faces the customer now."""

    PRESENT = "present"
    """Said, or left unsaid, while the present agent was there; or said to them."""
    BEFORE = "before"
    """An agent's who was there before; or it is not known yet where the present one's time begins."""
    OWED = "owed"
    """It was to be said, and the call changed hands meanwhile: neither had the whole time, and the customer has not
    been told yet."""
    CUSTOMER = "customer"
    """The customer's words to an agent who was there before."""


REACHES: dict[Whose, frozenset[Act]] = {
    Whose.PRESENT: frozenset(Act),
    Whose.BEFORE: frozenset({Act.ALERT, Act.ANNOUNCE, Act.MASK}),
    Whose.OWED: frozenset(Act) - {Act.MUTE, Act.HANG_UP},
    Whose.CUSTOMER: frozenset(Act) - {Act.MUTE, Act.HANG_UP},
}
"""What is done. A correction is for the customer, who heard the words; an alert names who spoke; a mask is over our own
recording."""


@dataclass(frozen=True, slots=True)
class Stay:
    """The time of who faces the customer, or did last: the same until another leg comes."""

    leg: LegId | None = None
    first: int | None = 0
    """The first sample of it; None: not known yet."""
    orders: int = 0
    """Number of the first order that was given in it."""
    reminded: float | None = None
    """When the last reminder in it was ordered."""
    summoned: bool = False
    """Phones ring for a supervisor because of what this agent said or did."""

    def gave(self, order: str) -> bool:
        """Whether the order of that id was given in it."""
        return int(order.rpartition("#")[2]) >= self.orders


def whose(stay: Stay, hit: Hit, start: int, end: int) -> Whose:
    """`start`, `end`: samples of the hit's words; of what was not said, from when until when it was owed."""
    if stay.first is not None and start >= stay.first:
        return Whose.PRESENT
    if hit.utterance == MISSED:
        return Whose.OWED if stay.first is None or end > stay.first else Whose.BEFORE
    return Whose.CUSTOMER if hit.role is Role.CUSTOMER else Whose.BEFORE
