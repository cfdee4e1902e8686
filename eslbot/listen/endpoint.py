"""The recognisers there are to talk to, and which of them takes the next stream. Knows neither how a local one is
started nor what is said to it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from gevent.event import Event

from eslbot.listen.client import Address

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


@dataclass(eq=False, slots=True)
class Endpoint:
    """One recogniser that takes connections: a local worker, or a server by URL."""

    name: str
    """For logs and metrics: `worker-1`, `host:2700`."""
    address: Address
    ready: bool = False
    """It took a connection, or said it would, and has not failed since."""
    retiring: bool = False
    """It takes no new stream any more."""
    suspected: bool = False
    """It holds audio and has answered nobody for too long."""
    streams: int = 0
    """Connections it serves now."""
    served: int = 0
    """Connections it has served in all."""
    last_answer: float = 0.0
    """When it last answered anything."""
    failures: int = 0
    """Since it last took a connection."""
    not_before: float = 0.0
    """When it may be tried again."""


@dataclass(slots=True)
class Fleet:
    """All of them."""

    now: Callable[[], float]
    endpoints: list[Endpoint] = field(default_factory=list)
    changed: Event = field(default_factory=Event)
    """Set when a recogniser may have become free to take a stream; who waits clears it."""

    @property
    def ready(self) -> bool:
        """Whether any of them would take a stream now."""
        return any(one.ready and not one.retiring for one in self.endpoints)

    def choose(self) -> Endpoint | None:
        """The one for the next stream: of those that may be tried, a ready one with the fewest streams."""
        now = self.now()
        possible = [one for one in self.endpoints if not one.retiring and now >= one.not_before]
        return min(possible, key=lambda one: (not one.ready, one.streams, one.served), default=None)

    def took(self, endpoint: Endpoint) -> None:
        """A connection to it stands."""
        endpoint.ready = True
        endpoint.failures = 0
        endpoint.last_answer = self.now()
        self.changed.set()

    def failed(self, endpoint: Endpoint) -> None:
        """A connection to it could not be made, or was lost: leave it alone for a moment, longer each time."""
        endpoint.ready = False
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**endpoint.failures)
        endpoint.failures = min(endpoint.failures + 1, 8)
        endpoint.not_before = self.now() + pause
