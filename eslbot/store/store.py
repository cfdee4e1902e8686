"""The store: one writer in a thread of its own, readers in others, and a typed book for every table. Knows the rows'
tables and SQLAlchemy; knows nothing of what the rows mean."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, bindparam, func, select, tuple_, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, StatementError

from eslbot.greenlets import Greenlets
from eslbot.store import migrate
from eslbot.store.backlog import Alarm, Backlog, RowRefused, Ticket, Write
from eslbot.store.engine import StoreProblem, connect_writer, engine_of, make_file
from eslbot.store.offhub import OffHub, inline
from eslbot.store.rows import (
    ActRow,
    AlertRow,
    CallRow,
    ClosingRow,
    FlagRow,
    HoldRow,
    RecordingRow,
    Row,
    TombstoneRow,
    ViolationRow,
)
from eslbot.store.tables import TABLE_OF, columns_of, key_of, row_of

__all__ = ["Book", "Store", "StoreProblem"]

R = TypeVar("R", bound=Row)
READERS = 2
"""Threads that read."""


class Book(Generic[R]):
    """One table's rows. Writing never blocks and gives a ticket; reading lets other greenlets run and sees what is
    committed (`Store.flush` first, to read what was just written)."""

    def __init__(self, kind: type[R], run: Callable[..., Any], engine: Engine, backlog: Backlog | None) -> None:
        self._kind = kind
        self._table = TABLE_OF[kind]
        self._key = key_of(self._table)
        self._run = run
        self._engine = engine
        self._backlog = backlog

    def put(self, row: R) -> Ticket:
        """Insert the row, or put it over the one of the same key."""
        values = columns_of(row)
        return self._add(tuple(values[name] for name in self._key), values, whole=True)

    def patch(self, *key: Any, **values: Any) -> Ticket:
        """Change some columns of the row of that key; does nothing if there is none."""
        unknown = set(values) - {c.name for c in self._table.columns} | set(values) & set(self._key)
        if unknown or len(key) != len(self._key):
            raise TypeError(f"{self._table.name}: cannot change {', '.join(sorted(unknown)) or 'by that key'}")
        changed = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
        return self._add(key, changed, whole=False)

    def get(self, *key: Any) -> R | None:
        """The row of that key."""
        found = self.find(limit=1, **dict(zip(self._key, key, strict=True)))
        return found[0] if found else None

    def find(
        self, limit: int | None = None, prefix: str = "", newest_first: bool = False, until: float | None = None,
        **where: Any,
    ) -> list[R]:
        """Rows whose columns have those values (a tuple of values: one of them), by time, oldest first.

        `prefix`: of the first key column (a call's uuid shortened). `until`: only those before that time.
        """
        rows: list[R] = self._run(self._select, limit, prefix, newest_first, until, where)
        return rows

    def pages(self, size: int, since: float | None = None, until: float | None = None) -> Iterator[list[R]]:
        """All rows by time, oldest first, `size` at once, so that any number can be gone through.

        `since`, `until`: seconds since the epoch, the second excluded.
        """
        after: tuple[Any, ...] | None = None
        while rows := self._run(self._page, size, since, until, after):
            yield rows
            after = tuple(getattr(rows[-1], column.name) for column in self._order())

    def count(self, since: float | None = None, until: float | None = None) -> int:
        """How many rows `pages` gives."""
        number: int = self._run(self._count, since, until)
        return number

    def _count(self, since: float | None, until: float | None) -> int:
        with self._engine.connect() as connection:
            query = self._between(select(func.count()).select_from(self._table), since, until)
            return int(connection.execute(query).scalar_one())

    def _between(self, query: Any, since: float | None, until: float | None) -> Any:
        time = self._order()[0]
        query = query if since is None else query.where(time >= since)
        return query if until is None else query.where(time < until)

    def _order(self) -> list[Any]:
        """The columns by which rows stand in time."""
        key = [self._table.columns[name] for name in self._key]
        return [*[self._table.columns[n] for n in ("started", "at") if n in self._table.columns][:1], *key]

    def _page(self, size: int, since: float | None, until: float | None, after: tuple[Any, ...] | None) -> list[R]:
        order = self._order()
        query = self._between(select(self._table).order_by(*order).limit(size), since, until)
        if after is not None:
            query = query.where(tuple_(*order) > tuple_(*after))
        with self._engine.connect() as connection:
            return [row_of(self._kind, dict(found)) for found in connection.execute(query).mappings()]

    def _add(self, key: tuple[Any, ...], values: dict[str, Any], whole: bool) -> Ticket:
        if self._backlog is None:
            raise StoreProblem("the store was opened for reading")
        return self._backlog.add(self._table.name, key, values, whole)

    def _select(
        self, limit: int | None, prefix: str, newest_first: bool, until: float | None, where: dict[str, Any],
    ) -> list[R]:
        query = self._between(select(self._table), None, until)
        for name, value in where.items():
            column = self._table.columns[name]
            query = query.where(column.in_(value) if isinstance(value, tuple) else column == value)
        first = self._table.columns[self._key[0]]
        if prefix:
            query = query.where(first.startswith(prefix, autoescape=True))
        time = next((self._table.columns[name] for name in ("started", "at") if name in self._table.columns), first)
        order = [time, *(self._table.columns[name] for name in self._key)]
        query = query.order_by(*(column.desc() if newest_first else column for column in order)).limit(limit)
        with self._engine.connect() as connection:
            return [row_of(self._kind, dict(found)) for found in connection.execute(query).mappings()]


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
        self._connection: Connection | None = None
        self._statements: dict[tuple[str, bool, tuple[str, ...]], Any] = {}
        run: Callable[..., Any] = inline
        if greenlets is None:
            migrate.check(self._engine)
        else:
            writer, readers = self._pools = [OffHub(1), OffHub(READERS)]
            writer.run(make_file, url)
            writer.run(migrate.upgrade, self._engine)
            self._backlog = Backlog(self._commit, writer, greenlets, alarm or (lambda kind, detail: None), limit)
            run = readers.run
        self.calls = Book(CallRow, run, self._engine, self._backlog)
        self.recordings = Book(RecordingRow, run, self._engine, self._backlog)
        self.violations = Book(ViolationRow, run, self._engine, self._backlog)
        self.acts = Book(ActRow, run, self._engine, self._backlog)
        self.closings = Book(ClosingRow, run, self._engine, self._backlog)
        self.alerts = Book(AlertRow, run, self._engine, self._backlog)
        self.flags = Book(FlagRow, run, self._engine, self._backlog)
        self.holds = Book(HoldRow, run, self._engine, self._backlog)
        self.tombstones = Book(TombstoneRow, run, self._engine, self._backlog)

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
            self._pools[0].run(self._hang_up)
        for pool in self._pools:
            pool.close()
        self._engine.dispose()
        return flushed

    # --- in the writer's thread ---------------------------------------------------------------------------------
    def _commit(self, batch: list[Write]) -> None:
        try:
            if self._connection is None:
                self._connection = connect_writer(self._engine)
            groups: dict[tuple[str, bool, tuple[str, ...]], list[Write]] = {}
            for write in batch:   # a row stands in a batch once, so their order does not matter
                groups.setdefault((write.table, write.whole, tuple(write.values)), []).append(write)
            with self._connection.begin():
                for group, writes in groups.items():
                    if group not in self._statements:
                        self._statements[group] = self._statement(*group)
                    self._connection.execute(self._statements[group], [_parameters(write) for write in writes])
        except (IntegrityError, DataError, ProgrammingError) as error:
            raise RowRefused(str(error.orig)) from error
        except OverflowError as error:  # SQLite's driver, over a number of more than 64 bits
            self._hang_up()
            raise RowRefused(str(error)) from error
        except StatementError as error:
            self._hang_up()
            if isinstance(error, DBAPIError):
                raise
            raise RowRefused(str(error.orig)) from error
        except Exception:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        """Drop the connection; the next commit opens a fresh one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def _statement(self, name: str, whole: bool, columns: tuple[str, ...]) -> Any:
        """One for all rows of a table that set the same columns: to build it costs more than to run it."""
        table = next(t for t in TABLE_OF.values() if t.name == name)
        key = key_of(table)
        if not whole:
            query = update(table).values({column: bindparam(column) for column in columns})
            for at, column in enumerate(key):
                query = query.where(table.columns[column] == bindparam(f"key_{at}"))
            return query
        dialect: Any = import_module(f"sqlalchemy.dialects.{self._engine.dialect.name}")  # of engine.DIALECTS
        insert = dialect.insert(table).values({column: bindparam(column) for column in columns})
        changed = {column: insert.excluded[column] for column in columns if column not in key}
        return insert.on_conflict_do_update(index_elements=list(key), set_=changed)


def _parameters(write: Write) -> dict[str, Any]:
    if write.whole:
        return write.values
    return write.values | {f"key_{at}": value for at, value in enumerate(write.key)}
