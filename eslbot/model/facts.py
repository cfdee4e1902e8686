"""Facts: what happened. Frozen, past tense, and disjoint from orders. None of them holds a spoken word: a fact may be
journaled in plain. `at` is seconds since the epoch on the service's steady clock, `switch` a configured switch's name.
Knows nothing of who reads a fact."""

from dataclasses import dataclass

from eslbot.model.call import CallId, Confirm, Direction, LegId, Role
from eslbot.model.judgement import Disclosure, Hit, Verdict


# --- of a switch -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SwitchUp:
    """Both connections stand and the calls that are up have been told (resync) after this fact."""

    switch: str
    at: float
    core: str
    """Core-UUID: another one than before means the switch was restarted and its old calls are gone."""
    legs: tuple[LegId, ...] = ()
    """Every channel that is up, so that calls of ours that are not among them can be closed."""


@dataclass(frozen=True, slots=True)
class SwitchDown:
    """The link is lost; calls may be going on unheard of."""

    switch: str
    at: float
    reason: str


# --- of one leg, as the switch tells it ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LegCreated:
    switch: str
    at: float
    uuid: LegId
    direction: Direction
    destination: str = ""
    """The number that was called (outbound leg), at creation."""
    caller: str = ""
    """What the caller claims its number is (inbound leg): anyone can forge it."""
    user: str = ""
    """The authenticated user (inbound leg), else empty."""
    role: str = ""
    """Value of the channel variable eslbot_role, unchecked."""
    variables: tuple[tuple[str, str], ...] = ()
    """Other channel variables named eslbot_*, without the prefix `variable_`: data, nothing more."""


@dataclass(frozen=True, slots=True)
class LegAnswered:
    switch: str
    at: float
    uuid: LegId
    rate: int = 8000
    """Of the read codec."""


@dataclass(frozen=True, slots=True)
class LegsBridged:
    switch: str
    at: float
    a: LegId
    b: LegId
    rate: int = 8000


@dataclass(frozen=True, slots=True)
class LegsUnbridged:
    switch: str
    at: float
    a: LegId
    b: LegId


@dataclass(frozen=True, slots=True)
class LegHeld:
    switch: str
    at: float
    uuid: LegId


@dataclass(frozen=True, slots=True)
class LegUnheld:
    switch: str
    at: float
    uuid: LegId


@dataclass(frozen=True, slots=True)
class LegHungUp:
    switch: str
    at: float
    uuid: LegId
    cause: str


@dataclass(frozen=True, slots=True)
class LegDestroyed:
    switch: str
    at: float
    uuid: LegId


@dataclass(frozen=True, slots=True)
class PlaybackStarted:
    switch: str
    at: float
    uuid: LegId
    path: str
    destination: str
    """Caller-Destination-Number: the closing's extension while the closing plays."""


@dataclass(frozen=True, slots=True)
class PlaybackStopped:
    switch: str
    at: float
    uuid: LegId
    path: str
    destination: str
    complete: bool
    """True: the file was played to its end (Playback-Status `done`), False: it was cut short."""


@dataclass(frozen=True, slots=True)
class RecordStarted:
    switch: str
    at: float
    uuid: LegId
    path: str


@dataclass(frozen=True, slots=True)
class RecordStopped:
    switch: str
    at: float
    uuid: LegId
    path: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class DigitPressed:
    switch: str
    at: float
    uuid: LegId
    digit: str


@dataclass(frozen=True, slots=True)
class ForkConnected:
    switch: str
    at: float
    uuid: LegId


@dataclass(frozen=True, slots=True)
class ForkLost:
    """The audio fork could not connect, disconnected, or overran its buffer."""

    switch: str
    at: float
    uuid: LegId
    reason: str
    """`connect_failed`, `disconnect`, `error`, `buffer_overrun`."""


# --- of one call, as the desk reads it out of its legs' facts --------------------------------------------------------
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


@dataclass(frozen=True, slots=True)
class Answered:
    """The recorded leg was picked up."""

    call: CallId
    at: float


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


# --- of one call, by rooms of ours -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Violated:
    """A hit counts. Told again, with the same `hit`, each time its words become surer."""

    call: CallId
    at: float
    hit: Hit
    verdict: Verdict
    confirm: Confirm
    """How sure the words are now."""
    start: int
    """First sample of the words (of the window, where a disclosure was missed)."""
    end: int
    decided: int
    """The deciding frame's end, in samples; latencies are counted from here."""


@dataclass(frozen=True, slots=True)
class Retracted:
    """The final took the words back."""

    call: CallId
    at: float
    hit: Hit
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class DisclosureChanged:
    """A required disclosure was said, was missed (a Violated comes beside it), or can no longer be known."""

    call: CallId
    at: float
    rule: str
    state: Disclosure
    sample: int


@dataclass(frozen=True, slots=True)
class AudioLost:
    """Someone was not heard from `first` to `end` (samples); see model.audio.Gap."""

    call: CallId
    at: float
    first: int
    end: int
    rate: int
    reason: str
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class AudioArrived:
    """The first sample of the call is here: the recording stands."""

    call: CallId
    at: float


@dataclass(frozen=True, slots=True)
class AudioEnded:
    """The last sample is sealed and the recording is closed."""

    call: CallId
    at: float
    samples: int
    state: str
    """`complete`, `partial` (gaps) or `incomplete` (not closed properly)."""


@dataclass(frozen=True, slots=True)
class Commanded:
    """A person asked for something; people's commands ignore shadow mode and allow_hang_up."""

    call: CallId
    at: float
    id: str
    """Unique per request, so that a repeated one does nothing twice."""
    by: str
    """Who: a Unix user or an account."""
    verb: str
    """`mute`, `unmute`, `hang_up` or `disarm` (the closing will not be played)."""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ShadowSet:
    """Automatic acts are off (True) or on (False) from now on."""

    call: CallId
    at: float
    on: bool


@dataclass(frozen=True, slots=True)
class Performed:
    """What became of an order."""

    call: CallId
    at: float
    order: str
    """The order's id."""
    outcome: str
    """`done`, `failed`, or `unknown` (we died, or the link dropped, between sending and the answer)."""
    detail: str = ""
    """The switch's own words where it refused; never a number or a name."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """We were restarted and have read the call's journal; what was under way then is `unknown`."""

    call: CallId
    at: float


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A point in time the call asked to be told of has come."""

    call: CallId
    at: float
    name: str


SwitchFact = SwitchUp | SwitchDown
LegFact = (
    LegCreated | LegAnswered | LegHeld | LegUnheld | LegHungUp | LegDestroyed | PlaybackStarted | PlaybackStopped
    | RecordStarted | RecordStopped | DigitPressed | ForkConnected | ForkLost
)
BridgeFact = LegsBridged | LegsUnbridged
CallFact = (
    Opened | Answered | Joined | Parted | Merged | Gone | ClosingStarted | ClosingStopped | LinkLost | LinkBack
    | Violated | Retracted | DisclosureChanged | AudioLost | AudioArrived | AudioEnded | Commanded | ShadowSet
    | Performed | Resumed | TimerFired
)
Fact = SwitchFact | LegFact | BridgeFact | CallFact
