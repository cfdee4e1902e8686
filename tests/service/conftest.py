"""The embedded switch and the rig around it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eslbot.sim import Switch
from tests.service.rig import Rig


@pytest.fixture
def switch() -> Iterator[Switch]:
    with Switch(closing="tone_stream://%(1500,0,1200)") as switch:
        yield switch


@pytest.fixture
def rig(tmp_path: Path, switch: Switch) -> Iterator[Rig]:
    rig = Rig(tmp_path, switch)
    yield rig
    rig.stop()
