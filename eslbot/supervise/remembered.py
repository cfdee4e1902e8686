"""What the store said of sessions and tokens a moment ago, so that not every request asks it; and of those that answers
which go on depend on, all together, once a second: a wall of live pages costs the store one question. Knows keys, and
how they are read; no secret, and lets nobody in."""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

import gevent

from eslbot.greenlets import Greenlets
from eslbot.store.engine import StoreProblem

FRESH = 1.0
"""Seconds for which what was read is good: so long it goes on after another process ended it."""
LOOK_EVERY = 1.0
"""Seconds between two looks at those that answers which go on depend on."""
FORGOTTEN = 10.0
"""Seconds after which an answer that has not asked has ended."""
KEPT = 5_000
Read = Callable[[Collection[str]], Mapping[str, Any]]
"""What the store says of these keys; those that are nobody's are not in it. Waits. Raises StoreProblem."""


class Remembered:
    """Of one running service."""

    def __init__(self, read: Read, greenlets: Greenlets) -> None:
        """`read`: of keys of whichever kind."""
        self._read = read
        self._known: dict[str, tuple[float, Any]] = {}
        self._were: set[str] = set()
        """Those that were somebody's before all was to be read anew."""
        self._going_on: dict[str, float] = {}
        """Keys that answers which go on depend on, and when one asked last."""
        greenlets.spawn("sessions", self._keep, restart_after=LOOK_EVERY)

    def of(self, key: str, read: Read, goes_on: bool = False) -> Any:
        """What was read a moment ago, else what the store says; where it is away, what it said last. `goes_on`: asked
        again and again, by an answer that goes on. Raises StoreProblem."""
        at, value = self._known.get(key, (float("-inf"), None))
        now = time.monotonic()
        if goes_on:
            self._going_on[key] = now
        if now - at < FRESH or (goes_on and key in self._known):   # which is read anew beside
            return value
        try:
            value = read((key,)).get(key)
        except StoreProblem:
            if key not in self._known:
                raise
            return value
        self._keep_in_mind({key: (now, value)})
        return value

    def knows(self, key: str) -> bool:
        """Whether it was somebody's when it was looked at last. Never waits."""
        return self._known[key][1] is not None if key in self._known else key in self._were

    def began(self, key: str) -> None:
        """It is somebody's from now on; what it is is read when they ask."""
        if len(self._were) >= KEPT:
            self._were.clear()
        self._were.add(key)

    def forget(self, key: str) -> None:
        """It has ended."""
        self._known.pop(key, None)
        self._were.discard(key)

    def renew(self) -> None:
        """Something has changed: all is read anew, and what goes on at once."""
        self._clear()
        self.look()

    def look(self) -> None:
        """What the store says of all that goes on: as much work for one as for all."""
        old = time.monotonic() - FORGOTTEN
        self._going_on = {key: at for key, at in self._going_on.items() if at > old}
        keys = list(self._going_on)
        if not keys:
            return
        try:
            found = self._read(keys)
        except StoreProblem:   # what it said last stands
            return
        now = time.monotonic()
        self._keep_in_mind({key: (now, found.get(key)) for key in keys})

    def _keep_in_mind(self, read: Mapping[str, tuple[float, Any]]) -> None:
        if len(self._known) + len(read) > KEPT:
            self._clear()
        self._known.update(read)

    def _clear(self) -> None:
        were = [key for key, (_, value) in self._known.items() if value is not None]
        if len(self._were) + len(were) > KEPT:
            self._were.clear()
        self._were.update(were[-KEPT:])
        self._known.clear()

    def _keep(self) -> None:
        while True:
            gevent.sleep(LOOK_EVERY)
            self.look()
