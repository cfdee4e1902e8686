"""Which connections have a place in a server, which of them makes room for a new one, and whose answers go on. Pure:
closes nothing itself; knows no socket and no deadline."""

from typing import Generic, Protocol, TypeVar


class Guest(Protocol):
    """A connection."""

    known: bool
    """Somebody who is let in asked on it: it is kept before others."""


G = TypeVar("G", bound=Guest)


class Places(Generic[G]):
    """Of one server."""

    def __init__(self, connections: int, streams: int, streams_each: int) -> None:
        """How many at a time: connections; of them, those whose answer may go on; and of these, those of one who asks:
        nobody takes the live pages from all others."""
        self._connections, self._streams, self._each = connections, streams, streams_each
        self._taken: set[G] = set()
        self._waiting: dict[G, None] = {}
        """For a whole request, those that have waited longest first."""
        self._going_on: dict[G, str] = {}
        """Whose answers they are."""
        self.refused = 0
        """Connections that were turned away, since all were busy."""
        self.displaced = 0
        """Connections that had to make room for others."""

    @property
    def taken(self) -> int:
        """Connections that are open."""
        return len(self._taken)

    @property
    def going_on(self) -> tuple[G, ...]:
        """Whose answers go on."""
        return tuple(self._going_on)

    def full(self) -> bool:
        """Whether a new one needs somebody to make room."""
        return len(self._taken) >= self._connections

    def displace(self) -> G | None:
        """Who has to go for a new one: the one that has waited longest, of those that nobody is known on, else of all.
        Has no place any more. None: all are busy, and the new one is turned away."""
        oldest = next((one for one in self._waiting if not one.known), next(iter(self._waiting), None))
        if oldest is None:
            self.refused += 1
            return None
        self.displaced += 1
        self.gone(oldest)
        return oldest

    def take(self, guest: G) -> None:
        """A place for a new one."""
        self._taken.add(guest)

    def waits(self, guest: G) -> None:
        """It waits for a request from now on."""
        self._waiting.pop(guest, None)
        self._waiting[guest] = None

    def works(self, guest: G) -> None:
        """Its request is whole, and is being answered."""
        self._waiting.pop(guest, None)

    def goes_on(self, guest: G, whose: str) -> bool:
        """Its answer goes on; False where as many do as may. `whose`: who asks; empty: not counted by who asks."""
        held = list(self._going_on.values())
        if len(held) >= self._streams or (whose and held.count(whose) >= self._each):
            return False
        self._going_on[guest] = whose
        return True

    def answered(self, guest: G) -> None:
        """Its answer has ended, whether it went on or not."""
        self._going_on.pop(guest, None)

    def gone(self, guest: G) -> None:
        """It has ended."""
        self._waiting.pop(guest, None)
        self._taken.discard(guest)
