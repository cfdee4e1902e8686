"""Gaps in what is heard of a call: the first is told at once, those that follow within a minute together. A recogniser
that is too slow makes one every second or two, and whoever reads 59 alerts of one call reads none. Pure."""

from dataclasses import dataclass, replace

from eslbot.act import alert
from eslbot.model.call import CallId
from eslbot.model.facts import AudioLost
from eslbot.model.orders import Order, SetTimer

TIMER = "unheard"
"""Name of the timer that tells what has come together."""
_LATE = "audio-late"
"""Of a gap that may still be filled."""
TOGETHER = 60.0
"""Seconds after an alert in which gaps are counted; as long as a webhook is spared alerts of one kind and call."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """What has not been told yet."""

    until: float
    """When it is to be told; what comes later does not wait, should the timer be lost in a restart."""
    gaps: int = 0
    seconds: float = 0.0
    """Of audio that is lost; what is only late may still come."""
    reasons: tuple[str, ...] = ()


def lost(before: Unheard | None, fact: AudioLost) -> tuple[Unheard, list[Order]]:
    """A gap: its alert, or counted towards the next."""
    if before is None:
        return _begin(fact.call, fact.at, [alert.of_trouble(fact.call, "audio-lost", fact.reason)])
    seconds = 0.0 if fact.reason == _LATE else (fact.end - fact.first) / fact.rate
    now = replace(
        before, gaps=before.gaps + 1, seconds=before.seconds + seconds,
        reasons=before.reasons if fact.reason in before.reasons else (*before.reasons, fact.reason),
    )
    return (now, []) if fact.at < before.until else _begin(fact.call, fact.at, _told(fact.call, now))


def due(before: Unheard | None, call: CallId, at: float) -> tuple[Unheard | None, list[Order]]:
    """The timer fired: what came is told and the next minute begins; where nothing came, the next gap is a first."""
    if before is None or not before.gaps:
        return None, []
    return _begin(call, at, _told(call, before))


def end(before: Unheard | None, call: CallId) -> tuple[None, list[Order]]:
    """Nothing more will be heard: what has not been told is told now."""
    if before is None:
        return None, []
    return None, [SetTimer("", call, TIMER, None), *(_told(call, before) if before.gaps else [])]


def _begin(call: CallId, at: float, given: list[Order]) -> tuple[Unheard, list[Order]]:
    return Unheard(at + TOGETHER), [*given, SetTimer("", call, TIMER, at + TOGETHER)]


def _told(call: CallId, found: Unheard) -> list[Order]:
    gaps = "another gap" if found.gaps == 1 else f"{found.gaps} more gaps"
    return [alert.of_trouble(call, "audio-lost", f"{gaps}, {found.seconds:.1f} s ({', '.join(found.reasons)})")]
