"""Answers of all recognisers, read by one greenlet: what has arrived on any connection is taken in one go, instead of a
wake-up, and a call to the kernel to wait again, for each. Knows file descriptors, and not what is read."""

from collections import deque
from collections.abc import Callable
from typing import Any

import gevent
from gevent.event import Event

from eslbot.greenlets import Greenlets


class Watch:
    """One descriptor being watched until `close`."""

    def __init__(self, reading: "Reading", descriptor: int, take: Callable[[], None]) -> None:
        self._reading = reading
        self._take = take
        self._due = False
        self._watcher: Any = gevent.get_hub().loop.io(descriptor, 1)
        self._watcher.start(self.due)

    def due(self) -> None:
        """Something is there to be taken."""
        if not self._due and self._watcher is not None:
            self._due = True
            self._reading.due(self)

    def run(self) -> None:
        """Take it, unless nobody wants it any more."""
        self._due = False
        if self._watcher is not None:
            self._take()

    def close(self) -> None:
        """Nothing is taken from now on. Before the descriptor is closed."""
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.stop()
            watcher.close()


class Reading:
    """The greenlet, started with the first watch."""

    def __init__(self, greenlets: Greenlets) -> None:
        self._greenlets = greenlets
        self._due: deque[Watch] = deque()
        self._wake = Event()
        self._running = False

    def watch(self, descriptor: int, take: Callable[[], None]) -> Watch:
        """Call `take` whenever there is something to read. It must not wait; what it raises is told and ends nothing.

        Raises RuntimeError where the greenlets have been stopped."""
        if not self._running:
            self._greenlets.spawn("recogniser-answers", self._run, restart_after=0.0)
            self._running = True
        return Watch(self, descriptor, take)

    def due(self, watch: Watch) -> None:
        """Told by the watch."""
        self._due.append(watch)
        self._wake.set()

    def _run(self) -> None:
        while True:
            while self._due:
                self._due.popleft().run()
            self._wake.clear()
            self._wake.wait()
