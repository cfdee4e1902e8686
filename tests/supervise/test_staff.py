"""Accounts as the web's admins keep them: who may, and what is refused; what an account may be is test_staffing's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eslbot.supervise.access import Denied, NoSuch, Permission, Person
from eslbot.supervise.access import Staff as Role
from eslbot.supervise.staff import Staff
from eslbot.supervise.wire import Refused
from tests.supervise.web.rig import PASSWORD, WebRig

ADMIN = Person("boss", Role.ADMIN, "session")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[WebRig]:
    rig = WebRig(tmp_path)
    rig.add("boss")
    yield rig
    rig.stop()


@pytest.fixture
def staff(rig: WebRig) -> Staff:
    return Staff(rig.accounts, rig.clock)


def test_every_verb_is_an_admins_alone(staff: Staff) -> None:
    for role in Role:
        if role is not Role.ADMIN:
            for handler in staff.handlers.values():
                with pytest.raises(Denied):
                    handler({"name": "boss", "id": "x"}, Person("x", role, "session"))


def test_the_last_admin_stays_one(staff: Staff) -> None:
    for change in ({"disabled": True}, {"role": "agent"}):
        with pytest.raises(Refused):
            staff.change({"name": "boss", **change}, ADMIN)
    with pytest.raises(Refused):
        staff.remove({"name": "boss"}, ADMIN)
    assert staff.user({"name": "boss"}, ADMIN)["role"] == "admin"


def test_a_token_is_told_when_it_is_made_and_in_no_list(staff: Staff) -> None:
    made = staff.token_new({"name": "boss", "scopes": ["calls:see"], "days": 1}, ADMIN)
    listed = staff.tokens({}, ADMIN)
    assert made["token"] not in str(listed)
    assert [one["id"] for one in listed["tokens"]] == [made["id"]]
    staff.token_revoke({"id": made["id"]}, ADMIN)
    assert staff.tokens({}, ADMIN) == {"tokens": []}


def test_a_token_makes_nobody_who_may_more_than_it_may(rig: WebRig, staff: Staff) -> None:
    rig.add("seat7", Role.AGENT, ["north"])
    narrow = Person("boss", Role.ADMIN, "token", scopes=frozenset({Permission.USERS, Permission.MASK}))
    for verb, args in (
        ("token_new", {"name": "boss"}), ("token_new", {"name": "boss", "scopes": ["recordings:play"]}),
        ("user_add", {"name": "mine", "role": "admin", "password": PASSWORD}),
        ("user_change", {"name": "boss", "password": PASSWORD}),
        ("user_change", {"name": "seat7", "role": "supervisor"}),
        ("user_change", {"name": "boss", "phone": "1901", "pin": "408162"}),
    ):
        with pytest.raises(Denied, match="nobody gives more"):
            staff.handlers[verb](args, narrow)
    assert [row["name"] for row in staff.users({}, ADMIN)["users"]] == ["boss", "seat7"]
    assert staff.tokens({}, ADMIN) == {"tokens": []}
    assert staff.add({"name": "seat8", "role": "agent", "phone": "1002"}, narrow)["role"] == "agent"
    assert staff.token_new({"name": "boss", "scopes": ["calls:mask"], "days": 1}, narrow)["scopes"] == ["calls:mask"]


def test_nobody_is_found_under_another_name(staff: Staff) -> None:
    with pytest.raises(NoSuch, match="none"):
        staff.user({"name": "none"}, ADMIN)
