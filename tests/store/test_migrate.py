"""The migrations bring an empty database to exactly the tables the code speaks of."""

from importlib.resources import as_file, files

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Engine, MetaData, Table, inspect, text

from eslbot.store import StoreProblem, migrate
from eslbot.store.engine import engine_of, make_file
from eslbot.store.tables import TABLE_OF, columns_of, metadata, row_of
from tests.store.test_rows import ROWS


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


def test_a_full_store_of_each_earlier_shape_keeps_its_rows(url: str) -> None:
    engine = opened(url)
    with as_file(files("eslbot.store") / "migrations") as directory, engine.begin() as connection:
        config = migrate._config(str(directory))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        for kind, table in TABLE_OF.items():
            if table.name in names:
                there = {column["name"] for column in inspect(connection).get_columns(table.name)}
                only = [column for column in table.columns if column.name in there]
                rows = [columns_of(row) for row in ROWS if type(row) is kind]
                rows = [{name: value for name, value in row.items() if name in there} for row in rows]
                old = Table(table.name, MetaData(), *(Column(one.name, one.type) for one in only))
                connection.execute(old.insert(), rows)
    migrate.upgrade(engine)
    migrate.check(engine)
    with engine.connect() as connection:
        for kind, table in TABLE_OF.items():
            found = [row_of(kind, dict(row)) for row in connection.execute(table.select()).mappings()]
            assert found == ([row for row in ROWS if type(row) is kind] if table.name in names else [])


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
