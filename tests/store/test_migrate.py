"""The migrations bring an empty database to exactly the tables the code speaks of."""

import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from eslbot.store import StoreProblem, migrate
from eslbot.store.engine import engine_of, make_file
from eslbot.store.tables import metadata

pytestmark = pytest.mark.usefixtures("every_migration")


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


def test_the_newest_revision_is_the_last_of_the_migrations() -> None:
    with as_file(files("eslbot.store") / "migrations") as directory:
        config = Config()
        config.set_main_option("script_location", str(directory))
        assert ScriptDirectory.from_config(config).get_current_head() == migrate.newest()


def test_where_nothing_is_to_be_migrated_alembic_is_not_loaded(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom eslbot.store import migrate\nfrom eslbot.store.engine import engine_of, make_file\n"
        "make_file(sys.argv[1])\nmigrate.upgrade(engine_of(sys.argv[1]))\nprint('alembic' in sys.modules)"
    )
    told = [
        subprocess.run([sys.executable, "-c", code, f"sqlite:///{tmp_path}/a.db"], check=True, stdout=subprocess.PIPE,
                       text=True).stdout.strip()
        for _ in range(2)
    ]  # fmt: skip
    assert told == ["True", "False"]
