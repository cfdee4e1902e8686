"""What every source of audio is: the callbacks it speaks to, the interface it offers, and the two things all of them do
alike (tell audio that stopped coming, fill what was lost so that sample indices stay true).
Knows neither files nor sockets; time arrives as an argument."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from eslbot.model.audio import BYTES_PER_SAMPLE, AudioFrame, Gap
from eslbot.model.call import CallId

LATE_AFTER = 1.5
"""Seconds without audio after which an open source is called late: early enough for an alert within 2 s."""


@dataclass(frozen=True, slots=True)
class Sink:
    """Where the sources of all calls deliver. None of these may block, and none may raise."""

    on_frame: Callable[[AudioFrame], None]
    """Audio in order and without holes: what was lost comes as silence, after the Gap that says so."""
    on_gap: Callable[[Gap], None]
    """`source` or `restart`: these samples never arrived. `audio-late`: nothing came for LATE_AFTER seconds where
    these samples were expected; they may still come."""
    on_end: Callable[[CallId, int], None]
    """The source has ended: how many samples it delivered in all, counted from the start of the recording."""


class Source(Protocol):
    """One call's audio coming in."""

    @property
    def call(self) -> CallId: ...

    @property
    def target(self) -> str:
        """What the switch must be told to send to: a path (spool) or a ws:// URL (fork)."""

    @property
    def samples(self) -> int:
        """Index of the next sample: everything before it was delivered."""

    @property
    def behind(self) -> int:
        """Samples that have come and were not delivered yet."""

    def wipe(self, first: int, end: int) -> None:
        """These samples, delivered already, must not be had from here again."""

    def acknowledge(self, samples: int) -> None:
        """Everything before this sample is durable elsewhere; the source may forget it."""

    def finish(self) -> None:
        """No more audio is to come: deliver what is still on its way, then tell `on_end`. Returns at once."""


class Lateness:
    """Notices that audio stopped coming, once for each time it stops."""

    __slots__ = ("_told", "after", "last", "seconds")

    def __init__(self, now: float, after: float = LATE_AFTER) -> None:
        self.after = after
        self.seconds = 0.0
        """How long audio was late in all, counted when it came again."""
        self.last = now
        """When audio last came; at first, when the source was opened."""
        self._told = False

    def arrived(self, now: float) -> None:
        """Audio came."""
        if self._told:
            self.seconds += now - self.last
            self._told = False
        self.last = now

    def check(self, now: float, call: CallId, samples: int, rate: int) -> Gap | None:
        """The gap to tell, if audio has just become late: from the sample that was due, as long as the wait was."""
        if self._told or now - self.last < self.after:
            return None
        self._told = True
        return Gap(call, samples, samples + int(self.after * rate), "audio-late")


def missing(since: float, now: float, rate: int, arrived: int) -> int:
    """Samples that were spoken between `since` and `now` (seconds on one clock) beyond the `arrived` ones."""
    return max(0, round((now - since) * rate) - arrived)


def silence(call: CallId, first: int, end: int, rate: int) -> Iterator[AudioFrame]:
    """Silent frames of at most a second each, in the place of samples that were lost."""
    for start in range(first, end, rate):
        yield AudioFrame(call, start, rate, bytes(min(rate, end - start) * BYTES_PER_SAMPLE))
