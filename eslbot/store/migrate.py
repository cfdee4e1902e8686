"""Brings a database to the shape of tables.py, by Alembic's migrations that are packaged beside this file. Knows no
row. Blocks: call it off the hub.

Alembic and what comes with it take 10 MiB for as long as a process lives, so it is loaded only where there is something
to migrate: whether there is, the number in its own table says.
"""

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from eslbot.store.engine import StoreProblem

if TYPE_CHECKING:
    from alembic.config import Config

_NEWEST = "0007"
"""The last of the migrations beside this file (a test holds it to them)."""
_WHERE = "alembic_version"
"""Alembic's table of one row."""


def unopened(engine: Engine, error: SQLAlchemyError) -> StoreProblem:
    """Which store it is, and why, in one line and without a password."""
    why = str(getattr(error, "orig", None) or error)
    where = engine.url.render_as_string(hide_password=True)
    return StoreProblem(f"the store cannot be opened: {where}: {why} (`eslbot doctor --only store` says more)")


def upgrade(engine: Engine) -> None:
    """Run what is missing, in one transaction where the database can. Raises StoreProblem."""
    try:
        with engine.connect() as connection:
            if revision(connection) == _NEWEST:
                return
        _upgrade(engine)
    except SQLAlchemyError as error:
        raise unopened(engine, error) from error


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.util import CommandError

    with as_file(files("eslbot.store") / "migrations") as directory:
        config = _config(str(directory))
        try:
            with engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except CommandError as error:
            raise StoreProblem(f"the store was made by a newer eslbot: {error}") from error


def check(engine: Engine) -> None:
    """Raise StoreProblem unless the database has exactly the newest shape (for readers, who may not change it)."""
    try:
        with engine.connect() as connection:
            found = revision(connection)
    except SQLAlchemyError as error:
        raise unopened(engine, error) from error
    if found != newest():
        raise StoreProblem(f"the store has revision {found or 'none'} and this eslbot reads {newest()}: "
                           "start the service once to bring it up, or read it with the eslbot that made it")


def newest() -> str:
    """The revision this program speaks of."""
    return _NEWEST


def revision(connection: Connection) -> str | None:
    """The database's revision; None: it is empty."""
    if not inspect(connection).has_table(_WHERE):
        return None
    found = connection.execute(text(f"select version_num from {_WHERE}")).scalar()
    return None if found is None else str(found)


def _config(directory: str) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", directory.replace("%", "%%"))
    return config


def knows(revision: str) -> bool:
    """Whether this program has that revision among those it can bring up."""
    from alembic.script import ScriptDirectory

    with as_file(files("eslbot.store") / "migrations") as directory:
        known = {script.revision for script in ScriptDirectory.from_config(_config(str(directory))).walk_revisions()}
        return revision in known
