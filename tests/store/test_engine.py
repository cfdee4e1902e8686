"""Which databases can be used, and how SQLite's file is set up."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, text
from sqlalchemy.exc import OperationalError

from eslbot.store.engine import PATIENCE, WRITER_PATIENCE, StoreProblem, connect_writer, engine_of, make_file


def test_the_file_and_its_log_belong_to_their_owner_alone_and_are_durable(tmp_path: Path) -> None:
    path = tmp_path / "new" / "eslbot.db"
    url = f"sqlite:///{path}"
    before = os.umask(0)
    try:
        make_file(url)
        engine = engine_of(url)
        with engine.connect() as connection:
            connection.execute(text("create table t (x)"))
            connection.commit()
            for suffix in ("", "-wal", "-shm"):
                assert stat.S_IMODE(path.with_name(path.name + suffix).stat().st_mode) == 0o600
            pragmas = {name: connection.execute(text(f"PRAGMA {name}")).scalar()
                       for name in ("journal_mode", "synchronous", "secure_delete")}
    finally:
        os.umask(before)
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_the_services_writer_tells_of_a_lock_before_a_command_gives_up(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path / 'a.db'}")
    for connect, seconds in ((connect_writer, WRITER_PATIENCE), (Engine.connect, PATIENCE)):
        with connect(engine) as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 1000 * seconds
    assert WRITER_PATIENCE < 2 < PATIENCE


def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    engine = engine_of(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("create table t (x)"))
        connection.execute(text("insert into t values ('a header that is to be destroyed')"))
    assert b"to be destroyed" in path.read_bytes()
    with engine.begin() as connection:
        connection.execute(text("delete from t"))
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    assert b"to be destroyed" not in path.read_bytes()


def test_a_reader_may_not_write_and_odd_names_are_no_options(tmp_path: Path) -> None:
    plain = tmp_path / "b#100%41.db"
    sqlite3.connect(plain).execute("create table t (x)").close()
    reader = engine_of(URL.create("sqlite", database=str(plain)).render_as_string(), readonly=True)
    with reader.connect() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.execute(text("insert into t values (1)"))


@pytest.mark.parametrize(("url", "says"), [
    ("nonsense", "not a database URL"),
    ("mysql://u:hunter2@h/d", "mysql cannot be used"),
    ("sqlite://", "needs a file"),
    ("sqlite:///:memory:", "needs a file"),
    ("sqlite:////nowhere/at/all.db", "no store there yet"),
])
def test_a_url_that_cannot_be_used_is_told_without_its_password(url: str, says: str) -> None:
    with pytest.raises(StoreProblem, match=says) as told:
        engine_of(url, readonly=True)
    assert "hunter2" not in str(told.value)


def test_a_path_under_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreProblem, match="cannot be made"):
        make_file(f"sqlite:///{tmp_path / 'file' / 'e.db'}")
