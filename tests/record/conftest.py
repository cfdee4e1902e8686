"""A rig that is stopped at the end; the databases that what touches the store runs on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.record.keeping import Kept
from tests.record.rig import Rig
from tests.store.conftest import postgres, url

__all__ = ["postgres", "url"]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    one = Rig(tmp_path)
    yield one
    one.die()


@pytest.fixture
def kept(tmp_path: Path, url: str) -> Kept:
    return Kept(tmp_path, url)
