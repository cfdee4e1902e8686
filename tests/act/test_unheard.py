"""One alert for the first gap, then one a minute for all that followed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.act import unheard
from eslbot.act.unheard import TIMER, TOGETHER, Unheard
from eslbot.model.facts import AudioLost
from eslbot.model.orders import Alert, Order, SetTimer
from tests.words import CALL


def gap(at: float, seconds: float = 1.0, reason: str = "shed") -> AudioLost:
    return AudioLost(CALL, at, 0, round(8000 * seconds), 8000, reason)


def alerts(given: list[Order]) -> list[str]:
    assert all(isinstance(one, SetTimer) or (isinstance(one, Alert) and one.kind == "audio-lost") for one in given)
    return [one.detail for one in given if isinstance(one, Alert)]


def test_the_first_is_told_at_once_and_the_timer_set() -> None:
    state, told = unheard.lost(None, gap(10.0))
    assert alerts(told) == ["shed"]
    assert SetTimer("", CALL, TIMER, 10.0 + TOGETHER) in told
    assert state == Unheard(10.0 + TOGETHER)


def test_what_follows_is_told_together_with_how_many_how_long_and_why() -> None:
    state, _ = unheard.lost(None, gap(0.0))
    for one in (gap(1.0, 0.5), gap(2.0, 2.0, "recogniser"), gap(3.0, 0.25)):
        state, told = unheard.lost(state, one)
        assert told == []
    after, told = unheard.due(state, CALL, TOGETHER)
    assert alerts(told) == ["3 more gaps, 2.8 s (shed, recogniser)"]
    assert after == Unheard(2 * TOGETHER)


def test_what_is_only_late_is_no_lost_second() -> None:
    state, _ = unheard.lost(None, gap(0.0))
    state, _ = unheard.lost(state, gap(1.0, 1.5, "audio-late"))
    assert alerts(unheard.end(state, CALL)[1]) == ["another gap, 0.0 s (audio-late)"]


def test_after_a_quiet_minute_the_next_is_a_first_one_again() -> None:
    state, _ = unheard.lost(None, gap(0.0))
    assert unheard.due(state, CALL, TOGETHER) == (None, [])


def test_where_a_restart_lost_the_timer_the_next_gap_tells() -> None:
    state, _ = unheard.lost(None, gap(0.0))
    state, _ = unheard.lost(state, gap(1.0))
    state, told = unheard.lost(state, gap(TOGETHER + 5.0))
    assert alerts(told) == ["2 more gaps, 2.0 s (shed)"]
    assert state == Unheard(2 * TOGETHER + 5.0)


@pytest.mark.parametrize("state", [None, Unheard(60.0)])
def test_at_the_end_nothing_is_told_where_nothing_waits(state: Unheard | None) -> None:
    after, told = unheard.end(state, CALL)
    assert (after, alerts(told)) == (None, [])


@given(st.lists(st.floats(0.0, 30.0), max_size=60))
def test_no_gap_is_forgotten_and_none_counts_twice(pauses: list[float]) -> None:
    state, told, now, timer = None, [], 0.0, float("inf")
    for pause in pauses:
        now += pause
        while timer <= now:
            state, given = unheard.due(state, CALL, timer)
            told += alerts(given)
            timer = next((one.when for one in given if isinstance(one, SetTimer) and one.when), float("inf"))
        state, given = unheard.lost(state, gap(now))
        told += alerts(given)
        timer = next((one.when for one in given if isinstance(one, SetTimer) and one.when), timer)
    told += alerts(unheard.end(state, CALL)[1])
    counted = [1 if detail in ("shed",) or detail.startswith("another") else int(detail.split()[0]) for detail in told]
    assert sum(counted) == len(pauses)
    assert len(told) <= 2 + 2 * now / TOGETHER
