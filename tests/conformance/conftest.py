"""Which switch the suite runs on: `--switch sim` (the embedded one) or `--switch real` (a FreeSWITCH of your own)."""

import shutil
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.conformance.hearing import tone
from tests.conformance.rig import RATE, Rig

TONES = {"agent": 500, "customer": 800, "supervisor": 1300, "file": 1900, "closing": 2300, "english": 2700}
"""Hz; none is another's harmonic."""
FILE_SECONDS = 4.0
PROMPT_SECONDS = 2.0


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("conformance")
    group.addoption("--switch", choices=("sim", "real"), default="sim", help="the switch under test")
    group.addoption("--freeswitch", help="the FreeSWITCH program (else ESLBOT_FREESWITCH, else from the PATH)")
    group.addoption("--freeswitch-modules", help="its modules' directory (or ESLBOT_FREESWITCH_MODULES)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.conformance)


def write_wav(path: Path, samples: np.ndarray, rate: int = RATE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(np.round(samples * 32767).astype("<i2").tobytes())


@pytest.fixture(scope="session")
def room() -> Iterator[Path]:
    """A directory on a memory file system where there is one."""
    memory = Path("/dev/shm")
    path = Path(tempfile.mkdtemp(prefix="eslbot-conformance-", dir=memory if memory.is_dir() else None))
    path.chmod(0o755)
    write_wav(path / "prompts/zh/closing.wav", tone(TONES["closing"], PROMPT_SECONDS))
    write_wav(path / "prompts/en/closing.wav", tone(TONES["english"], PROMPT_SECONDS))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def rig(request: pytest.FixtureRequest, room: Path) -> Iterator[Rig]:
    option = request.config.getoption
    if option("--switch") == "real":
        from tests.conformance.processes import NoSwitch, find, modules_of
        from tests.conformance.real import RealRig

        try:
            binary = find(option("--freeswitch"))
            made: Rig = RealRig(binary, modules_of(binary, option("--freeswitch-modules")), room, room / "prompts")
        except NoSwitch as error:
            pytest.fail(str(error), pytrace=False)
    else:
        from tests.conformance.embedded import EmbeddedRig

        made = EmbeddedRig(room, room / "prompts")
    yield made
    made.stop()


@pytest.fixture(scope="session")
def announcement(rig: Rig) -> Path:
    """A WAV of the tone `file`, where the switch can read it."""
    path = rig.directory / "file.wav"
    write_wav(path, tone(TONES["file"], FILE_SECONDS))
    return path
