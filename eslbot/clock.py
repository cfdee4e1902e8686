"""The service's steady clock: seconds since the epoch that never jump. It is anchored to the wall clock once, at start,
and runs on the monotonic clock after that, so that a clock set by an hour neither ends a mute nor lengthens a call.
The only file, besides tests, that reads a clock for a fact's `at`."""

import time
from datetime import date, datetime


class SteadyClock:
    """Calling it gives seconds since the epoch; differences are durations."""

    def __init__(self) -> None:
        self._anchor = time.time() - time.monotonic()

    def __call__(self) -> float:
        return self._anchor + time.monotonic()


def today() -> date:
    """The day it is here, by the wall clock."""
    return datetime.now().astimezone().date()
