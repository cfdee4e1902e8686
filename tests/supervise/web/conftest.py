"""The rig, ended after each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.supervise.web.console_rig import ConsoleRig
from tests.supervise.web.rig import WebRig


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebRig]:
    rig = WebRig(tmp_path)
    yield rig
    rig.stop()
    assert rig.failures == []


@pytest.fixture
def console(tmp_path: Path) -> Iterator[ConsoleRig]:
    rig = ConsoleRig(tmp_path)
    yield rig
    rig.stop()
    assert rig.web.failures == []
