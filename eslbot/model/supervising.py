"""How a supervisor is in a call, and the orders that bring them in, change it and let them go. The orders are part of
model/orders; knows nothing of how a phone is reached."""

from dataclasses import dataclass
from enum import StrEnum

from eslbot.model.call import CallId, LegId


class Mode(StrEnum):
    """What somebody who joined a call hears and who hears them; each in the call of an agent and a customer."""

    LISTEN = "listen"
    """Hears both, is heard by nobody."""
    WHISPER = "whisper"
    """Hears both, is heard by the agent only."""
    BARGE = "barge"
    """Hears both, is heard by both."""
    TAKEOVER = "takeover"
    """Talks with the customer; the agent is out of the call."""

    @property
    def reaches_customer(self) -> bool:
        """Whether the customer hears what the supervisor says."""
        return self in (Mode.BARGE, Mode.TAKEOVER)


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring a supervisor's phone and, once it is picked up, let it hear the call. What becomes of it comes as facts."""

    id: str
    call: CallId
    leg: LegId
    """What the new leg will be called: chosen by us, so that it can be told from others and ended while it rings, and
    so that a switch refuses a second one."""
    spied: LegId | None
    """The agent's leg: spied on there, a supervisor who speaks to the agent is in no recording. None: they wait at
    first, as Wait has it."""
    phone: str
    """The number to ring; a phone of the house."""
    by: str
    """Who wants it: a Unix user, an account, or the service itself."""
    mode: Mode
    """Not TAKEOVER: that begins with listening."""
    seconds: float
    """How long it may ring."""
    idle: bool = False
    """Only where nobody is on that phone already."""


@dataclass(frozen=True, slots=True)
class SetMode:
    """Change who hears the supervisor, in the same call of theirs."""

    id: str
    call: CallId
    leg: LegId
    """The supervisor's."""
    mode: Mode
    """Not TAKEOVER."""


@dataclass(frozen=True, slots=True)
class Follow:
    """Let a supervisor hear the call at the leg of another agent, whom it was transferred to, or again at the same
    one's after a consult, in the same call of theirs. Who hears them stays."""

    id: str
    call: CallId
    leg: LegId
    """The supervisor's."""
    spied: LegId
    """The agent's."""
    by: str
    """Whose seat it is, as Ring has it: the call may not be theirs to hear any more."""
    back: bool = False
    """It is the agent whom they heard before."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Take a supervisor off the agent's leg: they hear nothing, and nobody hears them, until they are sent back to it
    or to another agent's. Who hears them then stays."""

    id: str
    call: CallId
    leg: LegId
    """The supervisor's."""
    by: str
    """Whose seat it is, as Ring has it."""


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Join the supervisor with the customer; the agent's leg ends."""

    id: str
    call: CallId
    leg: LegId
    """The supervisor's."""
    customer: LegId


@dataclass(frozen=True, slots=True)
class Dismiss:
    """End the supervisor's leg, whether it rings or is in the call."""

    id: str
    call: CallId
    leg: LegId
