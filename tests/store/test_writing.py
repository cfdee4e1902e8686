"""The writer's connection: a batch is written whole or not at all, and a refusal is no database that is away."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from eslbot.store import CallRow, migrate
from eslbot.store.backlog import RowRefused, Write
from eslbot.store.engine import engine_of, make_file
from eslbot.store.tables import calls, columns_of
from eslbot.store.writing import Writer


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    make_file(url)
    engine = engine_of(url)
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    writer = Writer(engine)
    yield writer
    writer.hang_up()


def put(call: str, switch: str | None = "pbx1") -> Write:
    return Write("calls", (call,), {**columns_of(CallRow(call, "pbx1", 1.0)), "switch": switch}, True)


def there(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return {row.call: row.switch for row in connection.execute(select(calls.c.call, calls.c.switch))}


def test_rows_and_changes_of_one_batch_stand_together(engine: Engine, writer: Writer) -> None:
    writer.commit([put("a"), put("b")])
    writer.commit([put("b", "pbx2"), put("c"), Write("calls", ("a",), {"switch": "pbx3"}, False)])
    assert there(engine) == {"a": "pbx3", "b": "pbx2", "c": "pbx1"}


def test_a_refused_row_leaves_nothing_of_its_batch_and_the_writer_goes_on(engine: Engine, writer: Writer) -> None:
    for bad in (put("bad", None), put("worse", object())):  # type: ignore[arg-type]
        with pytest.raises(RowRefused):
            writer.commit([put("a"), bad])
        assert there(engine) == {}
    writer.commit([put("a")])
    assert list(there(engine)) == ["a"]


def test_a_lock_that_somebody_holds_is_no_refusal_and_the_next_commit_connects_anew(
        engine: Engine, writer: Writer, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("PostgreSQL waits for as long as it takes")
    monkeypatch.setattr("eslbot.store.engine.WRITER_PATIENCE", 0.01)
    blocker = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect()
    blocker.exec_driver_sql("BEGIN IMMEDIATE")
    with pytest.raises(DBAPIError):
        writer.commit([put("a")])
    blocker.exec_driver_sql("COMMIT")
    blocker.close()
    writer.commit([put("a")])
    assert list(there(engine)) == ["a"]
