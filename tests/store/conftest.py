"""The databases that the store's tests run on (SQLite always, PostgreSQL where services are asked for), and stores
opened on them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eslbot.greenlets import Greenlets
from eslbot.store import Store
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import walk
from eslbot.store.ledger import Ledger

Open = Callable[..., Store]
"""Opens the store of the test; to be called again for what a restart sees."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL of our own."""
    from tests.postgres import cluster

    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'dir' / 'eslbot.db'}"
    return str(request.getfixturevalue("postgres").database())


@pytest.fixture
def opened(url: str) -> Iterator[Open]:
    groups: list[Greenlets] = []
    stores: list[Store] = []

    def open_(**options: Any) -> Store:
        groups.append(Greenlets())
        stores.append(Store(url, groups[-1], **options))
        return stores[-1]

    yield open_
    for store in stores:
        store.stop(timeout=2)
    for group in groups:
        group.stop()


@pytest.fixture
def accounts(url: str) -> Iterator[AccountStore]:
    """Accounts of the store, at seven seconds past the epoch."""
    store = AccountStore.made(url, lambda: 7.0)
    yield store
    store.close()


@pytest.fixture
def audited(url: str) -> Callable[[], list[str]]:
    """What the chain holds, whole."""

    def read() -> list[str]:
        rows = list(Ledger(url).rows())
        assert walk(rows).fault is None
        return [row.what for row in rows]

    return read
