"""The spool shared by two users: FreeSWITCH is one, whoever follows the file another, and they share a group. On a real
switch of its own, and only as root, who can be both."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.conftest import freeswitch, on_real
from tests.conformance.real import RealRig
from tests.conformance.score import place, record

SWITCH = "nobody"
READER = 65533
"""A uid that is nobody's; it is in FreeSWITCH's group."""
CHUNK = 65536


@pytest.fixture(scope="module")
def rig(request: pytest.FixtureRequest, room: Path) -> Iterator[RealRig]:
    if not on_real(request.config) or os.geteuid() != 0:
        pytest.skip("needs a real switch, and root")
    directory = Path(tempfile.mkdtemp(prefix="users-", dir=room))
    directory.chmod(0o755)
    made = RealRig(*freeswitch(request.config), directory, room / "prompts", user=SWITCH)
    group = pwd.getpwnam(SWITCH).pw_gid
    os.chown(made.directory, READER, group)
    made.directory.chmod(0o2770)
    yield made
    made.stop()
    shutil.rmtree(directory)


def as_reader(*command: str) -> bool:
    """Whether that works for the reader."""
    group = pwd.getpwnam(SWITCH).pw_gid
    done = subprocess.run(command, user=READER, group=group, extra_groups=[], capture_output=True, check=False)
    return done.returncode == 0


def test_a_file_made_beforehand_for_the_group_can_be_followed_punched_and_removed(rig: RealRig) -> None:
    played = place(rig, "agent")
    file = rig.directory / f"{played.call.customer.uuid}.r8"
    file.touch()
    os.chown(file, READER, pwd.getpwnam(SWITCH).pw_gid)
    file.chmod(0o660)
    record(rig, played, "customer")
    rig.pass_time(3.0)
    before = file.stat()
    punched = as_reader("fallocate", "--punch-hole", "--offset", "0", "--length", str(CHUNK), str(file))
    freed = before.st_blocks * 512 - file.stat().st_blocks * 512
    rig.pass_time(0.5)
    after = file.stat()
    removed = as_reader("rm", str(file))
    rig.clear()
    assert (before.st_uid, before.st_mode & 0o777) == (READER, 0o660)
    assert punched
    assert freed > 0
    assert after.st_size > before.st_size
    assert removed


def test_a_file_that_freeswitch_made_can_be_read_and_not_punched(rig: RealRig) -> None:
    played = place(rig, "agent")
    file = record(rig, played, "customer")
    rig.pass_time(2.5)
    readable = as_reader("cat", str(file))
    punched = as_reader("fallocate", "--punch-hole", "--offset", "0", "--length", str(CHUNK), str(file))
    owner = file.owner()
    rig.clear()
    assert (owner, readable, punched) == (SWITCH, True, False)
