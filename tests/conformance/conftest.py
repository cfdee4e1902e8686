"""Which switch the suite runs on: `--switch sim` (the embedded one) or `--switch real` (a FreeSWITCH of your own)."""

import shutil
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.conformance.embedded import EmbeddedRig
from tests.conformance.endpoint import Endpoint, listening
from tests.conformance.hearing import tone
from tests.conformance.processes import NoSwitch, find, modules_of
from tests.conformance.real import RealRig
from tests.conformance.rig import RATE, Rig

TONES = {"agent": 500, "customer": 800, "supervisor": 1300, "file": 1900, "closing": 2300, "english": 2700}
"""Hz; none is another's harmonic."""
FILE_SECONDS = 8.0
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


def told(config: pytest.Config, name: str) -> str | None:
    """An option of ours; None also where pytest was started on a directory above and so has not parsed it."""
    value = config.getoption(name, None)
    return None if value is None else str(value)


def on_real(config: pytest.Config) -> bool:
    return told(config, "--switch") == "real"


def freeswitch(config: pytest.Config) -> tuple[Path, Path]:
    """The program and its modules. Raises NoSwitch."""
    binary = find(told(config, "--freeswitch"))
    return binary, modules_of(binary, told(config, "--freeswitch-modules"))


def pytest_configure(config: pytest.Config) -> None:
    if on_real(config):
        try:
            freeswitch(config)
        except NoSwitch as error:
            raise pytest.UsageError(str(error)) from error


@pytest.fixture(scope="session")
def rig(request: pytest.FixtureRequest, room: Path) -> Iterator[Rig]:
    made: Rig
    if on_real(request.config):
        made = RealRig(*freeswitch(request.config), room, room / "prompts")
    else:
        made = EmbeddedRig(room, room / "prompts")
    yield made
    made.stop()


@pytest.fixture(scope="session")
def announcement(rig: Rig) -> Path:
    """A WAV of the tone `file`, where the switch can read it."""
    path = rig.directory / "file.wav"
    write_wav(path, tone(TONES["file"], FILE_SECONDS))
    return path


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """Where an audio fork may go."""
    with listening() as there:
        yield there
