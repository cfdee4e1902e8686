"""One table's rows, typed. Knows the tables and how rows stand in time; knows neither who writes (backlog.py takes what
is to be written) nor what a row means."""

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from sqlalchemy import Engine, func, select, tuple_

from eslbot.store.backlog import Backlog, Ticket
from eslbot.store.engine import StoreProblem
from eslbot.store.rows import Row
from eslbot.store.tables import TABLE_OF, columns_of, key_of, row_of

R = TypeVar("R", bound=Row)


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
