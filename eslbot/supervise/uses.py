"""When each session and token was used last, and how seldom the store is told so. Knows keys and times; neither a store
nor whose they are."""

from collections.abc import Callable

from eslbot.store.engine import StoreProblem

TOUCH = 60.0
"""Seconds between two notes that a session or a token is in use."""
KEPT = 5_000


class Uses:
    """Of one running service. All times: seconds since the epoch."""

    def __init__(self) -> None:
        self._used: dict[str, tuple[float, float]] = {}
        """When it was used last, and when the store was last told so."""

    def last(self, key: str) -> float:
        """When it was used last, as far as this process knows; 0 where it does not."""
        return self._used.get(key, (0.0, 0.0))[0]

    def use(self, key: str, told: float, now: float, note: Callable[[str, float], object]) -> None:
        """It is in use. `told`: what the store said when it was read; `note` tells it (key, now), once a minute, and
        may raise StoreProblem: then it is told with the next use."""
        told = max(told, self._used.get(key, (0.0, 0.0))[1])
        due = now - told >= TOUCH
        if len(self._used) >= KEPT:
            self._used.clear()
        self._used[key] = (now, now if due else told)
        if not due:
            return
        try:
            note(key, now)
        except StoreProblem:
            self._used[key] = (now, told)
