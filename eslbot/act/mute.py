"""The mute and its undo: the customer stops hearing the agent until the last of its causes is over. Overlapping mutes
end at the latest end, a retracted cause lifts what it caused, and each mute has a release armed in the switch under a
fresh name. Knows no command; see switch/commands for what a Mute becomes."""

from dataclasses import dataclass, replace

from eslbot.model.call import CallId, LegId
from eslbot.model.orders import Mute, SetTimer, Unmute

TIMER = "mute"
"""Name of the timer that lifts it."""
DEFAULT_SECONDS = 3.0
PERSON = "person"
"""The cause of a mute that a person asked for."""

MuteOrder = Mute | Unmute | SetTimer


@dataclass(frozen=True, slots=True)
class Mutes:
    """What keeps the agent from being heard. Empty causes: nothing does."""

    causes: tuple[tuple[str, float], ...] = ()
    """(cause, end): a hit's key or PERSON, and when it ends (seconds since the epoch)."""
    group: str | None = None
    """The release that is armed in the switch; None: no mute stands."""
    serial: int = 0
    """How many releases this call has had; makes the next one's name."""

    @property
    def until(self) -> float | None:
        """When the mute ends; None: there is none."""
        return max((end for _, end in self.causes), default=None)


Change = tuple[Mutes, list[MuteOrder]]
"""How it stands now, and what has to be done for that."""


def begin(mutes: Mutes, call: CallId, leg: LegId, cause: str, seconds: float, now: float) -> Change:
    """Add a cause. A mute that already ends later needs no order."""
    ends = now + seconds
    before = mutes.until if mutes.group is not None else None
    causes = (*((c, e) for c, e in mutes.causes if c != cause), (cause, max(ends, dict(mutes.causes).get(cause, ends))))
    mutes = replace(mutes, causes=causes)
    if before is not None and before >= ends:
        return mutes, []
    group = _group(call, mutes.serial)
    order = Mute("", call, leg, seconds, group, replaces=mutes.group)
    return replace(mutes, group=group, serial=mutes.serial + 1), [order, SetTimer("", call, TIMER, ends)]


def retract(mutes: Mutes, call: CallId, leg: LegId, cause: str) -> Change:
    """Take one cause back; lifts the mute where it was the last, brings its end forward where it was the longest."""
    if cause not in dict(mutes.causes):
        return mutes, []
    before = mutes.until
    mutes = replace(mutes, causes=tuple((c, e) for c, e in mutes.causes if c != cause))
    if mutes.until is None:
        return lift(mutes, call, leg)
    # The release in the switch stays at the later end: it is only the net under our own timer.
    return mutes, [SetTimer("", call, TIMER, mutes.until)] if mutes.until != before else []


def lift(mutes: Mutes, call: CallId, leg: LegId) -> Change:
    """End it now, whatever the causes."""
    if mutes.group is None:
        return mutes, []
    orders: list[MuteOrder] = [Unmute("", call, leg, mutes.group), SetTimer("", call, TIMER, None)]
    return replace(mutes, causes=(), group=None), orders


def last_group(mutes: Mutes, call: CallId) -> str:
    """The release that was armed last, for an Unmute that has to be sent again."""
    return _group(call, max(mutes.serial - 1, 0))


def _group(call: CallId, serial: int) -> str:
    return f"eslbot-mute-{call}-{serial}"
