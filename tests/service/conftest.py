"""The embedded switch and the rig around it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from eslbot.sim import Switch
from tests.service.rig import Rig


@pytest.fixture(autouse=True)
def _quick_secrets(quick_secrets: None) -> None:
    pass


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


@pytest.fixture
def unmoved(tmp_path: Path) -> str:
    """A rule pack that tones do not break: a recogniser hears all sorts of words in them."""
    path = tmp_path / "unmoved.yaml"
    path.write_text("""pack: unmoved
version: "1"
language: zh
rules:
  - {id: promise, says: agent, any: [稳赚不赔], severity: severe}
""")
    return str(path)
