"""Who gets in, for how long, and after how many tries; over a real store, on a clock of our own."""

import gevent
import pytest

from eslbot.store.account_rows import TokenRow
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from eslbot.store.engine import StoreProblem
from eslbot.supervise import accounts as module
from eslbot.supervise.access import Permission, Staff
from eslbot.supervise.accounts import AccountOptions, NotLetIn, TooMany
from eslbot.supervise.lockout import FREE
from eslbot.supervise.passwords import Passwords
from tests.supervise.web.rig import PASSWORD, QUICK, WebRig


class Time:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def rig(tmp_path, time, monkeypatch):
    monkeypatch.setattr(module, "FRESH", 0.0)
    rig = WebRig(tmp_path, lasting=AccountOptions(idle=100.0, absolute=1000.0), clock=time)
    rig.add("wei", Staff.SUPERVISOR, ["north"], phone="2001", pin=QUICK.hash("4711"))
    yield rig
    rig.stop()
    assert rig.failures == []


def elsewhere(rig):
    """As the command line: another process's way to the same store."""
    return AccountStore(rig.url)


def wrong(rig, name, times):
    for _ in range(times):
        with pytest.raises(NotLetIn):
            rig.accounts.sign_in(name, "wrong")


def test_a_session_ends_when_it_is_not_used_and_at_its_time_however_much_it_is(rig, time):
    secret = rig.accounts.sign_in("wei", PASSWORD)
    for _ in range(11):
        time.now += 90.0
        assert rig.accounts.session(secret).person.name == "wei"
    time.now += 90.0
    assert rig.accounts.session(secret) is None   # 1080 s: in use all the time
    secret = rig.accounts.sign_in("wei", PASSWORD)
    time.now += 100.0
    assert rig.accounts.session(secret) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.change("wei", disabled=True),
        lambda store: store.change("wei", Entry("user-changed", "t"), end_sessions=True, password="x"),
        lambda store: store.end_all("wei", Entry("sign-out", "t")),
        lambda store: store.remove("wei", Entry("user-removed", "t")),
    ],
    ids=["disabled", "password", "signed out", "removed"],
)
def test_what_another_process_ends_lets_nobody_in_any_more(rig, change):
    secret = rig.accounts.sign_in("wei", PASSWORD)
    assert rig.accounts.session(secret) is not None
    change(elsewhere(rig))
    assert rig.accounts.session(secret) is None


def test_a_role_that_changed_is_the_one_that_counts(rig):
    secret = rig.accounts.sign_in("wei", PASSWORD)
    elsewhere(rig).change("wei", role="auditor", teams=())
    person = rig.accounts.session(secret).person
    assert (person.role, person.teams) == (Staff.AUDITOR, None)


def test_while_the_store_is_away_who_is_in_stays_in_and_nobody_else_comes(rig, monkeypatch):
    secret = rig.accounts.sign_in("wei", PASSWORD)
    assert rig.accounts.session(secret) is not None

    def away(*_):
        raise StoreProblem("away")

    for name in ("session", "user", "seen"):
        monkeypatch.setattr(rig.accounts._store, name, away)
    monkeypatch.setitem(rig.accounts._known, "x", (0.0, None))
    assert rig.accounts._remembered(module.secrets.digest(secret), away) is not None
    with pytest.raises(StoreProblem):
        rig.accounts.sign_in("wei", PASSWORD)


@pytest.mark.parametrize("name", ["wei", "nobody"])
def test_after_wrong_passwords_a_name_waits_longer_each_time_whether_it_is_somebodys_or_not(rig, time, name):
    wrong(rig, name, FREE)
    waits = []
    for _ in range(3):
        with pytest.raises(TooMany) as refused:
            rig.accounts.sign_in(name, PASSWORD)
        waits.append(refused.value.seconds)
        time.now += refused.value.seconds
        wrong(rig, name, 1)
    assert waits == sorted(set(waits))
    time.now += 10_000
    if name == "wei":
        rig.accounts.sign_in(name, PASSWORD)
        wrong(rig, name, FREE - 1)   # counted anew
        rig.accounts.sign_in(name, PASSWORD)


def test_a_lockout_outlives_a_restart(rig, tmp_path, time):
    wrong(rig, "wei", FREE)
    with gevent.Timeout(10):   # it is written once it has been answered
        while "sign-in-failed" in rig.greenlets.names:
            gevent.sleep(0.01)
    assert elsewhere(rig).user("wei").failures == FREE
    again = WebRig(tmp_path, clock=time)
    try:
        with pytest.raises(TooMany):
            again.accounts.sign_in("wei", PASSWORD)
    finally:
        again.stop()


def test_a_name_that_is_nobodys_costs_as_much_hashing(rig, monkeypatch):
    verified = []
    real = rig.accounts.passwords.fits
    monkeypatch.setattr(rig.accounts.passwords, "fits", lambda *args: verified.append(args) or real(*args))
    rig.add("gone", Staff.ADMIN, disabled=True)
    rig.add("keyless", Staff.AGENT, password="")
    said = set()
    for name in ("wei", "nobody", "gone", "keyless"):
        with pytest.raises(NotLetIn) as refused:
            rig.accounts.sign_in(name, "wrong")
        said.add(str(refused.value))
    assert len(verified) == 4
    assert len(said) == 1


def test_what_was_typed_as_a_name_does_not_reach_the_audit(rig):
    with pytest.raises(NotLetIn):
        rig.accounts.sign_in(PASSWORD, PASSWORD, "10.0.0.7")
    [row] = rig.audited
    assert (row.what, row.who, row.detail) == ("sign-in-failed", "nobody", "password, wrong, from 10.0.0.7")


def test_a_hash_of_weaker_parameters_is_made_anew_at_the_next_sign_in(rig, monkeypatch):
    stronger = Passwords(time_cost=2, memory_kib=16)
    monkeypatch.setattr(rig.accounts, "passwords", stronger)
    before = elsewhere(rig).user("wei").password
    rig.accounts.sign_in("wei", PASSWORD)
    after = elsewhere(rig).user("wei").password
    assert before != after
    assert not stronger.outdated(after)
    rig.accounts.sign_in("wei", PASSWORD)
    assert elsewhere(rig).user("wei").password == after


def test_a_phone_is_somebody_with_their_pin_and_too_many_wrong_ones_are_not_tried(rig, time):
    assert rig.accounts.by_phone("2001", "4711").name == "wei"
    assert rig.accounts.by_phone("2001", "4711").number == "2001"
    assert rig.accounts.by_phone("9999", "4711") is None
    for _ in range(FREE):
        with pytest.raises(NotLetIn):
            rig.accounts.by_phone("2001", "0000")
    with pytest.raises(TooMany):
        rig.accounts.by_phone("2001", "4711")
    rig.accounts.sign_in("wei", PASSWORD)   # the phone's tries do not lock the page
    elsewhere(rig).change("wei", disabled=True)
    assert rig.accounts.by_phone("2001", "4711") is None


def test_a_token_is_of_its_account_as_that_is_now(rig, time):
    headers = rig.token("wei", Permission.SEE, until=time() + 50)
    secret = headers["Authorization"].removeprefix("Bearer ")
    person = rig.accounts.token(secret)
    assert (person.who, person.via, person.scopes) == ("account:wei", "token", {Permission.SEE})
    assert rig.accounts.token(secret[:-1] + ("A" if secret[-1] != "A" else "B")) is None
    time.now += 50
    assert rig.accounts.token(secret) is None
    row = TokenRow("odd", "wei", module.secrets.digest("x"), scopes=("calls:see", "of:tomorrow"))
    elsewhere(rig).add_token(row, Entry("token-made", "t"))
    assert rig.accounts.token("x") is None   # no token's form: not even looked up


def test_the_roster_follows_the_store(rig):
    told = []
    rig.accounts.roster.on_change(lambda: told.append(1))
    rig.add("lin", Staff.AGENT, ["south"], phone="1001")
    member = rig.accounts.roster.by_phone("1001")
    assert (member.name, member.team) == ("lin", "south")
    rig.accounts.run(lambda store: store.change("lin", disabled=True))
    assert rig.accounts.roster.by_phone("1001") is None
    assert rig.accounts.roster.get("lin").disabled
    assert len(told) == 2
