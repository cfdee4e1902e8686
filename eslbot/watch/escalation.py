"""Alerts that nobody has taken note of: each is told to others once its time is up, unless it was acknowledged. Knows
when, not whom and how. In memory, and filled again from the store after a restart: what fell due while we were dead,
however long that was, is told then, and what was told before is not told again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gevent.event import Event

from eslbot.greenlets import Greenlets
from eslbot.model.call import Severity
from eslbot.store.rows import AlertRow

OLD = 86_400.0
"""Seconds after which an alert that nobody was told of is an old story."""
MOST = 10_000
"""Alerts that wait; beyond that the oldest is told at once."""


@dataclass(frozen=True, slots=True)
class EscalationOptions:
    after: float
    """Seconds that an alert may go unacknowledged."""
    severity: Severity
    """The least that is escalated."""


class Escalation:
    """`told` is called once for each, and must not wait."""

    def __init__(
        self, options: EscalationOptions, greenlets: Greenlets, clock: Callable[[], float],
        told: Callable[[AlertRow], None],
    ) -> None:
        self._options, self._greenlets, self._clock, self._told = options, greenlets, clock, told
        self._waiting: dict[str, AlertRow] = {}
        """By id, oldest first."""
        self._woken = Event()

    def start(self, unacknowledged: Iterable[AlertRow]) -> None:
        """Begin, with what a store says of before."""
        oldest = self._clock() - max(OLD, 2 * self._options.after)
        for row in unacknowledged:
            if row.at > oldest and row.escalated is None:
                self.raised(row)
        self._waiting = dict(sorted(self._waiting.items(), key=lambda item: item[1].at))   # some were raised meanwhile
        self._greenlets.spawn("escalation", self._run, restart_after=1.0)

    def raised(self, row: AlertRow) -> None:
        """An alert was raised; never waits."""
        if Severity[row.severity.upper()] < self._options.severity or row.acknowledged is not None:
            return
        self._waiting[row.id] = row
        if len(self._waiting) > MOST:
            self._told(self._waiting.pop(next(iter(self._waiting))))
        self._woken.set()

    def acknowledged(self, name: str) -> None:
        """Somebody has taken note of it."""
        self._waiting.pop(name, None)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def _run(self) -> None:
        while True:
            self._woken.clear()
            now = self._clock()
            while (first := next(iter(self._waiting.values()), None)) is not None:
                if first.at + self._options.after > now:
                    break
                del self._waiting[first.id]
                self._told(first)
            self._woken.wait(None if first is None else max(0.01, first.at + self._options.after - self._clock()))
