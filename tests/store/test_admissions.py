"""Sessions and tokens in a real database of each kind; what is audited stands or falls with the change."""

from eslbot.store.account_rows import SessionRow, TokenRow
from tests.store.people import LEAD, entry


def test_sessions_begin_end_and_go_with_their_account(accounts, audited):
    accounts.add(LEAD, entry("user-added"))
    accounts.change("lead", failures=7, locked=99.0)
    old, new, other = (SessionRow(name, "lead", at, at, until) for name, at, until in (
        ("a", 10.0, 20.0), ("b", 20.0, 90.0), ("c", 30.0, 90.0)))
    for row in (old, new, other):
        accounts.begin(row, entry("sign-in"))
    assert [row.id for row in accounts.sessions("lead")] == ["b", "c"]   # what had ended is gone
    row, user = accounts.session("b")
    assert (row, user.failures, user.locked, user.signed_in) == (new, 0, None, 30.0)
    accounts.seen("b", 25.0)
    assert accounts.session("b")[0].seen == 25.0
    assert accounts.change("lead", entry(), end_sessions=True)
    assert accounts.sessions() == []
    accounts.begin(new, entry("sign-in"))
    assert [row.id for row in accounts.sessions()] == ["b"]
    assert accounts.end("b", entry("sign-out"))
    assert not accounts.end("b", entry("sign-out"))
    accounts.begin(other, entry("sign-in"))
    assert accounts.remove("lead", entry("user-removed"))
    assert accounts.sessions() == []
    assert not accounts.remove("lead", entry("user-removed"))
    assert audited()[-3:] == ["sign-out", "sign-in", "user-removed"]


def test_tokens_are_found_by_their_digest_and_revoked_by_their_id(accounts):
    row = TokenRow("abc", "lead", "digest", "for", ("calls:see",), 1.0)
    assert not accounts.add_token(row, entry("token-made"))
    accounts.add(LEAD, entry("user-added"))
    assert accounts.add_token(row, entry("token-made"))
    accounts.token_used("abc", 3.0)
    found, user = accounts.token("digest")
    assert (found.used, found.scopes, user.name) == (3.0, ("calls:see",), "lead")
    assert accounts.revoke("abc", entry("token-revoked"))
    assert accounts.token("digest") is None
    assert not accounts.revoke("abc", entry("token-revoked"))
