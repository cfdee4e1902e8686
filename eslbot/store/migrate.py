"""Brings a database to the shape of tables.py, by Alembic's migrations that are packaged beside this file. Knows no
row. Blocks: call it off the hub."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from eslbot.store.engine import StoreProblem


def upgrade(engine: Engine) -> None:
    """Run what is missing, in one transaction where the database can. Raises StoreProblem."""
    with as_file(files("eslbot.store") / "migrations") as directory:
        config = _config(str(directory))
        try:
            with engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except CommandError as error:
            raise StoreProblem(f"the store was made by a newer eslbot: {error}") from error
        except SQLAlchemyError as error:
            raise StoreProblem(f"the store cannot be opened: {getattr(error, 'orig', None) or error}") from error


def check(engine: Engine) -> None:
    """Raise StoreProblem unless the database has exactly the newest shape (for readers, who may not change it)."""
    try:
        with engine.connect() as connection:
            found = revision(connection)
    except SQLAlchemyError as error:
        raise StoreProblem(f"the store cannot be opened: {getattr(error, 'orig', None) or error}") from error
    if found != newest():
        raise StoreProblem(f"the store has revision {found or 'none'} and this eslbot reads {newest()}: "
                           "start the service once to bring it up, or read it with the eslbot that made it")


def newest() -> str:
    """The revision this program speaks of."""
    with as_file(files("eslbot.store") / "migrations") as directory:
        return ScriptDirectory.from_config(_config(str(directory))).get_current_head() or ""


def revision(connection: Connection) -> str | None:
    """The database's revision; None: it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def _config(directory: str) -> Config:
    config = Config()
    config.set_main_option("script_location", directory.replace("%", "%%"))
    return config


def knows(revision: str) -> bool:
    """Whether this program has that revision among those it can bring up."""
    with as_file(files("eslbot.store") / "migrations") as directory:
        known = {script.revision for script in ScriptDirectory.from_config(_config(str(directory))).walk_revisions()}
        return revision in known
