"""The life of one call, as the desk reads it out of its legs' facts. Knows no switch's events and no words."""

from dataclasses import dataclass

from eslbot.model.call import CallId, LegId, Role


@dataclass(frozen=True, slots=True)
class Opened:
    """A call begins: its customer's leg was created, or two legs of unknown roles were bridged."""

    call: CallId
    at: float
    switch: str
    leg: LegId
    """The leg that is recorded."""
    roles_known: bool
    shadow: bool
    """Whether shadow mode was on at that moment."""
    purpose: str = ""
    """What it is for: one of call.PURPOSES; empty where nobody said."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The recorded leg was picked up."""

    call: CallId
    at: float


@dataclass(frozen=True, slots=True)
class RateChanged:
    """The recorded leg has changed its codec: it is recorded at another rate from here on."""

    call: CallId
    at: float
    rate: int


@dataclass(frozen=True, slots=True)
class Joined:
    """The recorded leg hears another one from now on."""

    call: CallId
    at: float
    other: LegId
    role: Role
    """Of the other leg."""
    rate: int
    """Samples a second of the recorded leg."""


@dataclass(frozen=True, slots=True)
class ConsultBegan:
    """The agent has the switch call somebody else, or talks to them already; the customer waits and hears nothing."""

    call: CallId
    at: float


@dataclass(frozen=True, slots=True)
class ConsultEnded:
    """Whom the agent consulted is gone. (The agent who comes back to the customer is told as Joined.)"""

    call: CallId
    at: float


@dataclass(frozen=True, slots=True)
class Parted:
    """The recorded leg is alone again."""

    call: CallId
    at: float


@dataclass(frozen=True, slots=True)
class Merged:
    """This leg turned out to be the far side of another call, which goes on under that call's id."""

    call: CallId
    at: float


@dataclass(frozen=True, slots=True)
class Gone:
    """The recorded leg is no more."""

    call: CallId
    at: float
    outcome: str
    """`hung-up`, `lost` (it ended while the link was down) or `aborted` (the switch was restarted)."""


@dataclass(frozen=True, slots=True)
class ClosingStarted:
    call: CallId
    at: float


@dataclass(frozen=True, slots=True)
class ClosingStopped:
    call: CallId
    at: float
    complete: bool


@dataclass(frozen=True, slots=True)
class LinkLost:
    call: CallId
    at: float


@dataclass(frozen=True, slots=True)
class LinkBack:
    """The link stands again and the call is still up."""

    call: CallId
    at: float
    bridged: bool
    """The recorded leg is joined with another one right now."""


LifeFact = (
    Opened | Answered | RateChanged | Joined | ConsultBegan | ConsultEnded | Parted | Merged | Gone | ClosingStarted
    | ClosingStopped | LinkLost | LinkBack
)
