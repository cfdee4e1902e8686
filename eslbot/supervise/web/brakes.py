"""How often one may ask, and one at a time: counted in memory, by whatever names who asks; a restart forgives. Knows no
request.

A window of a minute slides over the counts of two: what is kept of one who asks are three numbers, whatever they do,
and nothing is ever swept, so that a flood from many addresses costs the hub as little as one request (decision 133)."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gevent.lock import BoundedSemaphore

from eslbot.supervise.accounts import TooMany

WINDOW = 60.0
"""Seconds."""
MOST = 20_000
"""Who are remembered; of more, those who asked longest ago are forgotten."""
Key = tuple[str, ...]


class Brakes:
    """Of one application."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self._clock, self._most = clock, most
        self._counts: OrderedDict[Key, tuple[int, int, int]] = OrderedDict()
        """(number of the window, how often in it, how often in the one before)."""
        self._turns: dict[Key, tuple[BoundedSemaphore, int]] = {}

    def take(self, per_minute: int, *key: str) -> None:
        """Once more. Raises TooMany, and does not count then."""
        self.look(per_minute, *key)
        number, here, before = self._now(key)[:3]
        self._counts[key] = number, here + 1, before
        self._counts.move_to_end(key)
        if len(self._counts) > self._most:
            self._counts.popitem(last=False)

    def look(self, per_minute: int, *key: str) -> None:
        """Raises TooMany where there were so many already."""
        _, here, before, into = self._now(key)
        if here + before * (1.0 - into) >= per_minute:
            until = 1.0 if here >= per_minute else 1.0 - (per_minute - here) / before
            raise TooMany(max(until - into, 0.0) * WINDOW + 1.0)

    def count(self, per_minute: int, *key: str) -> bool:
        """Once more; whether it was not too often."""
        try:
            self.take(per_minute, *key)
        except TooMany:
            return False
        return True

    @contextmanager
    def turn(self, *key: str) -> Iterator[None]:
        """Waits until nobody else of that key is within: what comes of one try, the next one knows."""
        lock, waiting = self._turns.get(key, (BoundedSemaphore(1), 0))
        self._turns[key] = lock, waiting + 1
        try:
            with lock:
                yield
        finally:
            lock, waiting = self._turns[key]
            if waiting == 1:
                del self._turns[key]
            else:
                self._turns[key] = lock, waiting - 1

    def _now(self, key: Key) -> tuple[int, int, int, float]:
        """As it is kept, moved on to now; and how far into its window now is (0 to 1)."""
        number, into = divmod(self._clock() / WINDOW, 1.0)
        now = int(number)
        at, here, before = self._counts.get(key, (now, 0, 0))
        if at == now - 1:
            here, before = 0, here
        elif at != now:
            here = before = 0
        return now, here, before, into
