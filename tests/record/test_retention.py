"""What expires when, and when a clock is believed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge import shipped
from eslbot.model.call import PURPOSES
from eslbot.record.retention import DAY, MINIMA, YEAR, Due, Rule, Rules, doubt, due, expired, next_of, rule
from eslbot.store.recording_rows import RecordingRow
from tests.store.test_rows import RECORDING

RULE = Rule(10 * DAY, "policy")
SHUT = replace(RECORDING, ended=RECORDING.started + 60, state="complete")


def test_without_a_period_nothing_expires() -> None:
    assert due([SHUT], rule(None, "", ["cn-marketing"]), ()) == []


def test_a_laws_minimum_makes_the_period_longer_and_says_how_sure_it_is() -> None:
    longer = rule(10 * DAY, "our policy", ["cn-marketing"])
    assert longer.seconds == 30 * DAY
    assert "MIIT notice 2020-06" in longer.basis
    assert "[S; verify before relying on it]" in longer.basis
    assert "our policy" in longer.basis
    assert rule(10 * DAY, "ours", ["cn-marketing", "us-telemarketing"]).seconds == 5 * YEAR


def test_an_admins_longer_period_or_word_stands() -> None:
    assert rule(31 * DAY, "ours", ["cn-marketing"]) == Rule(31 * DAY, "ours")
    assert rule(10 * DAY, "ours", ["cn-marketing"], below_minimum=True) == Rule(10 * DAY, "ours")
    assert rule(10 * DAY, "ours", ["my-pack"]) == Rule(10 * DAY, "ours")


def test_every_minimum_says_whence_it_comes() -> None:
    assert all(one.source and one.sure in "PSM" for one in MINIMA.values())


def test_a_calls_parts_expire_with_the_last_of_them() -> None:
    later = replace(SHUT, part=2, ended=RECORDING.started + 5000)
    [one] = due([SHUT, later], RULE, ())
    assert (one.call, one.at) == (RECORDING.call, RECORDING.started + 5000 + 10 * DAY)


def test_what_is_open_in_any_part_or_erased_has_no_end() -> None:
    assert due([SHUT, replace(RECORDING, part=2)], RULE, ()) == []
    assert due([replace(SHUT, state="erased")], RULE, ()) == []


@given(st.floats(0, 1e10), st.floats(0, 1e10))
def test_a_hold_beats_expiry_at_any_time(ended: float, now: float) -> None:
    found = due([replace(SHUT, ended=ended)], RULE, {SHUT.call})
    assert found[0].held
    assert expired(found, now) == []


@given(st.floats(1e9, 2e9), st.floats(-20 * DAY, 20 * DAY))
def test_nothing_expires_before_its_period_is_over(ended: float, off: float) -> None:
    row = replace(SHUT, started=ended - 60, ended=ended)
    assert bool(expired(due([row], RULE, ()), ended + 10 * DAY + off)) == (ended + 10 * DAY + off >= ended + 10 * DAY)


@pytest.mark.parametrize(("now", "witness", "newest", "says"), [
    (1e9, None, None, ""),
    (1e9, 1e9 - 3600, None, ""),
    (1e9, 1e9 + 3500, None, ""),
    (1e9, 1e9 - DAY + 1, 5.0, ""),
    (1e9, 1e9 + 3700, None, "1.0 h behind"),
    (1e9, 1e9 - DAY - 3600, None, "1.0 days ahead"),
    (1e9, None, 1e9 - 40 * DAY, "40.0 days ahead"),
    (1e9, None, 1e9 - DAY / 2, ""),
])
def test_a_clock_is_believed_where_it_was_seen_right_a_day_ago(
        now: float, witness: float | None, newest: float | None, says: str) -> None:
    found = doubt(now, witness, newest)
    assert says in found
    assert bool(found) == bool(says)


def test_a_laws_minimum_counts_for_the_calls_that_it_is_about() -> None:
    packs = ["us-telemarketing", "us-debt"]
    assert rule(10 * DAY, "ours", packs, purpose="collection").seconds == 3 * YEAR
    assert rule(10 * DAY, "ours", packs, purpose="marketing").seconds == 5 * YEAR
    assert rule(10 * DAY, "ours", packs, purpose="survey") == Rule(10 * DAY, "ours")
    assert rule(10 * DAY, "ours", packs).seconds == 5 * YEAR
    assert {one.purpose for one in MINIMA.values()} <= set(PURPOSES)
    assert set(MINIMA) <= set(shipped()), "a law of a pack that nobody ships"


RULES = Rules(RULE, {"collection": Rule(3 * DAY, "debts"), "survey": Rule(None, "for ever")})


def test_a_call_is_kept_as_long_as_what_it_was_for_asks() -> None:
    def named(call: str) -> RecordingRow:
        return replace(SHUT, call=call)

    rows = [named("a"), named("b"), named("c"), named("d")]
    found = due(rows, RULES, {"b"}, {"b": "collection", "c": "survey", "d": "marketing"})
    assert [(one.call, one.at - SHUT.ended, one.basis, one.held, one.purpose) for one in found] == [
        ("b", 3 * DAY, "debts", True, "collection"), ("a", 10 * DAY, "policy", False, ""),
        ("d", 10 * DAY, "policy", False, "marketing")]


def test_what_goes_next_is_told_by_purpose_with_its_basis() -> None:
    found = [Due("a", 100.0, "policy", False), Due("b", 300.0, "policy", True, "marketing"),
             Due("c", 400.0, "policy", False, "marketing"), Due("d", 250.0, "debts", False, "collection")]
    others, collection, survey = next_of(found, RULES, 200.0)
    assert others == {
        "purpose": "", "period": 10 * DAY, "basis": "policy", "recordings": 3, "over": 1, "held": 1,
        "next": {"call": "c", "expires": 400.0}}
    assert collection["next"] == {"call": "d", "expires": 250.0}
    assert (collection["basis"], collection["over"]) == ("debts", 0)
    assert (survey["period"], survey["recordings"], survey["next"]) == (None, 0, None)
