"""Writes that wait for the one writer. Knows the order of writes, how two of the same row become one, and what to do
while the database is away; knows no SQL (the `commit` it is given does).

A write is an upsert by the row's key or a change of some columns, so doing it twice does no harm: after an error whose
outcome is unknown the batch is simply done again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gevent
from gevent.event import AsyncResult, Event

from eslbot.greenlets import Greenlets
from eslbot.store.offhub import OffHub

BATCH = 500
"""Writes in one transaction at most."""
RETRY_SECONDS = 1.0
"""Pause before the batch is tried again while the database is away."""

Alarm = Callable[[str, str], None]
"""Told a bounded kind (`store-down`, `store-up`, `store-backlog-full`, `store-row-refused`) and a detail."""


class RowRefused(Exception):
    """Raised by `commit` where the database answers, and refuses what a write says: trying again is of no use."""


class Ticket:
    """What becomes of one write."""

    def __init__(self) -> None:
        self._result: AsyncResult[str] = AsyncResult()

    @property
    def done(self) -> bool:
        """Committed: it survives the loss of the machine (as far as the database does)."""
        return bool(self._result.ready()) and not self._result.value

    @property
    def problem(self) -> str:
        """Why it will never be committed; empty while that is open."""
        return str(self._result.value or "")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is settled; True if it is committed."""
        self._result.wait(timeout)
        return self.done

    def then(self, callback: Callable[[], None]) -> None:
        """Call back once it is settled, at once if it is. Must not block: it runs in the hub."""
        self._result.rawlink(lambda _: callback())

    def settle(self, problem: str = "") -> None:
        """For the backlog alone."""
        self._result.set(problem)


@dataclass(slots=True)
class Write:
    """One row's waiting change."""

    table: str
    key: tuple[Any, ...]
    values: dict[str, Any]
    """Columns to set, the key's among them where `whole`."""
    whole: bool
    """A whole row (inserted, or put over the old one) or only some columns of a row that is there."""
    tickets: list[Ticket] = field(default_factory=list)


class Backlog:
    """The queue before the one writer. `add` never blocks."""

    def __init__(self, commit: Callable[[list[Write]], None], off_hub: OffHub, greenlets: Greenlets, alarm: Alarm,
                 limit: int = 50_000) -> None:
        """`commit` runs in the writer's thread: one transaction for all, or an error. `limit`: rows that may wait;
        past it a new row is refused, its ticket says so and the alarm is raised."""
        self._commit = commit
        self._off_hub = off_hub
        self._alarm = alarm
        self._limit = limit
        self._waiting: dict[tuple[str, tuple[Any, ...]], Write] = {}
        self._batch: list[Write] = []
        self._more = Event()
        self._idle = Event()
        self._idle.set()
        self._down = False
        self._full = False
        greenlets.spawn("store-writer", self._run, restart_after=RETRY_SECONDS)

    def __len__(self) -> int:
        return len(self._waiting) + len(self._batch)

    @property
    def down(self) -> bool:
        """The database is away; what is written waits."""
        return self._down

    def add(self, table: str, key: tuple[Any, ...], values: dict[str, Any], whole: bool) -> Ticket:
        """Queue a write; it joins one of the same row that is still waiting."""
        ticket = Ticket()
        before = self._waiting.get((table, key))
        if before is not None:
            before.values = before.values | values
            before.whole = before.whole or whole
            before.tickets.append(ticket)
            return ticket
        if len(self) >= self._limit:
            ticket.settle("the store's backlog is full")
            if not self._full:
                self._full = True
                self._alarm("store-backlog-full", f"{self._limit} rows wait already; new ones are lost")
            return ticket
        self._waiting[table, key] = Write(table, key, values, whole, [ticket])
        self._idle.clear()
        self._more.set()
        return ticket

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until nothing waits any more; False if `timeout` seconds were not enough."""
        return bool(self._idle.wait(timeout))

    def _run(self) -> None:
        while True:
            if not self._batch and not self._waiting:
                self._idle.set()
                self._more.clear()
                self._more.wait()
            if not self._batch:
                for place in list(self._waiting)[:BATCH]:
                    self._batch.append(self._waiting.pop(place))
            if not self._try(self._batch):
                gevent.sleep(RETRY_SECONDS)

    def _try(self, batch: list[Write]) -> bool:
        """Commit the batch. False: the database is away, and nothing has been lost."""
        try:
            self._off_hub.run(self._commit, batch)
        except RowRefused as refused:
            self._one_by_one(refused)
            return True
        except Exception as error:  # noqa: BLE001 - whatever ails the database, the rows wait and people are told
            if not self._down:
                self._down = True
                self._alarm("store-down", _reason(error))
            return False
        self._settle(batch)
        return True

    def _one_by_one(self, refused: RowRefused) -> None:
        """One row spoils its batch: commit each alone, and give up only those that are refused alone."""
        if len(self._batch) == 1:
            write = self._batch.pop()
            for ticket in write.tickets:
                ticket.settle(str(refused))
            self._alarm("store-row-refused", f"{write.table}: {refused}")
            return
        rest, self._batch = self._batch, []
        while rest:
            self._batch = [rest.pop(0)]
            if not self._try(self._batch):
                self._batch += rest
                return

    def _settle(self, batch: list[Write]) -> None:
        for write in batch:
            for ticket in write.tickets:
                ticket.settle()
        self._batch = []
        self._full = False
        if self._down:
            self._down = False
            self._alarm("store-up", f"{len(self._waiting)} rows still wait")


def _reason(error: Exception) -> str:
    """The database's own words, without the statement and its values."""
    return f"{type(error).__name__}: {getattr(error, 'orig', None) or error}".splitlines()[0]
