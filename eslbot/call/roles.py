"""Which role a leg plays. Decided once, at the leg's creation, from the channel variable `eslbot_role`, else from the
leg's own number by patterns. Pure; knows nothing of calls."""

from dataclasses import dataclass
from typing import Protocol

from eslbot.model.call import PURPOSES, Direction, Leg, Role
from eslbot.model.facts import LegCreated


class Numbers(Protocol):
    """A pattern of numbers."""

    def fullmatch(self, number: str, /) -> object:
        """True where it is of this number as a whole. Must take time linear in it: strangers choose numbers."""


@dataclass(frozen=True, slots=True)
class RolePatterns:
    """Patterns of numbers, each matched whole. None: no leg gets that role by its number."""

    agent: Numbers | None = None
    customer: Numbers | None = None
    supervisor: Numbers | None = None
    trust_caller_number: bool = False
    """Whether a leg that called in may be known by the number it claims to have. Anyone can forge it."""


def own_number(created: LegCreated, trust_caller_number: bool) -> str:
    """The leg's own number: what the switch called, or the user who proved to be calling; empty where unknown."""
    if created.direction is Direction.OUTBOUND:
        return created.destination
    return created.user or (created.caller if trust_caller_number else "")


def leg_of(created: LegCreated, patterns: RolePatterns) -> Leg:
    """The leg with its role; Role.UNKNOWN where nothing says, or where two patterns claim the number."""
    number = own_number(created, patterns.trust_caller_number)
    return Leg(created.uuid, _declared(created.role) or _by_number(number, patterns), created.direction, number)


def purpose_of(created: LegCreated) -> str:
    """What the channel variable eslbot_purpose says the call is for; empty where it says nothing that is one."""
    said = dict(created.variables).get("eslbot_purpose", "")
    return said if said in PURPOSES else ""


def _declared(role: str) -> Role | None:
    try:
        return Role(role)
    except ValueError:
        return None


def _by_number(number: str, patterns: RolePatterns) -> Role:
    claims = [
        role
        for role, pattern in (
            (Role.AGENT, patterns.agent),
            (Role.CUSTOMER, patterns.customer),
            (Role.SUPERVISOR, patterns.supervisor),
        )
        if pattern is not None and number and pattern.fullmatch(number)
    ]
    return claims[0] if len(claims) == 1 else Role.UNKNOWN
