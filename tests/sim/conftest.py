"""The bench each test of the embedded switch gets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.core.greenlets.stop()
