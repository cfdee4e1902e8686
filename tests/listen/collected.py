"""What a source told, for tests, and a wait that is bounded."""

import itertools
from collections.abc import Callable

import gevent

from eslbot.listen.source import Sink
from eslbot.model.audio import AudioFrame, Gap
from eslbot.model.call import CallId


class Collected:
    """Keeps everything a sink is told."""

    def __init__(self) -> None:
        self.frames: list[AudioFrame] = []
        self.gaps: list[Gap] = []
        self.ends: list[tuple[CallId, int]] = []
        self.sink = Sink(self.frames.append, self.gaps.append, lambda call, samples: self.ends.append((call, samples)))

    def audio(self, call: str) -> bytes:
        """All of one call's audio, having checked that its frames join without hole or overlap."""
        mine = [frame for frame in self.frames if frame.call == call]
        for before, after in itertools.pairwise(mine):
            assert after.first == before.end
        return b"".join(frame.stereo for frame in mine)


class Clock:
    """Goes on only when told."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    """Let others run until it is true. Raises gevent.Timeout after `seconds`: only to bound a hang."""
    with gevent.Timeout(seconds):
        while not true():
            gevent.sleep(0.005)
