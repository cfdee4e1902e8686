"""Accounts from the command line, nobody running: over a real store, with what the audit has of it."""

import io

import pytest

from eslbot.config import load
from eslbot.store import Ledger
from eslbot.store.accounts import AccountStore
from eslbot.supervise.passwords import Passwords

PASSWORD = "correct horse battery"


@pytest.fixture
def typed(monkeypatch):
    """What comes in on standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.fixture
def users(made, eslbot, typed):
    def run(*arguments, stdin=PASSWORD + "\n"):
        typed(stdin)
        return eslbot("users", *arguments, "-c", made)

    return run


def store(made):
    return AccountStore(load(made, {}, secrets=False).store.url)


def test_the_first_admin_is_made_before_anything_ran_and_the_password_stands_nowhere(made, users):
    assert users("add", "lead", "--role", "admin", "--password-stdin").out == "lead: admin, sees everybody\n"
    row = store(made).user("lead")
    assert row.must_change
    assert Passwords().fits(row.password, PASSWORD)
    assert not any(PASSWORD.encode() in file.read_bytes() for file in made.parent.glob("eslbot.db*"))
    assert users("list", "--json").json[0]["role"] == "admin"


def test_an_account_is_changed_and_each_change_is_audited_without_a_number_or_a_secret(made, users):
    users("add", "seat7", "--role", "agent", "--team", "north", "--phone", "1001", "--no-password")
    assert users("phone", "seat7", "13800138000").code == 0
    assert users("pin", "seat7", "--pin-stdin", stdin="4711\n").code == 0
    assert users("password", "seat7", "--password-stdin", "--no-must-change").code == 0
    assert users("role", "seat7", "supervisor").code == 0
    assert users("team", "seat7", "south", "west").code == 0
    assert users("language", "seat7", "en").out == "seat7: en\n"
    assert users("disable", "seat7").code == 0
    shown = users("show", "seat7", "--json").json
    assert (shown["role"], shown["teams"], shown["phone"], shown["pin"]) == (
        "supervisor", ["south", "west"], "13800138000", True)
    assert shown["language"] == "en"
    assert shown["disabled"]
    assert users("language", "seat7").out == "seat7: as the browser\n"
    assert users("enable", "seat7").code == 0
    assert users("remove", "seat7").code == 0
    assert users("list").out.startswith("no account yet")
    rows = list(Ledger(load(made, {}, secrets=False).store.url).rows())
    assert [(row.what, row.subject, row.detail) for row in rows] == [
        ("user-added", "seat7", "agent, north"), ("user-changed", "seat7", "phone"), ("user-changed", "seat7", "PIN"),
        ("user-changed", "seat7", "password"), ("user-changed", "seat7", "role agent to supervisor"),
        ("user-changed", "seat7", "teams south west"), ("user-changed", "seat7", "language en"),
        ("user-changed", "seat7", "disabled"), ("user-changed", "seat7", "language of the browser"),
        ("user-changed", "seat7", "enabled"), ("user-removed", "seat7", ""),
    ]


def test_an_account_whose_phone_is_let_in_nowhere_says_why_and_how_to_mend_it(users):
    made = users("add", "su", "--role", "supervisor", "--phone", "2001", "--no-password")
    assert "eslbot users pin su" in made.err
    assert "users pin su" in users("show", "su").out
    assert [row["codes"] for row in users("list", "--json").json] == ["no PIN"]
    users("pin", "su", "--pin-stdin", stdin="408162\n")
    assert "feature codes: ready" in users("show", "su").out
    assert "ready" in users("list").out
    refused = users("phone", "su", "408162")
    assert (refused.code, "set another PIN" in refused.err) == (1, True)
    assert users("pin", "su", "--none").out == "su: no PIN\n"
    assert "feature codes: refused" in users("show", "su").out
    users("add", "seat7", "--role", "agent", "--phone", "1001", "--no-password")
    assert users("show", "seat7", "--json").json["codes"] is None


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (("add", "Lead One", "--role", "admin", "--no-password"), "", "a name is"),
        (("add", "lead", "--role", "admin", "--no-password", "--language", "fr"), "", "'fr' is no language"),
        (("add", "lead", "--role", "boss", "--no-password"), "", "no role"),
        (("add", "lead", "--role", "admin", "--password-stdin"), "short\n", "10 to 256"),
        (("add", "lead", "--role", "admin", "--password-stdin"), "weiweiweiwei\n", "one's name"),
        (("add", "lead", "--role", "agent", "--team", "a", "--team", "b", "--no-password"), "", "one team"),
        (("add", "lead", "--role", "agent", "--phone", "1001; drop", "--no-password"), "", "a phone is"),
        (("add", "here", "--role", "admin", "--no-password"), "", "already"),
        (("add", "lead", "--role", "agent", "--phone", "1000", "--no-password"), "", "the one of here"),
        (("pin", "here", "--pin-stdin"), "1234\n", "in their order"),
        (("pin", "here", "--pin-stdin"), "1000\n", "phone's own number"),
        (("disable", "nobody"), "", "no account 'nobody'"),
        (("token", "new", "here", "--scope", "users:everything"), "", "users:everything"),
        (("token", "revoke", "none"), "", "no token"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(users, arguments, stdin, said):
    users("add", "here", "--role", "auditor", "--phone", "1000", "--no-password")
    refused = users(*arguments, stdin=stdin)
    assert refused.code == 1
    assert said in refused.err
    assert refused.err.count("\n") == 1


def test_a_password_is_asked_for_at_a_terminal_only(users):
    refused = users("add", "lead", "--role", "admin")
    assert refused.code == 2
    assert "--password-stdin" in refused.err
