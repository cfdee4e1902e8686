"""Accounts as an admin keeps them; what a command line says of refusals is tests/cli/test_users.py's."""

import pytest

from eslbot.store.accounts import AccountStore
from eslbot.store.ledger import Ledger
from eslbot.supervise.access import MAY, NoSuch, Staff
from eslbot.supervise.secrets import digest
from eslbot.supervise.shown import shown
from eslbot.supervise.staffing import Staffing
from eslbot.supervise.wire import Refused
from tests.supervise.web.rig import PASSWORD, QUICK

DAY = 86_400.0


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/eslbot.db"


@pytest.fixture
def staffing(url):
    store = AccountStore.made(url)
    yield Staffing(store, QUICK, "account:boss", lambda: 1000.0, careful=True)
    store.close()


def test_the_last_admin_who_can_sign_in_stays_one(staffing):
    staffing.add("boss", "admin", password=PASSWORD)
    staffing.add("keyless", "admin")   # cannot sign in
    for close in (lambda: staffing.disable("boss", True), lambda: staffing.remove("boss"),
                  lambda: staffing.role("boss", "auditor")):
        with pytest.raises(Refused, match="the last admin"):
            close()
    staffing.add("other", "admin", password=PASSWORD)
    staffing.role("boss", "auditor")
    with pytest.raises(Refused, match="the last admin"):
        staffing.disable("other", True)


def test_an_agent_who_becomes_a_supervisor_may_have_teams_and_one_who_becomes_an_agent_has_one(staffing):
    staffing.add("seat7", "agent", ["north"])
    staffing.role("seat7", "supervisor")
    staffing.teams("seat7", ["north", "south"])
    with pytest.raises(Refused, match="one team"):
        staffing.role("seat7", "agent")
    assert staffing.store.user("seat7").role == "supervisor"


def test_a_token_has_what_the_role_has_and_no_more(staffing):
    staffing.add("an", "auditor")
    row, secret = staffing.token("an", " proof ", (), DAY)
    assert set(row.scopes) == {permission.value for permission in MAY[Staff.AUDITOR]}
    assert (row.label, row.until, row.digest) == ("proof", 1000.0 + DAY, digest(secret))
    with pytest.raises(Refused, match="calls:act"):
        staffing.token("an", "", ["calls:act"], None)
    with pytest.raises(NoSuch):
        staffing.token("none", "", (), None)


def test_enabling_ends_a_lockout_and_disabling_ends_sessions(staffing):
    staffing.add("lead", "quality", password=PASSWORD)
    staffing.store.change("lead", failures=9, locked=5000.0)
    assert shown(staffing.store.user("lead"), 1000.0)["locked_for"] == 4000.0
    staffing.disable("lead", False)
    row = staffing.store.user("lead")
    assert (row.failures, row.locked) == (0, None)
    assert shown(row, 1000.0)["locked_for"] is None


def test_no_row_of_the_audit_has_a_number_or_a_secret(staffing, url):
    staffing.add("lead", "supervisor", ["north"], "13800138000", PASSWORD, "4711")
    staffing.phone("lead", "13900139000")
    staffing.pin("lead", "80085")
    staffing.password("lead", "another horse battery")
    _, token = staffing.token("lead", "", (), None)
    said = " ".join(f"{row.who} {row.subject} {row.detail} {row.reason}" for row in Ledger(url).rows())
    assert said.count("account:boss") == 5
    for secret in ("138", "139", "4711", "80085", "horse", token, token[-43:]):
        assert secret not in said
