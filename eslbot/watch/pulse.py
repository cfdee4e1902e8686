"""How late the hub runs what is due: whatever holds it up holds up every call's next step. Knows the hub, no room."""

import time
from collections.abc import Callable

import gevent

EVERY = 0.05
"""Seconds between two looks."""


def beat(told: Callable[[float], None], clock: Callable[[], float] = time.monotonic) -> None:
    """For ever: tells how many seconds after its time a greenlet of ours ran that was to run then."""
    while True:
        due = clock() + EVERY
        gevent.sleep(EVERY)
        told(max(0.0, clock() - due))
