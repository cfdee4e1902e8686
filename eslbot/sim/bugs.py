"""Media bugs: what FreeSWITCH hangs on a leg to hear or change its audio, and the order in which they are asked.

Reading from a phone: every bug may replace the frame, in order; then every bug taps what is left; then every bug is
pinged. Writing to a phone: each bug in order taps and then replaces, so a tap before a mute hears what was muted and
one after it does not. (switch_core_io.c, switch_core_media.c, switch_core_media_bug.c, switch_ivr_async.c.)
Knows samples. Does not know legs, calls or commands.
"""

from collections import deque
from collections.abc import Callable, Iterator

import numpy as np

from eslbot.sim.sound import Pcm

FILL = -1
"""FreeSWITCH fills frames it has no samples for with the byte 255."""
_STREAM_FRAMES = 1638
"""A bug's own buffer: 512 KiB."""


class Bug:
    """One media bug; does nothing by itself. `over` asks to be pruned."""

    function = "N/A"

    def __init__(self, target: str = "N/A", ends: float | None = None) -> None:
        self.target = target
        self.ends = ends
        """Seconds since the epoch after which it prunes itself."""
        self.over = False
        self.closed: Callable[[], None] = lambda: None
        """Called when it is taken off its leg."""

    def replace_read(self, frame: Pcm) -> Pcm:
        return frame

    def tap_read(self, frame: Pcm) -> None: ...

    def ping(self) -> None: ...

    def tap_write(self, frame: Pcm) -> None: ...

    def replace_write(self, frame: Pcm) -> Pcm:
        return frame

    def close(self) -> None:
        self.closed()


class Bugs:
    """The bugs of one leg, in order."""

    def __init__(self, started: Callable[[Bug], None], stopped: Callable[[Bug], None]) -> None:
        self._bugs: list[Bug] = []
        self._started, self._stopped = started, stopped

    def __iter__(self) -> Iterator[Bug]:
        return iter(tuple(self._bugs))

    def add(self, bug: Bug, first: bool = False) -> None:
        self._bugs.insert(0 if first else len(self._bugs), bug)
        self._started(bug)

    def remove(self, bug: Bug) -> None:
        if bug in self._bugs:
            self._bugs.remove(bug)
            bug.close()
            self._stopped(bug)

    def clear(self) -> None:
        for bug in tuple(self._bugs):
            self.remove(bug)

    def read(self, frame: Pcm, now: float) -> Pcm:
        """A frame from the phone on its way into the switch."""
        if not self._bugs:
            return frame
        for bug in self._bugs:
            frame = bug.replace_read(frame)
        for bug in self._bugs:
            bug.tap_read(frame)
        for bug in self._bugs:
            bug.ping()
        self._prune(now)
        return frame

    def write(self, frame: Pcm, now: float) -> Pcm:
        """A frame on its way to the phone."""
        if not self._bugs:
            return frame
        for bug in self._bugs:
            bug.tap_write(frame)
            frame = bug.replace_write(frame)
        self._prune(now)
        return frame

    def _prune(self, now: float) -> None:
        for bug in tuple(self._bugs):
            if bug.over or (bug.ends is not None and bug.ends <= now):
                self.remove(bug)


class Streams:
    """The two buffers of a tapping bug, and how FreeSWITCH takes frames out of them (switch_core_media_bug_read)."""

    def __init__(self, pre_buffer: int = 0) -> None:
        self.read: deque[Pcm] = deque(maxlen=_STREAM_FRAMES)
        self.write: deque[Pcm] = deque(maxlen=_STREAM_FRAMES)
        self._pre_buffer, self._held, self._begun = pre_buffer, 0, False

    def take(self, fill: bool) -> tuple[Pcm, Pcm] | None:
        """One frame of each stream. `fill`: only if both are there (FreeSWITCH's argument of that name); else a missing
        one is filled. The first frame comes at once, the next ones are held back `pre_buffer` times."""
        if self._begun and self._held < self._pre_buffer and (self.read or self.write):
            self._held += 1
            return None
        self._begun = True
        if len(self.write) > len(self.read) and len(self.write) > 2:
            self.write.popleft()
        if not (self.read and self.write) and (fill or not (self.read or self.write)):
            return None
        there = self.read[0] if self.read else self.write[0]
        filling = np.full_like(there, FILL)
        return (
            self.read.popleft() if self.read else filling,
            self.write.popleft() if self.write else filling,
        )
