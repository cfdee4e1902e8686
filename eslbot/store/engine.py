"""Connections: which databases can be used, and how SQLite is set up. Knows no table."""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from eslbot import owner

DIALECTS = ("sqlite", "postgresql")
"""Those whose upsert we speak."""
PATIENCE, WRITER_PATIENCE = 5.0, 1.5
"""Seconds for which a lock of SQLite's, held by another process, is waited for: by a command that can do nothing but
fail then, and by the service's writer, whose rows wait anyway and who is to tell people of it within two seconds."""


class StoreProblem(Exception):
    """The store cannot be used; says why in one line, without a password."""


def engine_of(url: str, readonly: bool = False) -> Engine:
    """An engine without a pool of its own: threads open and close their own connections. Raises StoreProblem."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except ArgumentError:
        raise StoreProblem("store.url: not a database URL (sqlite:///eslbot.db, postgresql+psycopg://...)") from None
    if backend not in DIALECTS:
        raise StoreProblem(f"store.url: {backend} cannot be used, only {' and '.join(DIALECTS)}")
    if backend != "sqlite":
        return create_engine(parsed, poolclass=NullPool)
    path = file_of(parsed)
    if path is None:
        raise StoreProblem("store.url: SQLite needs a file (sqlite:///eslbot.db): in memory nothing would be kept")
    if readonly:
        if not path.exists():
            raise StoreProblem(f"{path}: no store there yet")
        parsed = parsed.set(database=f"file:{_escaped(path)}", query={"mode": "ro", "uri": "true"})
    engine = create_engine(parsed, poolclass=NullPool, connect_args={"check_same_thread": False, "timeout": PATIENCE})
    event.listen(engine, "connect", _prepare_reader if readonly else _prepare)
    return engine


def connect_writer(engine: Engine) -> Connection:
    """For a writer who tries again what was not taken: SQLite is not waited for longer than WRITER_PATIENCE."""
    connection = engine.connect()
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(WRITER_PATIENCE * 1000)}")
        connection.rollback()
    return connection


def make_file(url: str) -> None:
    """Create SQLite's file for its owner alone (its log takes over mode and owner), and its directory.

    Raises StoreProblem."""
    path = file_of(make_url(url))
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            owner.as_above(path)
    except OSError as error:
        raise StoreProblem(f"{path}: cannot be made: {error.strerror}") from error


def file_of(url: URL) -> Path | None:
    """SQLite's file; None for another database or one in memory."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def _escaped(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    """WAL lets readers read while the one writer writes; FULL, since a recording counts as durable only once the row
    with its header is; secure_delete overwrites what is deleted, or a destroyed key would still lie in the file."""
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _prepare_reader(connection: sqlite3.Connection, _: Any) -> None:
    connection.execute("PRAGMA query_only = ON").close()
