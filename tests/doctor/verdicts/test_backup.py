import pytest

from eslbot.doctor.verdicts.backup import BackupSeen, judge
from eslbot.doctor.verdicts.store import StoreSeen
from tests.doctor.conftest import levels


def test_nothing_configured_is_a_warning() -> None:
    assert levels(judge(None, StoreSeen("x"), 1, 1, False, 0)) == {"backup.age": "warning"}


@pytest.mark.parametrize(("at", "level"), [(None, "hint"), (990.0, "ok"), (700.0, "warning")])
def test_a_return_that_was_never_rehearsed_or_long_ago(at, level) -> None:
    store = StoreSeen("x", chores={} if at is None else {"rehearsal": at})
    found = levels(judge(BackupSeen("/b", "", 3, 995.0, free=1), store, 100.0, 100.0, True, 1000.0))
    assert found == {"backup.age": "ok", "backup.rehearsal": level, "backup.room": "warning",
                     "backup.signature": "hint"}
