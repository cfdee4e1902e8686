import stat

import pytest

from eslbot.doctor.rights import Node, Who
from eslbot.doctor.verdicts.disk import DirectorySeen, judge
from tests.doctor.conftest import levels

US = Who(900, frozenset({900}), "eslbot")


@pytest.mark.parametrize(
    ("free", "nodes", "mode", "expected"),
    [
        (50 << 30, None, 0o700, {"disk.room": "ok"}),
        (1 << 30, 10_000, 0o700, {"disk.room": "warning"}),
        (1 << 20, 10_000, 0o700, {"disk.room": "error"}),
        (50 << 30, 3, 0o700, {"disk.room": "error"}),
        (50 << 30, 10_000, 0o500, {"disk.room": "ok", "disk.writable": "error"}),
    ],
)
def test_room_and_rights(free, nodes, mode, expected) -> None:
    way = (Node("/srv", stat.S_IFDIR | 0o755, 0, 0), Node("/srv/r", stat.S_IFDIR | mode, 900, 900))
    seen = DirectorySeen("[record] directory", "/srv/r", way, True, free, 100 << 30, nodes)
    assert levels(judge(seen, US)) == expected


def test_it_may_be_told_under_another_subject() -> None:
    way = (Node("/srv", stat.S_IFDIR | 0o700, 900, 0),)
    seen = DirectorySeen("[store] url", "/srv", way, True, 9 << 30, 9 << 30, 9)
    assert levels(judge(seen, US, "store")) == {"store.room": "error"}


@pytest.mark.parametrize(("path", "level"), [("/var/lib/eslbot/recordings", "warning"), ("/srv/recordings", "error")])
def test_a_directory_that_the_unit_will_make_is_no_error_before_its_first_start(path, level) -> None:
    way = (Node("/", stat.S_IFDIR | 0o755, 0, 0),)
    seen = DirectorySeen("[record] directory", path, way, False, 9 << 30, 9 << 30, None)
    assert levels(judge(seen, US))["disk.writable"] == level
