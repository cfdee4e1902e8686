import pytest

from eslbot.doctor.rights import Who
from eslbot.doctor.verdicts.store import AuditSeen, StoreSeen, judge, judge_audit
from tests.doctor.conftest import levels

ROOT = Who(0, frozenset({0}), "root")

STORE = StoreSeen("sqlite:///x.db", revision="b", newest="b", chores={"checkpoint": 1000.0})


def test_a_driver_that_is_not_installed_is_mended_by_installing_it() -> None:
    [one] = judge(StoreSeen("postgresql://x", driver="No module named 'psycopg'"), ROOT)
    assert (one.level.value, "eslbot[postgresql]" in one.mend) == ("error", True)


@pytest.mark.parametrize(("age", "level"), [(10.0, "ok"), (3600.0 * 2 + 500, "ok"), (3600.0 * 2 + 700, "warning")])
def test_checkpoints_that_go_to_the_webhook_only_are_judged_by_when_they_were_made(age, level) -> None:
    found = levels(judge_audit(AuditSeen("audit.key"), STORE, 3600.0, 1000.0 + age, ROOT))
    assert found == {"store.checkpoint": level}


def test_a_chain_that_cannot_be_read_is_not_said_to_be_good_or_bad() -> None:
    away = StoreSeen("sqlite:///x.db", problem="disk I/O error", newest="b")
    found = levels(judge_audit(AuditSeen("audit.key", file="m", at=5.0, seq=2, signed="a"), away, 3600.0, 6.0, ROOT))
    assert found == {"store.checkpoint": "ok"}
