"""What holds for every test: hypothesis holds no example against a clock, since the machine may be busy with others.
And what many need."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, inspect

from eslbot.greenlets import Greenlets
from eslbot.record import passphrase
from eslbot.store import migrate
from eslbot.store.engine import engine_of
from eslbot.supervise.passwords import Passwords

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture
def quick_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and passphrases cost a millisecond and not half a second of a core, where what they cost is not the
    matter: tests/supervise/test_passwords and tests/record/test_passphrase have them as they are."""
    monkeypatch.setattr(Passwords.__init__, "__defaults__", (1, 8))
    monkeypatch.setattr(passphrase.seal, "__defaults__", (10,))


MIGRATED = migrate._upgrade
MAKING = threading.Lock()


@pytest.fixture(scope="session", autouse=True)
def _migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An SQLite store that is made in this process is a copy of the first, which the migrations made: they take a tenth
    of a second of a core, for hundreds of tests. In processes that tests start they run each time."""
    first = tmp_path_factory.getbasetemp() / "migrated.db"

    def copied(engine: Engine) -> None:
        with engine.connect() as connection:
            new = engine.dialect.name == "sqlite" and not inspect(connection).get_table_names()
        if not new:
            MIGRATED(engine)
            return
        with MAKING:
            if not first.exists():
                MIGRATED(engine_of(f"sqlite:///{first}"))
        with engine.connect() as connection, contextlib.closing(sqlite3.connect(first)) as source:
            source.backup(connection.connection.dbapi_connection)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "_upgrade", copied)
        yield


@pytest.fixture
def every_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where migrations are the matter."""
    monkeypatch.setattr(migrate, "_upgrade", MIGRATED)


@pytest.fixture
def greenlets() -> Iterator[Greenlets]:
    """Where what a test starts runs, until the test is over."""
    group = Greenlets()
    yield group
    group.stop()
