"""When a call's audio came in, for latencies and for whoever looks whether any comes. Remembers the last half minute.
Pure: the time is given. Knows no source."""

from bisect import bisect_left
from collections import deque

from eslbot.model.audio import AudioFrame

REMEMBERED = 1500
"""Frames whose arrival is remembered: 30 s of 20 ms."""


class Arrivals:
    """Of one call's frames, in order."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._ends: deque[int] = deque(maxlen=REMEMBERED)
        self._times: deque[float] = deque(maxlen=REMEMBERED)

    def came(self, frame: AudioFrame, now: float) -> None:
        """The next frame, and when."""
        self._ends.append(frame.end)
        self._times.append(now)

    @property
    def last(self) -> float | None:
        """When a frame came last; None before the first."""
        return self._times[-1] if self._times else None

    def of(self, sample: int) -> float | None:
        """When the frame came in that holds the sample before this one; None where that is forgotten, or is yet to
        come."""
        if not self._ends or sample <= self._ends[0] - self._rate:  # no frame is longer than a second
            return None
        place = bisect_left(self._ends, sample)
        return self._times[place] if place < len(self._times) else None
