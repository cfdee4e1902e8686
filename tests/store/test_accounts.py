"""Accounts in a real database of each kind; what is audited stands or falls with the change."""

import pytest
from sqlalchemy import text

from eslbot.store.account_rows import UserRow
from eslbot.store.accounts import AccountStore, Taken
from eslbot.store.engine import StoreProblem, engine_of
from tests.store.people import LEAD, entry


def test_a_row_comes_back_as_it_was(accounts):
    accounts.add(LEAD, entry("user-added"))
    assert accounts.user("lead") == accounts.user_of_phone("2001") == accounts.users()[0] == LEAD
    assert accounts.user("none") is None
    assert accounts.user_of_phone("") is None


def test_a_name_and_a_phone_are_one_accounts_own_and_what_is_refused_is_not_audited(accounts, audited):
    accounts.add(LEAD, entry("user-added"))
    with pytest.raises(Taken, match="an account lead already"):
        accounts.add(LEAD, entry("user-added"))
    with pytest.raises(Taken, match="the one of lead"):
        accounts.add(UserRow("seat7", "agent", phone="2001"), entry("user-added"))
    accounts.add(UserRow("seat7", "agent", phone="2002"), entry("user-added"))
    with pytest.raises(Taken):
        accounts.change("seat7", entry(), phone="2001", role="admin")
    assert accounts.user("seat7").role == "agent"
    assert accounts.change("lead", entry(), phone="2001")   # one's own again
    assert not accounts.change("none", entry(), role="admin")
    assert audited() == ["user-added", "user-added", "user-changed"]


def test_where_the_audit_cannot_be_written_nothing_is_changed(accounts, url):
    accounts.add(LEAD, entry("user-added"))
    with engine_of(url).begin() as connection:
        connection.execute(text("alter table audit rename to gone"))
    with pytest.raises(StoreProblem):
        accounts.change("lead", entry(), role="admin")
    assert accounts.user("lead").role == "supervisor"


def test_a_store_is_made_where_none_is_and_opened_where_one_is(url):
    with pytest.raises(StoreProblem):
        AccountStore(url)
    AccountStore.made(url).close()
    AccountStore(url).close()
