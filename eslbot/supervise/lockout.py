"""How long somebody waits after wrong passwords: growing, and never for good, since whoever knows a name could lock its
owner out. Pure, but for the memory of attempts; those on names that are nobody's must look the same."""

from collections import OrderedDict

FREE = 5
"""Wrong attempts in a row that cost nothing."""
FIRST = 15.0
"""Seconds after one more; twice as long after each that follows."""
LONGEST = 900.0
_REMEMBERED = 10_000


def wait_after(failures: int) -> float:
    """Seconds in which nothing is tried after so many wrong attempts in a row."""
    if failures < FREE:
        return 0.0
    return float(min(FIRST * 2 ** min(failures - FREE, 20), LONGEST))


class Attempts:
    """Wrong ones in a row, by name, in this process: of names that are nobody's, too."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._told: set[str] = set()
        """Names whose last wrong one the store knows of."""

    def of(self, name: str) -> tuple[int, float]:
        """(how many, locked until: seconds since the epoch)."""
        return self._seen.get(name, (0, 0.0))

    def failed(self, name: str, before: int, now: float) -> None:
        """One more, `before` being what the store knew of."""
        failures = max(self._seen.pop(name, (0, 0.0))[0], before) + 1
        self._told.discard(name)
        wait = wait_after(failures)
        self._seen[name] = (failures, now + wait if wait else 0.0)
        if len(self._seen) > _REMEMBERED:
            self._told.discard(self._seen.popitem(last=False)[0])

    def told(self, name: str, reached: tuple[int, float]) -> None:
        """The store knows of so many."""
        if self._seen.get(name) == reached:
            self._told.add(name)

    def is_told(self, name: str) -> bool:
        """Whether the store knows of all of them: where it knows of none then, they were forgiven there."""
        return name in self._told

    def right(self, name: str) -> None:
        """They are forgotten."""
        self._seen.pop(name, None)
        self._told.discard(name)
