"""A spool that is on a disk, open to all, another's, of no group, or full of what nobody took."""

import os
import socket
from pathlib import Path

import pytest

from eslbot.doctor import mounts
from eslbot.doctor.probes import local, spool
from eslbot.doctor.rights import Who
from eslbot.doctor.verdicts.spool import judge
from tests.doctor.conftest import levels

OURS = local.who_is(os.geteuid())


def found(settings, running: bool = False) -> dict[str, str]:
    return levels(judge(spool.look(settings, running, OURS)))


@pytest.fixture
def memory():
    """A directory in memory."""
    import tempfile

    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="eslbot-doctor-") as made:
        yield Path(made)


def test_a_spool_on_a_disk_is_an_error_and_one_in_shared_memory_a_hint(made, memory, tmp_path) -> None:
    if mounts.in_memory(tmp_path):
        pytest.skip("the tests' directory is in memory itself")
    assert found(made(audio={"spool": str(tmp_path / "spool")}))["spool.memory"] == "error"
    assert found(made(audio={"spool": str(memory / "spool")}))["spool.memory"] == "hint"


def test_a_spool_that_is_there_must_be_ours_and_closed_to_others(made, memory) -> None:
    memory.chmod(0o700)
    settings = made(audio={"spool": str(memory)})
    assert found(settings)["spool.rights"] == "ok"
    memory.chmod(0o705)
    assert found(settings)["spool.rights"] == "error"
    if os.geteuid() == 0:
        os.chown(memory, 65533, -1)
        memory.chmod(0o700)
        assert found(settings)["spool.rights"] == "error"


def test_a_group_that_nobody_made(made, memory) -> None:
    settings = made(audio={"spool": str(memory), "group": "no-such-group"})
    assert found(settings)["spool.rights"] == "error"


def test_audio_that_nobody_takes_is_told_while_no_service_runs(made, memory) -> None:
    (memory / "00000000-0000-4000-8000-000000000000.r8").write_bytes(bytes(64))
    settings = made(audio={"spool": str(memory)})
    assert found(settings)["spool.left"] == "hint"
    assert "spool.left" not in found(settings, running=True)


def test_who_listens_on_the_switchs_port_is_whom_it_runs_as(made) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings = made(listening.getsockname()[1])
        assert spool.switch_user(settings) == OURS
    assert spool.switch_user(settings) is None


def test_swap_is_read_as_the_kernel_tells_it(monkeypatch) -> None:
    text = "Filename Type Size Used Priority\n/dev/zram0 partition 1 0 5\n/swapfile file 2 0 -2\n"
    read = Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda self, *how: text if str(self) == "/proc/swaps" else read(self, *how))
    assert [(one.name, one.sealed) for one in spool.swaps()] == [("/dev/zram0", True), ("/swapfile", False)]


def test_a_user_without_an_account_is_in_no_group() -> None:
    assert local.who_is(4_000_000_001) == Who(4_000_000_001, frozenset())
