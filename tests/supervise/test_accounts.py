"""Who gets in, for how long, and after how many tries; over a real store, on a clock of our own."""

import pytest

from eslbot.store.account_rows import TokenRow
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from eslbot.store.engine import StoreProblem
from eslbot.supervise import accounts as module
from eslbot.supervise.access import Permission, Staff
from eslbot.supervise.accounts import NotLetIn
from eslbot.supervise.passwords import Weak
from tests.supervise.web.rig import PASSWORD

FRESH = "another horse battery"


def elsewhere(people):
    """As the command line: another process's way to the same store."""
    return AccountStore(people.url)


def test_a_session_ends_when_it_is_not_used_and_at_its_time_however_much_it_is(people, moment):
    secret = people.accounts.sign_in("lead", PASSWORD)
    for _ in range(11):
        moment.now += 90.0
        assert people.accounts.session(secret).person.name == "lead"
    moment.now += 90.0
    assert people.accounts.session(secret) is None   # 1080 s: in use all the moment
    secret = people.accounts.sign_in("lead", PASSWORD)
    moment.now += 59.0   # too soon to tell the store of it, and a use all the same
    assert people.accounts.session(secret) is not None
    moment.now += 59.0
    assert people.accounts.session(secret) is not None
    moment.now += 100.0
    assert people.accounts.session(secret) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.change("lead", disabled=True),
        lambda store: store.change("lead", Entry("user-changed", "t"), end_sessions=True, password="x"),
        lambda store: store.end_all("lead", Entry("sign-out", "t")),
        lambda store: store.remove("lead", Entry("user-removed", "t")),
    ],
    ids=["disabled", "password", "signed out", "removed"],
)
def test_what_another_process_ends_lets_nobody_in_any_more(people, change):
    secret = people.accounts.sign_in("lead", PASSWORD)
    assert people.accounts.session(secret) is not None
    change(elsewhere(people))
    assert people.accounts.session(secret) is None


def test_a_changed_password_ends_every_session_and_who_changed_it_goes_on_with_another(people):
    stolen = people.accounts.sign_in("lead", PASSWORD)
    other = people.accounts.sign_in("lead", PASSWORD)
    signed_in = people.accounts.session(stolen)
    with pytest.raises(Weak, match="the old one"):
        people.accounts.change_password(signed_in, PASSWORD, PASSWORD)
    with pytest.raises(NotLetIn):
        people.accounts.change_password(signed_in, "wrong", FRESH)
    assert people.accounts.session(other) is not None
    fresh = people.accounts.change_password(signed_in, PASSWORD, FRESH)
    assert people.accounts.session(stolen) is people.accounts.session(other) is None
    assert people.accounts.session(fresh).person.name == "lead"


@pytest.mark.parametrize(
    "meanwhile", [{"password": "another"}, {"disabled": True}], ids=["another password", "disabled"])
def test_a_password_that_was_right_a_moment_ago_lets_nobody_in(people, monkeypatch, meanwhile):
    real = people.accounts._trying.right

    def slow(*args):
        user = real(*args)
        elsewhere(people).change("lead", Entry("user-changed", "t"), end_sessions=True, **meanwhile)
        return user

    monkeypatch.setattr(people.accounts._trying, "right", slow)
    with pytest.raises(NotLetIn):
        people.accounts.sign_in("lead", PASSWORD)
    assert elsewhere(people).sessions("lead") == []


def test_a_role_that_changed_is_the_one_that_counts(people):
    secret = people.accounts.sign_in("lead", PASSWORD)
    elsewhere(people).change("lead", role="auditor", teams=())
    person = people.accounts.session(secret).person
    assert (person.role, person.teams) == (Staff.AUDITOR, None)


def test_while_the_store_is_away_who_is_in_stays_in_and_nobody_else_comes(people, monkeypatch):
    secret = people.accounts.sign_in("lead", PASSWORD)
    assert people.accounts.session(secret) is not None

    def away(*_):
        raise StoreProblem("away")

    for name in ("sessions_of", "user", "seen"):
        monkeypatch.setattr(people.accounts._store, name, away)
    assert people.accounts.session(secret) is not None
    assert people.accounts.session(secret, goes_on=True) is not None
    assert people.accounts.remembers(secret)
    assert not people.accounts.remembers("another")
    with pytest.raises(StoreProblem):
        people.accounts.sign_in("lead", PASSWORD)


def test_a_token_is_of_its_account_as_that_is_now(people, moment):
    headers = people.token("lead", Permission.SEE, until=moment() + 50)
    secret = headers["Authorization"].removeprefix("Bearer ")
    person = people.accounts.token(secret)
    assert (person.who, person.via, person.scopes) == ("account:lead", "token", {Permission.SEE})
    assert people.accounts.token(secret[:-1] + ("A" if secret[-1] != "A" else "B")) is None
    moment.now += 50
    assert people.accounts.token(secret) is None
    row = TokenRow("odd", "lead", module.secrets.digest("x"), scopes=("calls:see", "of:tomorrow"))
    elsewhere(people).add_token(row, Entry("token-made", "t"))
    assert people.accounts.token("x") is None   # no token's form: not even looked up


def test_the_roster_follows_the_store(people):
    told = []
    people.accounts.roster.on_change(lambda: told.append(1))
    people.add("seat7", Staff.AGENT, ["south"], phone="1001")
    member = people.accounts.roster.by_phone("1001")
    assert (member.name, member.team) == ("seat7", "south")
    people.accounts.run(lambda store: store.change("seat7", disabled=True))
    assert people.accounts.roster.by_phone("1001") is None
    assert people.accounts.roster.get("seat7").disabled
    assert len(told) == 2
