"""What becomes of accounts that admins change; two of whom do it at the same moment, on a real database of each
kind."""

import time
from collections.abc import Iterator
from typing import Any

import gevent
import pytest

from eslbot.store.account_rows import UserRow
from eslbot.store.accounts import AccountStore
from eslbot.store.ledger import Ledger
from eslbot.store.offhub import OffHub
from eslbot.supervise.access import MAY, Denied, Permission, Staff
from eslbot.supervise.changing import Admin, Fresh, changed
from eslbot.supervise.staffing import Staffing
from eslbot.supervise.wire import Refused
from tests.supervise.web.rig import PASSWORD, QUICK

BOSS, OTHER = UserRow("boss", "admin", password="h"), UserRow("other", "admin", password="h")
CLOSED = {"demoted": {"role": "auditor"}, "disabled": {"disabled": True}, "removed": None}


@pytest.fixture(scope="module")
def postgres() -> Iterator[Any]:
    from tests.postgres import cluster

    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def url(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'eslbot.db'}"
    return str(request.getfixturevalue("postgres").database())


def close(url: str, who: str, whom: str, how: dict[str, Any] | None) -> str:
    """One admin closes another's account by a connection of their own: what came of it."""
    store = AccountStore(url)
    try:
        staffing = Staffing(store, QUICK, f"account:{who}", lambda: 1000.0, careful=True)
        staffing.remove(whom) if how is None else staffing.change(whom, how)
    except Refused as refused:
        return str(refused)
    finally:
        store.close()
    return "done"


@pytest.mark.parametrize("how", list(CLOSED.values()), ids=list(CLOSED))
def test_of_two_admins_who_close_each_other_at_the_same_moment_one_is_left(
    url: str, how: dict[str, Any] | None,
) -> None:
    store = AccountStore.made(url)
    staffing = Staffing(store, QUICK, "root", time.time)
    for name in ("boss", "other"):
        staffing.add(name, "admin", password=PASSWORD)
    threads = OffHub(2)
    came: list[str] = []
    for _ in range(4):   # the second begins while the first has the lock, and before it has changed anything
        second: list[Any] = []

        def decide(row: UserRow, everybody: Any, second: list[Any] = second) -> Any:
            second.append(gevent.spawn(threads.run, close, url, "other", "boss", how))
            gevent.sleep(0.3)
            return changed(Admin("account:boss", careful=True), row, everybody, {"disabled": True}, Fresh())

        assert store.alter("other", decide)
        came.append(second[0].get())
        assert [row.name for row in store.users() if row.role == "admin" and not row.disabled] == ["boss"]
        staffing.disable("other", False)
    races = [gevent.spawn(threads.run, close, url, *pair, how) for pair in (("boss", "other"), ("other", "boss"))]
    came += sorted(race.get() for race in races)
    threads.close()
    assert came[:4] == ["boss is the last admin who can sign in"] * 4
    assert [one for one in came[4:] if one != "done"] == [one for one in came[4:] if "the last admin" in one]
    assert len([one for one in came[4:] if one == "done"]) == 1
    assert len([row for row in store.users() if row.role == "admin" and not row.disabled]) == 1
    assert [row.who for row in Ledger(url).rows() if row.detail in ("disabled", "role admin to auditor")].count(
        "account:other") <= 1
    store.close()


def test_a_house_that_has_no_admin_already_is_not_kept_from_changing_anything() -> None:
    careful = Admin("account:x", careful=True)
    shut = UserRow("shut", "admin", disabled=True)
    assert changed(careful, shut, [shut], {"role": "agent"}, Fresh()).values["role"] == "agent"
    with pytest.raises(Refused, match="last admin"):
        changed(careful, BOSS, [BOSS, shut], {"role": "agent"}, Fresh())
    assert changed(careful, BOSS, [BOSS, OTHER], {"role": "agent"}, Fresh()).ends
    assert changed(Admin("root"), BOSS, [BOSS], {"role": "agent"}, Fresh()).ends   # who is at the machine


def test_nobody_gives_or_takes_over_more_than_they_have() -> None:
    limited = Admin("account:hr", may=frozenset({Permission.USERS, Permission.MASK}))
    agent, boss = UserRow("seat7", "agent"), BOSS
    for given in ({"role": "agent"}, {"phone": "1001"}, {"password": PASSWORD}, {"disabled": False}):
        with pytest.raises(Denied, match="nobody gives more"):
            changed(limited, boss, [boss], given, Fresh("h"))
    with pytest.raises(Denied, match="calls:act"):
        changed(limited, agent, [agent, boss], {"role": "supervisor"}, Fresh())
    assert changed(limited, agent, [agent], {"phone": "1001"}, Fresh()).values == {"phone": "1001"}
    assert changed(limited, boss, [boss], {"disabled": True}, Fresh()).values["disabled"]   # it gives nothing
    every = Admin("account:boss", may=MAY[Staff.ADMIN])
    assert changed(every, agent, [agent], {"role": "admin"}, Fresh()).ends
    assert changed(every, agent, [agent], {"teams": ["north"]}, Fresh())


def test_a_pin_is_held_against_the_phone_that_the_account_has_then() -> None:
    admin, row = Admin("root"), UserRow("su", "supervisor", phone="1900", pin="hash of 8021")
    with pytest.raises(Refused, match="own number"):
        changed(admin, row, [row], {"pin": "8021", "phone": "8021"}, Fresh(pin="h"))
    with pytest.raises(Refused, match="set another PIN"):
        changed(admin, row, [row], {"phone": "8021"}, Fresh(tried=row.pin, clash=True))
    with pytest.raises(Refused, match="somebody else"):   # the PIN was changed while its hash was looked at
        changed(admin, row, [row], {"phone": "8021"}, Fresh(tried="hash of 4711"))
    assert changed(admin, row, [row], {"phone": "8022"}, Fresh(tried=row.pin)).values["phone"] == "8022"
    assert changed(admin, row, [row], {"phone": ""}, Fresh()).values == {"phone": ""}
    assert changed(admin, row, [row], {"pin": None, "phone": "8021"}, Fresh()).values["pin"] == ""
