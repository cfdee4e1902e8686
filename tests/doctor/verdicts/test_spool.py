import stat
from pathlib import Path

import pytest

from eslbot.doctor.mounts import Mount
from eslbot.doctor.rights import Node, Who
from eslbot.doctor.verdicts.spool import SpoolSeen, Swap, judge
from tests.doctor.conftest import levels

OURS, SWITCH = Who(900, frozenset({900, 50}), "eslbot"), Who(901, frozenset({901, 50}), "freeswitch")
TMPFS = Mount(Path("/run/spool"), "tmpfs", frozenset({"rw"}))


def way(mode: int, uid: int = 900, gid: int = 50) -> tuple[Node, ...]:
    return (Node("/", stat.S_IFDIR | 0o755, 0, 0), Node("/run/spool", stat.S_IFDIR | mode, uid, gid))


def seen(**changed) -> SpoolSeen:
    values = {"path": "/run/spool", "mount": TMPFS, "way": way(0o2770), "there": True, "free": 200 << 20,
              "total": 256 << 20, "ours": OURS, "switch": SWITCH, "group": "telephony", "gid": 50}
    return SpoolSeen(**(values | changed))


@pytest.mark.parametrize(
    ("changed", "check", "level"),
    [
        ({}, "spool.rights", "ok"),
        ({"mount": None}, "spool.memory", "hint"),
        ({"there": False, "mount": Mount(Path("/run"), "tmpfs", frozenset())}, "spool.memory", "warning"),
        ({"there": False, "way": way(0o755, 0)[:1]}, "spool.rights", "warning"),   # its mount unit will make it
        ({"there": False, "way": way(0o755, 0)[:1], "path": "/srv/spool"}, "spool.rights", "error"),
        ({"free": 20 << 20}, "spool.room", "warning"),
        ({"free": 1 << 20}, "spool.room", "error"),
        ({"switch": Who(901, frozenset({901}), "freeswitch")}, "spool.rights", "error"),
        ({"ours": Who(900, frozenset({900}), "eslbot")}, "spool.rights", "error"),
        ({"group": "", "gid": None, "way": way(0o700)}, "spool.rights", "error"),   # the switch is another user
        ({"group": "", "gid": None, "way": way(0o700), "switch": OURS}, "spool.rights", "ok"),
        ({"group": "", "gid": None, "way": way(0o700), "switch": Who(0, frozenset())}, "spool.rights", "ok"),
        ({"switch": None}, "spool.rights", "ok"),
        ({"way": way(0o2777)}, "spool.rights", "error"),
        ({"way": way(0o2770, 902)}, "spool.rights", "error"),
        ({"swaps": (Swap("/swapfile", False),)}, "spool.swap", "warning"),
        ({"swaps": (Swap("/dev/zram0", True),)}, "spool.swap", "ok"),
        ({"swaps": (Swap("/swapfile", False),), "mount": Mount(Path("/run/spool"), "tmpfs", frozenset({"noswap"}))},
         "spool.swap", "ok"),
    ],
)
def test_two_users_one_spool_and_nobody_else(changed, check, level) -> None:
    assert levels(judge(seen(**changed)))[check] == level
