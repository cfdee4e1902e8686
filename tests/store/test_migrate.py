"""The migrations bring an empty database to exactly the tables the code speaks of."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from eslbot.store import StoreProblem, migrate
from eslbot.store.engine import engine_of, make_file
from eslbot.store.tables import metadata


def opened(url: str) -> Engine:
    make_file(url)
    return engine_of(url)


def test_the_migrated_database_has_the_codes_tables_and_none_missing(url: str) -> None:
    engine = opened(url)
    migrate.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
    migrate.check(engine)


def test_upgrading_again_changes_nothing(url: str) -> None:
    engine = opened(url)
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("insert into flags values ('a', 'b', 1.0, '')"))
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("select count(*) from flags")).scalar() == 1


def test_a_store_of_a_newer_program_is_neither_opened_nor_changed(url: str) -> None:
    engine = opened(url)
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'from-the-future'"))
    with pytest.raises(StoreProblem, match="newer"):
        migrate.upgrade(engine)
    with pytest.raises(StoreProblem, match="from-the-future"):
        migrate.check(engine)
    with engine.connect() as connection:
        assert migrate.revision(connection) == "from-the-future"


def test_a_reader_refuses_an_empty_database(url: str) -> None:
    make_file(url)
    with pytest.raises(StoreProblem, match="revision none"):
        migrate.check(engine_of(url, readonly=True))
