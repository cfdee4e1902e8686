"""A call and its legs, and the small scales (role, severity, confirmation) everything is measured on.
Knows nothing of how a call is heard, judged or stored."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NewType

CallId = NewType("CallId", str)
"""The uuid of the customer's leg; of the A leg where roles are unknown. Unique over all switches (a UUID)."""

LegId = NewType("LegId", str)
"""A channel's uuid as the switch gives it (36 characters, hexadecimal and dashes)."""


class Role(StrEnum):
    """Whose side of the call a leg is."""

    AGENT = "agent"
    CUSTOMER = "customer"
    SUPERVISOR = "supervisor"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Of one leg, as the switch sees it: it called out to this party, or this party called in."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Severity(IntEnum):
    """How much a violation weighs; comparable."""

    NOTICE = 1
    WARNING = 2
    SEVERE = 3

    @property
    def label(self) -> str:
        """The lower-case name, as packs, metrics and tables spell it."""
        return self.name.lower()


class Confirm(IntEnum):
    """How sure the words behind a hit are; comparable: partial words may still change, agreed words stood in two
    hypotheses at least 120 ms of decoded audio apart, final words will not change."""

    PARTIAL = 1
    AGREED = 2
    FINAL = 3

    @property
    def label(self) -> str:
        """The lower-case name, as packs spell it."""
        return self.name.lower()


PURPOSES = ("marketing", "collection", "survey", "service")
"""What a call may be for."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One party's side of a call, as far as it is known."""

    uuid: LegId
    """The channel."""
    role: Role
    """Latched at the leg's creation (see call/roles)."""
    direction: Direction
    """Who called whom."""
    number: str = ""
    """The party's own number or user, as the role was decided from it. Personal data: never logged, never a label."""
    rate: int = 8000
    """Samples a second of the leg's read codec; 8000 until the switch has said otherwise."""
