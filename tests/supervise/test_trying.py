"""Passwords and PINs tried: what is counted, who waits, and that nothing tells which names are somebody's; over a real
store, on a clock of our own."""

import gevent
import pytest

from eslbot.store.accounts import AccountStore
from eslbot.supervise.access import Staff
from eslbot.supervise.accounts import NoCodes, NotLetIn, TooMany
from eslbot.supervise.lockout import FREE
from eslbot.supervise.passwords import Passwords
from eslbot.supervise.shown import shown
from eslbot.supervise.staffing import Staffing
from tests.supervise.web.rig import PASSWORD, QUICK, WebRig


def elsewhere(people):
    """As the command line: another process's way to the same store."""
    return AccountStore(people.url)


def written(people):
    with gevent.Timeout(30):   # it is written once it has been answered
        while "sign-in-failed" in people.greenlets.names:
            gevent.sleep(0.01)


def wrong(people, name, times):
    for _ in range(times):
        with pytest.raises(NotLetIn):
            people.accounts.sign_in(name, "wrong")


@pytest.mark.parametrize("name", ["lead", "nobody"])
def test_after_wrong_passwords_a_name_waits_longer_each_time_whether_it_is_somebodys_or_not(people, moment, name):
    wrong(people, name, FREE)
    waits = []
    for _ in range(3):
        with pytest.raises(TooMany) as refused:
            people.accounts.sign_in(name, PASSWORD)
        waits.append(refused.value.seconds)
        moment.now += refused.value.seconds
        wrong(people, name, 1)
    assert waits == sorted(set(waits))
    moment.now += 10_000
    if name == "lead":
        people.accounts.sign_in(name, PASSWORD)
        wrong(people, name, FREE - 1)   # counted anew
        people.accounts.sign_in(name, PASSWORD)


def test_a_lockout_outlives_a_restart(people, tmp_path, moment):
    wrong(people, "lead", FREE)
    written(people)
    assert elsewhere(people).user("lead").failures == FREE
    again = WebRig(tmp_path, clock=moment)
    try:
        with pytest.raises(TooMany):
            again.accounts.sign_in("lead", PASSWORD)
    finally:
        again.stop()


def test_a_name_that_is_nobodys_costs_as_much_hashing(people, monkeypatch):
    verified = []
    real = people.accounts.passwords.fits
    monkeypatch.setattr(people.accounts.passwords, "fits", lambda *args: verified.append(args) or real(*args))
    people.add("gone", Staff.ADMIN, disabled=True)
    people.add("keyless", Staff.AGENT, password="")
    said = set()
    for name in ("lead", "nobody", "gone", "keyless"):
        with pytest.raises(NotLetIn) as refused:
            people.accounts.sign_in(name, "wrong")
        said.add(str(refused.value))
    assert len(verified) == 4
    assert len(said) == 1


def test_what_was_typed_as_a_name_does_not_reach_the_audit(people):
    with pytest.raises(NotLetIn):
        people.accounts.sign_in(PASSWORD, PASSWORD, "10.0.0.7")
    [row] = people.audited
    assert (row.what, row.who, row.detail) == ("sign-in-failed", "nobody", "password, wrong, from 10.0.0.7")


def test_a_hash_of_weaker_parameters_is_made_anew_at_the_next_sign_in(people, monkeypatch):
    stronger = Passwords(time_cost=2, memory_kib=16)
    monkeypatch.setattr(people.accounts._trying, "_passwords", stronger)
    before = elsewhere(people).user("lead").password
    people.accounts.sign_in("lead", PASSWORD)
    after = elsewhere(people).user("lead").password
    assert before != after
    assert not stronger.outdated(after)
    people.accounts.sign_in("lead", PASSWORD)
    assert elsewhere(people).user("lead").password == after


def test_a_phone_is_somebody_with_their_pin_and_too_many_wrong_ones_are_not_tried(people, moment):
    assert people.accounts.by_phone("2001", "4711").name == "lead"
    assert people.accounts.by_phone("2001", "4711").number == "2001"
    assert people.accounts.by_phone("9999", "4711") is None
    for _ in range(FREE):
        with pytest.raises(NotLetIn):
            people.accounts.by_phone("2001", "0000")
    with pytest.raises(TooMany):
        people.accounts.by_phone("2001", "4711")
    people.accounts.sign_in("lead", PASSWORD)   # the phone's tries do not lock the page
    elsewhere(people).change("lead", disabled=True)
    with pytest.raises(NoCodes, match="disabled"):
        people.accounts.by_phone("2001", "4711")


def test_an_account_without_a_pin_is_let_in_by_no_phone(people):
    elsewhere(people).change("lead", pin="")
    for pin in ("", "4711"):
        with pytest.raises(NoCodes, match="no PIN") as refused:
            people.accounts.by_phone("2001", pin)
        assert refused.value.who == "account:lead"


def test_an_admin_of_another_process_ends_a_lockout_that_this_one_remembers(people):
    wrong(people, "lead", FREE)
    written(people)
    with pytest.raises(TooMany):
        people.accounts.sign_in("lead", PASSWORD)
    Staffing(elsewhere(people), QUICK, "root", lambda: 0.0).disable("lead", False)
    people.accounts.sign_in("lead", PASSWORD)


def test_wrong_pins_are_counted_by_the_store_and_end_with_another_pin(people, moment):
    for _ in range(FREE):
        with pytest.raises(NotLetIn):
            people.accounts.by_phone("2001", "0000")
    written(people)
    row = elsewhere(people).user("lead")
    assert (row.pin_failures, row.failures) == (FREE, 0)
    assert shown(row, moment())["codes"] == "locked"
    Staffing(elsewhere(people), QUICK, "root", lambda: 0.0).pin("lead", "90210")
    assert people.accounts.by_phone("2001", "90210").name == "lead"
