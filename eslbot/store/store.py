"""The store: all tables' books over one database, one writer in a thread of its own, readers in others. Knows who runs
where and how it starts and ends; SQL is book.py's and writing.py's."""

from collections.abc import Callable
from typing import Any

from eslbot.greenlets import Greenlets
from eslbot.store import migrate
from eslbot.store.appeal_rows import AppealRow
from eslbot.store.backlog import Alarm, Backlog
from eslbot.store.book import Book
from eslbot.store.engine import StoreProblem, engine_of, make_file
from eslbot.store.listing import Listing
from eslbot.store.offhub import OffHub, inline
from eslbot.store.recording_rows import HoldRow, RecordingRow, TombstoneRow
from eslbot.store.rows import ActRow, AlertRow, CallRow, ClosingRow, FlagRow, StayRow, ViolationRow
from eslbot.store.writing import Writer

__all__ = ["Book", "Store", "StoreProblem"]

READERS = 2
"""Threads that read."""


class Store:
    """All books over one database."""

    def __init__(self, url: str, greenlets: Greenlets | None, alarm: Alarm | None = None, limit: int = 50_000) -> None:
        """Opens the database and brings it up to date, off the hub. Raises StoreProblem.

        `greenlets`: None opens it for reading only, without a hub (see `open_readonly`). `alarm` is told when the
        database goes away or comes back and when a row is lost; `limit`: how many rows may wait meanwhile.
        """
        self._engine = engine_of(url, readonly=greenlets is None)
        self._backlog: Backlog | None = None
        self._pools: list[OffHub] = []
        self._writer = Writer(self._engine)
        run: Callable[..., Any] = inline
        if greenlets is None:
            migrate.check(self._engine)
        else:
            writer, readers = self._pools = [OffHub(1), OffHub(READERS)]
            writer.run(make_file, url)
            writer.run(migrate.upgrade, self._engine)
            self._backlog = Backlog(self._writer.commit, writer, greenlets, alarm or (lambda kind, detail: None), limit)
            run = readers.run
        self.calls = Book(CallRow, run, self._engine, self._backlog)
        self.stays = Book(StayRow, run, self._engine, self._backlog)
        self.recordings = Book(RecordingRow, run, self._engine, self._backlog)
        self.violations = Book(ViolationRow, run, self._engine, self._backlog)
        self.acts = Book(ActRow, run, self._engine, self._backlog)
        self.closings = Book(ClosingRow, run, self._engine, self._backlog)
        self.alerts = Book(AlertRow, run, self._engine, self._backlog)
        self.appeals = Book(AppealRow, run, self._engine, self._backlog)
        self.flags = Book(FlagRow, run, self._engine, self._backlog)
        self.holds = Book(HoldRow, run, self._engine, self._backlog)
        self.tombstones = Book(TombstoneRow, run, self._engine, self._backlog)
        self.listing = Listing(run, self._engine)

    @classmethod
    def open_readonly(cls, url: str) -> "Store":
        """For the command line, with or without a running service; changes nothing. Raises StoreProblem."""
        return cls(url, None)

    @property
    def waiting(self) -> int:
        """Rows that are not committed yet."""
        return len(self._backlog) if self._backlog else 0

    @property
    def down(self) -> bool:
        """The database is away; rows wait."""
        return bool(self._backlog and self._backlog.down)

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all that was written so far is committed."""
        return self._backlog is None or self._backlog.flush(timeout)

    def stop(self, timeout: float = 5.0) -> bool:
        """Flush and close; False where rows were lost because the database stayed away. The writer's greenlet
        belongs to the group that was given and ends with it."""
        flushed = self.flush(timeout)
        if self._pools and flushed:
            self._pools[0].run(self._writer.hang_up)
        for pool in self._pools:
            pool.close()
        self._engine.dispose()
        return flushed
