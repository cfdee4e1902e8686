"""Judged as the kernel judges: the same answers as os.access gives a process of that user (where we are root, and can
be one)."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from eslbot.doctor.probes.local import way_to
from eslbot.doctor.rights import READ, SEARCH, WRITE, Node, Who, barred, may

DIRECTORY = stat.S_IFDIR


@pytest.mark.parametrize(
    ("mode", "who", "granted"),
    [
        (0o700, Who(5, frozenset()), True),
        (0o070, Who(5, frozenset({7})), False),   # the owner's bits hold for the owner, whatever the group's say
        (0o070, Who(6, frozenset({7})), True),
        (0o007, Who(6, frozenset({7})), False),
        (0o007, Who(6, frozenset({8})), True),
        (0o000, Who(0, frozenset()), True),
        (0o500, Who(5, frozenset()), False),
    ],
)
def test_the_bits_of_owner_group_and_others(mode: int, who: Who, granted: bool) -> None:
    assert may(who, Node("/x", DIRECTORY | mode, 5, 7), WRITE | SEARCH) is granted


def test_a_directory_on_the_way_bars_too_and_is_named() -> None:
    way = (Node("/", DIRECTORY | 0o755, 0, 0), Node("/a", DIRECTORY | 0o750, 0, 0), Node("/a/b", 0o100644, 0, 0))
    assert barred(Who(9, frozenset()), way, READ) == "/a (0750, uid 0, gid 0)"
    assert barred(Who(9, frozenset({0})), way, READ) == ""
    assert barred(Who(9, frozenset({0})), way, WRITE) == "/a/b (0644, uid 0, gid 0)"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can ask as somebody else")
@pytest.mark.parametrize("mode", [0o700, 0o750, 0o755, 0o705])
def test_the_kernel_says_the_same(tmp_path: Path, mode: int) -> None:
    place = tmp_path / "place"
    place.mkdir()
    place.chmod(mode)
    os.chown(place, 65533, 65532)
    for above in (tmp_path, *tmp_path.parents):
        if above != Path("/"):
            os.chmod(above, above.stat().st_mode | 0o011)
    for uid, gid in ((65533, 1), (65531, 65532), (65531, 1)):
        asked = subprocess.run(["/usr/bin/test", "-r", place], user=uid, group=gid, extra_groups=[], check=False)
        assert (barred(Who(uid, frozenset({gid})), way_to(place), READ) == "") == (asked.returncode == 0)
