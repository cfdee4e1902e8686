"""What our own rooms tell of one call: found in its words, heard of its audio, done by our hand, asked by people. Knows
no switch."""

from dataclasses import dataclass

from eslbot.model.call import CallId, Confirm, LegId, Role
from eslbot.model.judgement import Disclosure, Hit, Verdict


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
    outranked: str = ""
    """The rule of a higher priority that hits overlapping words: it acts, and this one is only recorded. Else empty."""


@dataclass(frozen=True, slots=True)
class Retracted:
    """The final took the words back."""

    call: CallId
    at: float
    hit: Hit
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class DisclosureChanged:
    """A required disclosure is due, was said, was missed (a Violated comes beside it), or can no longer be known."""

    call: CallId
    at: float
    rule: str
    state: Disclosure
    sample: int
    """Where it was said; the deadline, where it is pending or missing; else where knowledge ends."""
    ordinal: int = 0
    """Of the hit that misses it: 0 where it is due from the answer."""


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
class Placed:
    """Where in the call's audio the time of its other side begins."""

    call: CallId
    at: float
    other: LegId
    first: int
    """The first sample that can be theirs."""


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
    """`mute`, `unmute`, `hang_up`, `correct`, `disarm` (the closing will not be played), a supervising.Mode, `leave`,
    `mask`, `unmask`, or `mask_key`: the key on the agent's phone that begins a mask and ends it."""
    seconds: float | None = None
    prompt: str = ""
    """What the customer is to be told (`correct`)."""
    phone: str = ""
    """The number of a supervisor's phone: never logged."""
    leg: LegId | None = None
    """The supervisor's leg, where they have called in themselves and no phone has to ring."""


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


RoomFact = (
    Violated | Retracted | DisclosureChanged | AudioLost | AudioArrived | Placed | AudioEnded | Commanded | ShadowSet
    | Performed | Resumed | TimerFired
)
