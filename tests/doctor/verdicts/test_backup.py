import stat

import pytest

from eslbot.doctor.rights import Node, Who
from eslbot.doctor.verdicts.backup import BackupSeen, judge
from eslbot.doctor.verdicts.store import StoreSeen
from tests.doctor.conftest import levels

OURS = Who(900, frozenset({900}), "eslbot")


def test_nothing_configured_is_a_warning() -> None:
    assert levels(judge(None, StoreSeen("x"), 1, 1, False, 0, OURS)) == {"backup.age": "warning"}


@pytest.mark.parametrize(("at", "level"), [(None, "hint"), (990.0, "ok"), (700.0, "warning")])
def test_a_return_that_was_never_rehearsed_or_long_ago(at, level) -> None:
    store = StoreSeen("x", chores={} if at is None else {"rehearsal": at})
    found = levels(judge(BackupSeen("/b", "", 3, 995.0, free=1), store, 100.0, 100.0, True, 1000.0, OURS))
    assert found == {"backup.age": "ok", "backup.rehearsal": level, "backup.room": "warning",
                     "backup.signature": "hint"}


def test_a_place_that_the_service_may_not_write_is_an_error_before_the_first_backup_fails() -> None:
    way = (Node("/", stat.S_IFDIR | 0o755, 0, 0), Node("/b", stat.S_IFDIR | 0o755, 0, 0))
    found = levels(judge(BackupSeen("/b", way=way), StoreSeen("x"), 1.0, 1.0, False, 0.0, OURS))
    assert found == {"backup.writable": "error", "backup.age": "hint"}
