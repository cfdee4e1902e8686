"""What is known of one call: frozen, word-free, rebuilt from its journal by the machine alone. Knows no rule of how it
changes (machine.py does)."""

from dataclasses import dataclass, field
from enum import StrEnum

from eslbot.act.due import Done
from eslbot.act.mask import Limits, Masking
from eslbot.act.mute import Mutes
from eslbot.act.supervise import Seats
from eslbot.act.unheard import Unheard
from eslbot.act.whose import Stay
from eslbot.close.closing import Closing
from eslbot.model.call import CallId, LegId, Role
from eslbot.model.judgement import Disclosure
from eslbot.model.supervising import Mode


class Phase(StrEnum):
    """Where on its journey a call is."""

    DIALLING = "dialling"
    """The customer's leg exists and nobody has been joined with it."""
    UP = "up"
    """Two parties hear each other."""
    ALONE = "alone"
    """The customer is without another side: the closing plays, or someone else is coming."""
    ENDED = "ended"
    """The customer's leg is gone; the recording may still be closing."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What an admin allows and wants, as far as the machine asks. The same for all calls of one life of the service."""

    allow_hang_up: bool = False
    mute_fallback: str | None = None
    """The act that follows a mute the switch refused: `hang_up`, `announce` or None. An alert always does."""
    remind_default: str = "reminder"
    """The prompt of a plain `remind`."""
    remind_gap: float = 15.0
    """Seconds after a reminder in which the agent gets no other: who is told two things at once hears none."""
    closing: bool = True
    closing_extension: str = "eslbot_closing"
    recording_wait: float = 30.0
    """Seconds from the customer's answer until a call without a first sample alarms."""
    mask: Limits = field(default_factory=Limits)
    ring: float = 20.0
    """Seconds a supervisor's phone may ring."""
    told: str = ""
    """The prompt into the agent's ear when a supervisor begins to hear them; empty: none."""
    on_call: tuple[str, ...] = ()
    """Phones that a rule may ring for a supervisor, in this order."""
    on_call_mode: Mode = Mode.LISTEN
    escalate: float = 10.0
    """Seconds after which the next of them rings."""


@dataclass(frozen=True, slots=True)
class CallState:
    """One call."""

    id: CallId
    switch: str
    customer: LegId
    """The leg that is recorded: the customer's, or the A leg where roles are unknown."""
    phase: Phase = Phase.DIALLING
    other: LegId | None = None
    """The leg it is joined with; None in DIALLING and ALONE."""
    other_role: Role = Role.UNKNOWN
    faced: int = 0
    """How many have been the other side until now; the present one's number."""
    stay: Stay = field(default_factory=Stay)
    """The other side's time, for whose words what may be done."""
    roles_known: bool = False
    """The recorded leg is a customer's. Acts want `actable` besides."""
    sides_known: bool = False
    """An agent (or a supervisor) faced it when it was first joined: rules that name a side are judged."""
    closes: bool = False
    """The closing is to be played at its end: armed, or being armed, and not taken back."""
    shadow: bool = False
    rate: int = 8000
    generation: int = 0
    """How often we were restarted while it was going on."""
    numbered: int = 0
    """How many orders it has given; the next one's id."""
    bridged: float | None = None
    """When the parties first heard each other."""
    ended: tuple[str, float] | None = None
    """How the call ended (BookCall.outcome) and when the recorded leg was gone; None while it is up."""
    listening: bool = False
    heard: bool = False
    """The first sample has come."""
    sealed: bool = False
    """The recording is closed."""
    unheard: Unheard | None = None
    """Gaps that have not been told yet; None: the next one is told at once."""
    mutes: Mutes = field(default_factory=Mutes)
    mask: Masking | None = None
    """The mask over its recording; None: none stands."""
    closing: Closing = field(default_factory=Closing)
    done: tuple[Done, ...] = ()
    disclosures: tuple[tuple[str, Disclosure], ...] = ()
    """(judgement.disclosure_key, how it stands)."""
    consulting: bool = False
    """The agent consults somebody else and the customer waits."""
    seats: Seats = ()
    """Supervisors' phones that ring, or are in."""
    seated: int = 0
    """How many there have been; makes the next one's leg."""
    commands: tuple[str, ...] = ()
    """Ids of people's commands that were taken up."""
    unanswered: tuple[tuple[str, int], ...] = ()
    """Orders that can be given again and that the switch has not answered: (class name, how often it was silent)."""
    pending: tuple[tuple[str, str], ...] = ()
    """Orders given whose outcome is awaited: (id, class name)."""

    @property
    def actable(self) -> bool:
        """Exactly one known agent faces a known customer: acts may touch the call."""
        return self.roles_known and self.phase is Phase.UP and self.other_role is Role.AGENT

    @property
    def supervised(self) -> bool:
        """A supervisor may be heard by the customer, on the other side's channel."""
        return any(seat.reaches_customer for seat in self.seats)

    @property
    def settled(self) -> bool:
        """Nothing more is to come: the journal may be dropped."""
        return self.phase is Phase.ENDED and (self.sealed or not self.listening) and not self.pending
