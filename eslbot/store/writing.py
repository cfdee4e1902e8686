"""The one connection that writes: a batch of rows is a transaction. Used in the writer's thread alone. Knows the tables
and each database's upsert; knows neither the order of writes nor when one is tried again (backlog.py does)."""

from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, StatementError

from eslbot.store.backlog import RowRefused, Write
from eslbot.store.engine import connect_writer
from eslbot.store.tables import TABLE_OF, key_of


class Writer:
    """Writes to one database, on a connection that is opened when there is something to write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._statements: dict[tuple[str, bool, tuple[str, ...]], Any] = {}

    def commit(self, batch: list[Write]) -> None:
        """Write all of them, or nothing. Raises RowRefused where the database refuses what one of them says, and the
        database's own error where it is away."""
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
            self.hang_up()
            raise RowRefused(str(error)) from error
        except StatementError as error:
            self.hang_up()
            if isinstance(error, DBAPIError):
                raise
            raise RowRefused(str(error.orig)) from error
        except Exception:
            self.hang_up()
            raise

    def hang_up(self) -> None:
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
