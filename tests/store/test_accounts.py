"""Accounts, sessions and tokens in a real database of each kind; what is audited stands or falls with the change."""

import pytest
from sqlalchemy import text

from eslbot.store.account_rows import SessionRow, TokenRow, UserRow
from eslbot.store.accounts import AccountStore, Taken
from eslbot.store.chain import Entry, walk
from eslbot.store.engine import StoreProblem, engine_of
from eslbot.store.ledger import Ledger

LEAD = UserRow("lead", "supervisor", ("north", "south"), "2001", "hash", "pin", created=5.0)


def entry(what="user-changed"):
    return Entry(what, "test", subject="lead")


@pytest.fixture
def store(url):
    store = AccountStore.made(url, lambda: 7.0)
    yield store
    store.close()


@pytest.fixture
def audited(url):
    """What the chain holds, whole."""

    def read():
        rows = list(Ledger(url).rows())
        assert walk(rows).fault is None
        return [row.what for row in rows]

    return read


def test_a_row_comes_back_as_it_was(store):
    store.add(LEAD, entry("user-added"))
    assert store.user("lead") == store.user_of_phone("2001") == store.users()[0] == LEAD
    assert store.user("none") is None
    assert store.user_of_phone("") is None


def test_a_name_and_a_phone_are_one_accounts_own_and_what_is_refused_is_not_audited(store, audited):
    store.add(LEAD, entry("user-added"))
    with pytest.raises(Taken, match="an account lead already"):
        store.add(LEAD, entry("user-added"))
    with pytest.raises(Taken, match="the one of lead"):
        store.add(UserRow("seat7", "agent", phone="2001"), entry("user-added"))
    store.add(UserRow("seat7", "agent", phone="2002"), entry("user-added"))
    with pytest.raises(Taken):
        store.change("seat7", entry(), phone="2001", role="admin")
    assert store.user("seat7").role == "agent"
    assert store.change("lead", entry(), phone="2001")   # one's own again
    assert not store.change("none", entry(), role="admin")
    assert audited() == ["user-added", "user-added", "user-changed"]


def test_where_the_audit_cannot_be_written_nothing_is_changed(store, url):
    store.add(LEAD, entry("user-added"))
    with engine_of(url).begin() as connection:
        connection.execute(text("alter table audit rename to gone"))
    with pytest.raises(StoreProblem):
        store.change("lead", entry(), role="admin")
    assert store.user("lead").role == "supervisor"


def test_sessions_begin_end_and_go_with_their_account(store, audited):
    store.add(LEAD, entry("user-added"))
    store.change("lead", failures=7, locked=99.0)
    old, new, other = (SessionRow(name, "lead", at, at, until) for name, at, until in (
        ("a", 10.0, 20.0), ("b", 20.0, 90.0), ("c", 30.0, 90.0)))
    for row in (old, new, other):
        store.begin(row, entry("sign-in"))
    assert [row.id for row in store.sessions("lead")] == ["b", "c"]   # what had ended is gone
    row, user = store.session("b")
    assert (row, user.failures, user.locked, user.signed_in) == (new, 0, None, 30.0)
    store.seen("b", 25.0)
    assert store.session("b")[0].seen == 25.0
    assert store.change("lead", entry(), end_sessions=True, keep="b")
    assert [row.id for row in store.sessions()] == ["b"]
    assert store.end("b", entry("sign-out"))
    assert not store.end("b", entry("sign-out"))
    store.begin(other, entry("sign-in"))
    assert store.remove("lead", entry("user-removed"))
    assert store.sessions() == []
    assert not store.remove("lead", entry("user-removed"))
    assert audited()[-3:] == ["sign-out", "sign-in", "user-removed"]


def test_tokens_are_found_by_their_digest_and_revoked_by_their_id(store):
    row = TokenRow("abc", "lead", "digest", "for", ("calls:see",), 1.0)
    assert not store.add_token(row, entry("token-made"))
    store.add(LEAD, entry("user-added"))
    assert store.add_token(row, entry("token-made"))
    store.token_used("abc", 3.0)
    found, user = store.token("digest")
    assert (found.used, found.scopes, user.name) == (3.0, ("calls:see",), "lead")
    assert store.revoke("abc", entry("token-revoked"))
    assert store.token("digest") is None
    assert not store.revoke("abc", entry("token-revoked"))


def test_a_store_is_made_where_none_is_and_opened_where_one_is(url):
    with pytest.raises(StoreProblem):
        AccountStore(url)
    AccountStore.made(url).close()
    AccountStore(url).close()
