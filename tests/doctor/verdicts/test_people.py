import pytest

from eslbot.doctor.verdicts.people import judge
from eslbot.doctor.verdicts.store import AccountSeen, StoreSeen

BOSS, DEMOTED = AccountSeen("boss", True, "ready"), AccountSeen("old", False, None)
BARE = AccountSeen("su", False, "no PIN")


@pytest.mark.parametrize(
    ("accounts", "web", "codes", "expected"),
    [
        ((BOSS, DEMOTED), True, True, {"people.admin": "ok", "people.codes": "ok"}),
        ((DEMOTED,), True, False, {"people.admin": "warning"}),
        ((DEMOTED,), False, False, {}),
        ((), True, False, {"people.admin": "hint"}),
        ((BOSS, BARE), True, True, {"people.admin": "ok", "people.codes": "warning"}),
        ((BOSS, BARE), True, False, {"people.admin": "ok"}),   # no phone is asked for a PIN anywhere
    ],
)
def test_what_is_said_of_accounts(accounts, web, codes, expected) -> None:
    found = list(judge(StoreSeen("sqlite:///x.db", revision="b", newest="b", accounts=accounts), web, codes))
    assert {one.check: one.level.value for one in found} == expected
    told = [one for one in found if one.check == "people.codes" and one.mend]
    assert all("su" in one.found and "users pin" in one.mend for one in told)


def test_accounts_that_cannot_be_read_are_judged_by_nobody() -> None:
    [one] = judge(StoreSeen("sqlite:///x.db", absent=True), True, True)
    assert one.level.value == "hint"
