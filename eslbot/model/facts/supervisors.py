"""Who supervises a call, as its legs and our own hand tell. Knows no phone and no person."""

from dataclasses import dataclass

from eslbot.model.call import CallId, LegId
from eslbot.model.supervising import Mode


@dataclass(frozen=True, slots=True)
class SupervisorJoined:
    """A supervisor's phone was picked up, or was found in the call after a restart."""

    call: CallId
    at: float
    leg: LegId
    mode: Mode


@dataclass(frozen=True, slots=True)
class SupervisorMode:
    """Others hear the supervisor from now on."""

    call: CallId
    at: float
    leg: LegId
    mode: Mode | None
    """None: the change was refused, and all is as it was."""


@dataclass(frozen=True, slots=True)
class SupervisorLeft:
    """The supervisor's leg is no more, or never came to be."""

    call: CallId
    at: float
    leg: LegId
    cause: str
    """The switch's cause: `NORMAL_CLEARING`, `USER_BUSY`, `NO_ANSWER` ...; ours: `ON_THE_PHONE` (in a call that we know
    of), `LINK_DOWN`, `LOST` (gone while we could not see)."""


SupervisorFact = SupervisorJoined | SupervisorMode | SupervisorLeft
