"""The embedded switch and the rig around it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

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


@pytest.fixture
def make_rig(tmp_path: Path, switch: Switch) -> Iterator[Callable[..., Rig]]:
    """A rig with sections of its own: make_rig(supervise={"ring": "1s"})."""
    made: list[Rig] = []

    def make(**sections: Mapping[str, Any]) -> Rig:
        made.append(Rig(tmp_path, switch, **sections))
        return made[-1]

    yield make
    for rig in made:
        rig.stop()
