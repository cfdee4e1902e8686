"""What a switch tells: of itself, and of single legs. Knows no call and no role: what a leg means, call/legs says."""

from dataclasses import dataclass

from eslbot.model.call import Direction, LegId


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
    originator: LegId | None = None
    """The leg for whose sake it was called (outbound leg); None: a command's."""


@dataclass(frozen=True, slots=True)
class LegAnswered:
    switch: str
    at: float
    uuid: LegId
    rate: int = 8000
    """Of the read codec."""


@dataclass(frozen=True, slots=True)
class LegRate:
    """The leg has another read codec than before, or its first one."""

    switch: str
    at: float
    uuid: LegId
    rate: int
    """Of that codec."""


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


SwitchFact = SwitchUp | SwitchDown
LegFact = (
    LegCreated | LegAnswered | LegRate | LegHeld | LegUnheld | LegHungUp | LegDestroyed | PlaybackStarted
    | PlaybackStopped | RecordStarted | RecordStopped | DigitPressed | ForkConnected | ForkLost
)
BridgeFact = LegsBridged | LegsUnbridged
