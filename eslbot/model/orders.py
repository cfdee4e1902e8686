"""Orders: what is to be done. Frozen, imperative, and disjoint from facts. Each has an id that is stable over a replay
(the call's id and a running number), so that it can be journaled before it is sent and is never performed twice.
Knows nothing of how an order is performed; `leg` is always the leg the switch has to be told, decided by the room that
gave the order."""

from dataclasses import dataclass

from eslbot.model.call import CallId, LegId
from eslbot.model.judgement import Hit, Verdict
from eslbot.model.supervising import Dismiss, Follow, Ring, SetMode, TakeOver, Wait


@dataclass(frozen=True, slots=True)
class ArmClosing:
    """Have the switch play the closing by itself when the other side is gone."""

    id: str
    call: CallId
    leg: LegId


@dataclass(frozen=True, slots=True)
class DisarmClosing:
    id: str
    call: CallId
    leg: LegId


@dataclass(frozen=True, slots=True)
class PlayClosing:
    """Have the switch play the closing now, to a customer whom it has kept without another side."""

    id: str
    call: CallId
    leg: LegId


@dataclass(frozen=True, slots=True)
class GuardHold:
    """Have the closing follow as well where the other side hangs up while it holds the call: a switch ends the held leg
    with the holder's otherwise. `leg` is the other side's."""

    id: str
    call: CallId
    leg: LegId
    on: bool = True
    """False: take it back."""


@dataclass(frozen=True, slots=True)
class GuardConsult:
    """Have the customer, who waits while the agent consults another one, outlive the agent: a switch that is to join
    the two who stay may take its time, and has hung up the customer by then."""

    id: str
    call: CallId
    leg: LegId
    """The customer's."""
    closes: bool
    """The closing follows where nobody comes."""
    on: bool = True
    """False: take it back."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Begin to record and hear the call at this leg (idempotent: a restart gives it again and nothing is lost)."""

    id: str
    call: CallId
    leg: LegId
    switch: str
    rate: int
    roles_known: bool
    generation: int = 0
    """How often the call has been taken up again after a restart of ours; from 1 on, go on from the last
    durable position."""


@dataclass(frozen=True, slots=True)
class StopListening:
    """The leg is gone: take what is still there, seal it, close the recording."""

    id: str
    call: CallId
    leg: LegId


@dataclass(frozen=True, slots=True)
class Remind:
    """Play a prompt into the agent's ear only."""

    id: str
    call: CallId
    leg: LegId
    prompt: str


@dataclass(frozen=True, slots=True)
class Announce:
    """Play a prompt to the customer only, mixed into what it hears."""

    id: str
    call: CallId
    leg: LegId
    prompt: str


@dataclass(frozen=True, slots=True)
class Mute:
    """The customer stops hearing the agent. The release is armed in the switch before the mute."""

    id: str
    call: CallId
    leg: LegId
    """The customer's."""
    seconds: float
    """Until it ends by our own hand; the switch's own release comes a little later."""
    group: str
    """Name of the release armed in the switch (fresh for each Mute)."""
    replaces: str | None = None
    """Name of an earlier release that this one replaces: deleted after the new one stands."""


@dataclass(frozen=True, slots=True)
class Unmute:
    """Lift the mute. A release: it is sent again when its outcome is unknown."""

    id: str
    call: CallId
    leg: LegId
    group: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the agent's leg; the customer then hears the closing."""

    id: str
    call: CallId
    leg: LegId


@dataclass(frozen=True, slots=True)
class Mask:
    """Keep neither audio nor words of what is said from now on, or longer than was ordered before. No switch is told:
    the call goes on as it was."""

    id: str
    call: CallId
    seconds: float
    """From now, at most."""
    by: str
    """`rule`, `key` or `person`."""
    first: int | None = None
    """Sample to begin at, as far back as nothing is sealed yet; None: `back` seconds before now."""
    back: float = 0.0


@dataclass(frozen=True, slots=True)
class Unmask:
    """Keep again what is said."""

    id: str
    call: CallId
    why: str
    """Bounded: `rule`, `key`, `person`, `time`, `forgotten`, `retracted`."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Tell people: a WARNING line, a metric, a stored row, a webhook."""

    id: str
    call: CallId
    kind: str
    """Bounded: `violation`, `supervisor-wanted`, `mute-failed`, `audio-lost`, `closing-failed`, `closing-unknown`,
    `recording-missing`, `mask-failed`, `mask-forgotten`; and of no call (its id empty, `rule` a pack's name or empty)
    `packs-broken`, `pack-outdated`, `review-due`, `store-down`, `store-backlog-full`, `audit-down`,
    `retention-refused`, `backup-failed`."""
    severity: str
    rule: str = ""
    hit: Hit | None = None
    verdict: Verdict | None = None
    start: int = 0
    end: int = 0
    """Samples of the words, for a violation."""
    detail: str = ""
    """Never a number, a name or a spoken word."""


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Come back with TimerFired(name) at `when`; a later one of the same name replaces it; None takes it back."""

    id: str
    call: CallId
    name: str
    when: float | None


@dataclass(frozen=True, slots=True)
class SetVariables:
    """Set channel variables ahead of need."""

    id: str
    call: CallId
    leg: LegId
    variables: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BookClosing:
    """Write down how the closing went."""

    id: str
    call: CallId
    outcome: str
    """`played`, `partial`, `impossible`, `failed`, `unknown`."""
    started: float | None
    """When the customer began to hear it, seconds since the epoch; None: never."""
    stopped: float | None


@dataclass(frozen=True, slots=True)
class BookCall:
    """Write down that the call is over."""

    id: str
    call: CallId
    outcome: str
    """`completed`, `unanswered`, `lost` (ended while we could not see), `aborted` (the switch was restarted),
    `merged` (it turned out to be the far side of another call)."""
    bridged: float | None
    """When the parties first heard each other; None: never."""
    ended: float
    roles_known: bool


@dataclass(frozen=True, slots=True)
class BookAct:
    """Write down an act that was due and withheld, with the reason."""

    id: str
    call: CallId
    act: str
    outcome: str
    """`shadow`, `not-allowed`, `role-unknown`, `repeated`, `too-late`, `suppressed`: a reminder too soon after
    another, or `handed-over`: for an agent's words who is not on the line any more."""
    rule: str


SwitchOrder = (
    ArmClosing | DisarmClosing | PlayClosing | GuardHold | GuardConsult | Remind | Announce | Mute | Unmute | HangUp
    | SetVariables | SetMode | Follow | Wait | TakeOver | Dismiss
)
BookOrder = BookClosing | BookCall | BookAct
Order = SwitchOrder | Ring | Listen | StopListening | Mask | Unmask | Alert | SetTimer | BookOrder
