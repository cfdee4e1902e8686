"""Who may contest what and until when, who may decide, and what a decision teaches."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.improve import appeals
from eslbot.improve.appeals import AFTER, TOUCHING, Step, bar_deciding, bar_filing, bar_withdrawing
from eslbot.improve.labels import Label
from eslbot.store.appeal_rows import OPEN, REJECTED, UPHELD, WITHDRAWN, AppealRow
from eslbot.store.rows import ViolationRow

DAY = 86_400.0
AT = 1_795_000_000.0
HIT = "aaaaaaaa-0000-4000-8000-000000000001/agent/3/promise/0"
MISSED = "aaaaaaaa-0000-4000-8000-000000000001/agent/-1/notice/0"
VIOLATION = ViolationRow(HIT, HIT[:36], AT, "promise", "稳赚", "p", "1", "severe", "final", "agent", 3, 0, 8000, 9000,
                         agent="seat7", team="north")
ROW = AppealRow("id", HIT, HIT[:36], 1, AT + DAY, "seat7", "north", AT + 8 * DAY)


def code(bar: appeals.Bar | None) -> str:
    return "" if bar is None else bar.code


def test_every_state_but_open_is_an_end_and_none_is_reached_twice() -> None:
    assert {(state, step) for state, step in product(("", OPEN, WITHDRAWN, UPHELD, REJECTED), Step)
            if (state, step) in AFTER} == {
        ("", Step.FILE), (OPEN, Step.WITHDRAW), (OPEN, Step.UPHOLD), (OPEN, Step.REJECT)}


@pytest.mark.parametrize(("row", "now", "more", "expected"), [
    (None, AT, {}, ""),
    (None, AT + 14 * DAY, {}, ""),
    (None, AT + 14 * DAY + 1, {}, "late"),
    (None, AT, {"up": True}, "up"),
    (None, AT, {"gone": True}, "erased"),
    *[(replace(ROW, state=state), AT, {}, "again") for state in (OPEN, WITHDRAWN, UPHELD, REJECTED)],
])
def test_a_violation_is_contested_once_in_time_when_its_call_is_over(
    row: AppealRow | None, now: float, more: dict[str, bool], expected: str,
) -> None:
    assert code(bar_filing(VIOLATION, row, now, 14 * DAY, **more)) == expected


def test_what_was_taken_back_is_not_contested_and_who_comes_late_is_told_until_when_it_was() -> None:
    assert code(bar_filing(replace(VIOLATION, retracted=AT), None, AT, DAY)) == "retracted"
    late = bar_filing(VIOLATION, None, AT + 2 * DAY, DAY)
    assert late is not None
    assert late.text.endswith("until 2026-11-19 11:06 UTC")


@pytest.mark.parametrize(("account", "deeds", "expected"), [
    ("qa", [], ""), ("", [], ""), ("qa", ["play", "export", "appeal-decided", "hold"], ""),
    ("seat7", [], "own"), ("qa", ["play", "listen"], "acted"), ("", ["mute"], "acted"),
])
def test_nobody_decides_the_own_appeal_or_one_of_a_call_they_acted_in(
    account: str, deeds: list[str], expected: str,
) -> None:
    assert code(bar_deciding(ROW, account, deeds)) == expected
    for state in (UPHELD, REJECTED, WITHDRAWN):
        assert code(bar_deciding(replace(ROW, state=state, closed=AT), account, deeds)) == "closed"


@given(st.sets(st.sampled_from(sorted(TOUCHING)), min_size=1))
def test_whatever_it_was_that_somebody_did_is_named_to_them(deeds: set[str]) -> None:
    bar = bar_deciding(ROW, "qa", deeds)
    assert bar is not None
    assert all(deed in bar.text for deed in deeds)


def test_only_what_is_open_is_withdrawn() -> None:
    assert bar_withdrawing(ROW) is None
    assert [code(bar_withdrawing(replace(ROW, state=state))) for state in (UPHELD, REJECTED, WITHDRAWN)] == [
        "closed"] * 3


def test_overdue_is_what_should_have_been_answered() -> None:
    assert appeals.overdue([1.0, 2.0, 3.0], 2.0) == 1


@pytest.mark.parametrize(("state", "right"), [(UPHELD, False), (REJECTED, True)])
def test_a_decision_is_a_label_that_replay_takes(state: str, right: bool) -> None:
    told = appeals.label(replace(ROW, state=state), VIOLATION)
    label = Label.model_validate(told)
    assert (label.rule, label.right, label.sample, label.role) == ("promise", right, 8000, "agent")
    missed = appeals.label(replace(ROW, hit=MISSED, state=state), replace(VIOLATION, hit=MISSED, rule="notice"))
    assert Label.model_validate(missed).sample is None


def test_what_is_not_decided_teaches_nothing() -> None:
    assert [appeals.label(replace(ROW, state=state), VIOLATION) for state in (OPEN, WITHDRAWN)] == [None, None]
