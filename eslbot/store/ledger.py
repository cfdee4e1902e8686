"""Appends to the audit's chain and reads it, from any process, with or without a running service. One writer at a time:
appending is one transaction that first takes the database's write lock (SQLite) or the table's (PostgreSQL), so that
two processes never link to the same row. Knows the table and the lock; what a row means is chain.py's."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from eslbot.store import chain, migrate
from eslbot.store.chain import Entry
from eslbot.store.engine import StoreProblem, engine_of
from eslbot.store.rows import AuditRow
from eslbot.store.tables import audit, columns_of, row_of

PAGE = 2000
"""Rows read in one go."""
_LOCK = {"sqlite": ("BEGIN IMMEDIATE",), "postgresql": ("BEGIN", "LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE")}


class Writing:
    """One transaction that holds the chain's lock. What is done on `connection` is committed with the rows, or not at
    all."""

    def __init__(self, connection: Connection, now_us: Callable[[], int]) -> None:
        self.connection = connection
        self._now_us = now_us
        self._last = _last(connection)

    def append(self, entry: Entry) -> AuditRow:
        """Link the entry to the last row. An entry whose id is there already is not written again: gives that row."""
        found = self.connection.execute(select(audit).where(audit.c.id == entry.id)).mappings().first()
        if found is not None:
            return row_of(AuditRow, dict(found))
        row = chain.linked(entry, self._last, self._now_us())
        self.connection.execute(insert(audit).values(columns_of(row)))
        self._last = row
        return row


class Ledger:
    """The audit of one store. Every method blocks: a service calls it off its hub."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        """Opens a store that is there and up to date; makes none. `clock`: the wall clock. Raises StoreProblem."""
        engine_of(url, readonly=True).dispose()   # a file that is not there is told, and never made
        self.engine: Engine = engine_of(url)
        self._clock = clock
        migrate.check(self.engine)

    def append(self, *entries: Entry) -> list[AuditRow]:
        """All of them or none, in this order. Raises StoreProblem."""
        with self.writing() as writing:
            return [writing.append(entry) for entry in entries]

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writing]:
        """A transaction that holds the chain's lock: what else is changed in it stands or falls with the rows that tell
        of it. Raises StoreProblem."""
        try:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for statement in _LOCK[self.engine.dialect.name]:
                    connection.exec_driver_sql(statement)
                try:
                    yield Writing(connection, lambda: int(self._clock() * 1_000_000))
                except BaseException:
                    connection.exec_driver_sql("ROLLBACK")
                    raise
                connection.exec_driver_sql("COMMIT")
        except (SQLAlchemyError, IntegrityError) as error:
            raise StoreProblem(f"the audit cannot be written: {getattr(error, 'orig', None) or error}") from error

    def last(self) -> AuditRow | None:
        """The newest row. Raises StoreProblem."""
        with self.reading() as connection:
            return _last(connection)

    def rows(self, after: int = 0, **where: Any) -> Iterator[AuditRow]:
        """Rows in their order, those after that number, whose columns have those values. Raises StoreProblem."""
        with self.reading() as connection:
            while page := self._page(connection, after, where):
                yield from page
                after = page[-1].seq

    def count(self) -> int:
        """Number of the last row."""
        last = self.last()
        return 0 if last is None else last.seq

    def close(self) -> None:
        """Let the database go."""
        self.engine.dispose()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to look with. Raises StoreProblem."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreProblem(f"the audit cannot be read: {getattr(error, 'orig', None) or error}") from error

    @staticmethod
    def _page(connection: Connection, after: int, where: dict[str, Any]) -> Sequence[AuditRow]:
        query = select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(PAGE)
        for name, value in where.items():
            query = query.where(audit.c[name] == value)
        return [AuditRow(*found) for found in connection.execute(query)]


def _last(connection: Connection) -> AuditRow | None:
    found = connection.execute(select(audit).order_by(audit.c.seq.desc()).limit(1)).first()
    return None if found is None else AuditRow(*found)
