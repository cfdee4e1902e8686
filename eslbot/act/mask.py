"""The mask and its end: neither audio nor words of what is said are kept until it is lifted: by its time, by words that
a rule hears, by a person, by the agent's key, or, where all of these forgot it, after the longest time that is allowed.
Knows when it ends and why; what it covers, the recording says. Touches no call."""

from dataclasses import dataclass, replace

from eslbot.act import alert
from eslbot.model.call import CallId
from eslbot.model.orders import Mask, Order, SetTimer, Unmask

TIMER = "mask"
"""Name of the timer that lifts it."""
PERSON, KEY, RULE = "person", "key", "rule"
"""Who began it."""


@dataclass(frozen=True, slots=True)
class Masking:
    """The mask that stands."""

    by: str
    """`rule`, `key` or `person`: who began it."""
    since: float
    """Seconds since the epoch."""
    ends: float
    """When it lifts itself."""
    forgotten: bool
    """Nobody asked for that end: it is the longest a mask may last."""
    first: int | None = None
    """Sample from which it was asked for; None: from a little before `since`."""
    causes: tuple[str, ...] = ()
    """Keys of the hits that asked for it; empty where a person or a key did."""
    until: tuple[str, ...] = ()
    """Rules whose words end it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an admin allows a mask."""

    longest: float = 300.0
    """Seconds after which it is forgotten."""
    back: float = 3.0
    """Seconds that a key or a person reaches back: whoever hears a number coming presses late."""


Change = tuple[Masking | None, list[Order]]


def begin(
    mask: Masking | None, call: CallId, by: str, at: float, seconds: float | None, limits: Limits,
    first: int | None = None, cause: str = "", until: str = "",
) -> Change:
    """Begin one, or make the one that stands last longer; `seconds` None: until something ends it. However often it is
    asked for again, it does not outlast `longest`."""
    stands = mask or Masking(by, at, at, False, first)
    limit = stands.since + limits.longest
    wanted = limit + 1 if seconds is None else at + seconds
    stands = replace(
        stands, ends=min(max(stands.ends, wanted), limit), forgotten=stands.forgotten or wanted > limit,
        causes=_with(stands.causes, cause), until=_with(stands.until, until),
    )
    back = 0.0 if first is not None else limits.back
    return stands, [Mask("", call, stands.ends - at, by, first, back), SetTimer("", call, TIMER, stands.ends)]


def _with(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    return known if not one or one in known else (*known, one)


def ended_by(mask: Masking | None, rule: str, end: int) -> bool:
    """Whether words of that rule that end at that sample lift it; those said before it began are told again, too."""
    return mask is not None and rule in mask.until and (mask.first is None or end > mask.first)


def lift(mask: Masking | None, call: CallId, why: str) -> Change:
    """End it now; nothing where none stands."""
    if mask is None:
        return None, []
    return None, [Unmask("", call, why), SetTimer("", call, TIMER, None)]


def retract(mask: Masking | None, call: CallId, cause: str) -> Change:
    """The words that asked for it were taken back: it ends with the last of its causes."""
    if mask is None or cause not in mask.causes:
        return mask, []
    left = tuple(one for one in mask.causes if one != cause)
    if left or mask.by != RULE:
        return replace(mask, causes=left), []
    return lift(mask, call, "retracted")


def timed(mask: Masking | None, call: CallId) -> Change:
    """Its time is over."""
    if mask is None or not mask.forgotten:
        return lift(mask, call, "time")
    _, orders = lift(mask, call, "forgotten")
    detail = f"not lifted within {mask.ends - mask.since:g} s: it was lifted by itself"
    return None, [*orders, alert.of_trouble(call, "mask-forgotten", detail)]
