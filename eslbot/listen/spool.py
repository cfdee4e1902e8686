"""The spool: follows the files that `uuid_record` lets grow, one poller for all calls, and forgets what is durable.
FreeSWITCH is not commanded here; a source's `target` is the path that the command must name. Knows nothing of what
the audio is used for."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import gevent

from eslbot.greenlets import Greenlets
from eslbot.listen import spool_files
from eslbot.listen.source import LATE_AFTER, Lateness, Sink, missing, silence
from eslbot.listen.spool_files import Leftover
from eslbot.model.audio import BYTES_PER_SAMPLE, AudioFrame, Gap
from eslbot.model.call import CallId

_PUNCH_EVERY = 64 * 1024
_LOOK_EVERY = 5


@dataclass(frozen=True, slots=True)
class SpoolOptions:
    """Where the files lie and how they are followed."""

    directory: Path
    """A tmpfs of its own with a size is best: a reader that stays dead fills it."""
    group: str | int | None = None
    """A group of both this user and FreeSWITCH's, where these are two; None where FreeSWITCH is this user or root."""
    tick: float = 0.02
    """Seconds between two looks at all files, while there are few."""
    calls_a_look: int = 5
    """More calls than that take turns: each file is looked at every second tick, every third ... , and what came in
    between is handled in one go, which costs a third of going over it frame by frame. The newest frame waits no longer
    for that than before; what came before it does."""
    most_turns: int = 7
    """A file is looked at every so many ticks at least. At seven a message holds 120 to 160 ms: two of them are as far
    apart as words have to be to count as agreed (120 ms), where five took three of them and more work."""
    settle: float = 0.2
    """A finished file that has not grown for so long has ended."""
    late_after: float = LATE_AFTER
    """Seconds without audio before it is called late."""


class SpoolSource:
    """One call's file being followed; sample 0 is the file's first, unless the switch began it anew. `take` is the
    poller's."""

    def __init__(
        self, spool: "Spool", call: CallId, path: Path, rate: int, first: int, since: float | None, number: int
    ) -> None:
        self.call = call
        self.number = number
        """Counted as they were opened: decides whose turn it is to be looked at."""
        self.rate = rate
        self.samples = first
        self._spool = spool
        self._path = path
        self._descriptor = spool_files.open_file(path, spool.group)
        self._since = since
        self._base = 0
        self._offset = first * BYTES_PER_SAMPLE
        self._punched = 0
        self._acknowledged = first
        self._idle = 0
        self._finishing: float | None = None
        self.ended = False
        self.lateness = Lateness(spool.now(), spool.options.late_after)
        if os.fstat(self._descriptor).st_size < self._offset:
            self._began_anew(spool.now(), "restart")

    @property
    def target(self) -> str:
        """The path for `uuid_record`."""
        return str(self._path)

    def take(self, now: float) -> bool:
        """Deliver what the file has grown by, at most a second's worth; returns whether it is to be looked at again."""
        data = os.pread(self._descriptor, self.rate * BYTES_PER_SAMPLE, self._offset)
        whole = len(data) - len(data) % BYTES_PER_SAMPLE
        if not whole:
            return self._nothing(now)
        frame = AudioFrame(self.call, self.samples, self.rate, data if whole == len(data) else data[:whole])
        self._offset += whole
        self.samples = frame.end
        self._idle = 0
        self.lateness.arrived(now)
        if self._finishing is not None:
            self._finishing = now
        self._spool.sink.on_frame(frame)
        return True

    def _nothing(self, now: float) -> bool:
        if self._finishing is not None and now - self._finishing >= self._spool.options.settle:
            self.ended = True
            self._spool.sink.on_end(self.call, self.samples)
            self._forget()
            return False
        self._idle += 1
        if self._idle % _LOOK_EVERY == 0 and os.fstat(self._descriptor).st_size < self._offset:
            self._began_anew(now, "source")
        late = None if self._finishing is not None else self.lateness.check(now, self.call, self.samples, self.rate)
        if late is not None:
            self._spool.sink.on_gap(late)
        return True

    def _began_anew(self, now: float, reason: str) -> None:
        """The file is shorter than what was read of it: the switch was told to record again and started from nothing,
        or the spool was lost. What was spoken in between is gone; its time, where it is known, is kept."""
        since = self.lateness.last if reason == "source" else self._since
        lost = 0 if since is None else missing(since, now, self.rate, 0)
        if lost:
            self._spool.sink.on_gap(Gap(self.call, self.samples, self.samples + lost, reason))
            for frame in silence(self.call, self.samples, self.samples + lost, self.rate):
                self._spool.sink.on_frame(frame)
        self.samples += lost
        self._base = self.samples
        self._offset = self._punched = 0

    @property
    def behind(self) -> int:
        """What the file holds beyond what was read of it."""
        if self._descriptor < 0:
            return 0
        return max(0, os.fstat(self._descriptor).st_size - self._offset) // BYTES_PER_SAMPLE

    def wipe(self, first: int, end: int) -> None:
        """Zeros in the file, where it still holds them."""
        start = max(self._punched, (first - self._base) * BYTES_PER_SAMPLE)
        stop = min(self._offset, (end - self._base) * BYTES_PER_SAMPLE)
        if self._descriptor >= 0 and start < stop:
            os.pwrite(self._descriptor, bytes(stop - start), start)

    def acknowledge(self, samples: int) -> None:
        """Everything before this sample is durable: its blocks are given back, and an ended file is removed once all
        of it is."""
        self._acknowledged = max(self._acknowledged, samples)
        if self._descriptor < 0:
            return
        durable = min(self._offset, (self._acknowledged - self._base) * BYTES_PER_SAMPLE)
        if durable - self._punched >= _PUNCH_EVERY:
            self._punched = spool_files.punch(self._descriptor, self._punched, durable)
        self._forget()

    def _forget(self) -> None:
        if self.ended and self._acknowledged >= self.samples:
            self.remove()

    def finish(self) -> None:
        """Read to the file's real end, tell it, and remove the file once all of it has been acknowledged. For when the
        switch has closed the file (RECORD_STOP, or the leg is gone): a file still written to after `settle` is not."""
        if self._finishing is None:
            self._finishing = self._spool.now()

    def remove(self) -> None:
        """Remove the file now, durable or not (its call cannot be recorded, say)."""
        if self._descriptor < 0:
            return
        self._path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the file and leave it where it is."""
        self.ended = True
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self._spool.let_go(self)

    @property
    def bytes(self) -> int:
        """What the file occupies now."""
        return 0 if self._descriptor < 0 else os.fstat(self._descriptor).st_blocks * 512


class Spool:
    """The spool's directory and every call that is being followed in it."""

    keeps = True
    """What came while nobody took it lies in the file."""

    def __init__(self, options: SpoolOptions, greenlets: Greenlets, now: Callable[[], float], sink: Sink) -> None:
        self.options = options
        self.now = now
        self.sink = sink
        self.group = spool_files.group_id(options.group)
        self._greenlets = greenlets
        self._sources: dict[CallId, SpoolSource] = {}
        self._opened = self._ticks = 0

    def start(self) -> None:
        """Make or check the directory and begin to look at files. Raises SpoolError."""
        spool_files.prepare(self.options.directory, self.group)
        self._greenlets.spawn("spool", self._poll, restart_after=self.options.tick)

    def open(self, call: CallId, rate: int, first: int = 0, since: float | None = None) -> SpoolSource:
        """Follow a call's file, which is made if it is not there, from sample `first` on.

        `since`: when that sample was spoken, on the clock given at construction; it tells how much was lost in case
        the file is gone. Raises SpoolError, and ValueError for a call id that cannot name a file or is followed."""
        if call in self._sources:
            raise ValueError(f"call {call} is being followed already")
        path = spool_files.path_of(self.options.directory, call)
        source = SpoolSource(self, call, path, rate, first, since, self._opened)
        self._opened += 1
        self._sources[call] = source
        return source

    def leftovers(self) -> list[Leftover]:
        """Calls whose files lie here unfollowed: open each at its durable sample, finish it, and it is removed when
        it has been acknowledged to its end."""
        return spool_files.leftovers(self.options.directory, frozenset(self._sources))

    @property
    def bytes(self) -> int:
        """What all followed files occupy now."""
        return sum(source.bytes for source in self._sources.values())

    def let_go(self, source: SpoolSource) -> None:
        """A source is done with (its own doing)."""
        if self._sources.get(source.call) is source:
            del self._sources[source.call]

    def stop(self) -> None:
        """Let go of all files; they stay, so that what comes after resumes from them."""
        for source in list(self._sources.values()):
            source.close()

    def _poll(self) -> None:
        due = time.monotonic()
        while True:
            due = max(due + self.options.tick, time.monotonic())
            self._look()
            gevent.sleep(max(0.0, due - time.monotonic()))

    def _look(self) -> None:
        now = self.now()
        failures = []
        turns = min(self.options.most_turns, 1 + len(self._sources) // self.options.calls_a_look)
        self._ticks += 1
        for source in list(self._sources.values()):
            if (source.number + self._ticks) % turns == 0 and not source.ended:
                try:
                    source.take(now)
                except Exception as error:  # noqa: BLE001 - one call's trouble is not the others'; raised below
                    failures.append(error)
        if failures:
            raise ExceptionGroup("spool", failures)
