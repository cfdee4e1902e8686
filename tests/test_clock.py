"""The steady clock agrees with the wall at its start and never jumps with it."""

import time

import pytest

from eslbot.clock import SteadyClock


def test_it_starts_at_the_walls_time() -> None:
    before = time.time()
    now = SteadyClock()()
    assert before - 1 <= now <= time.time() + 1


def test_a_wall_clock_set_back_by_an_hour_does_not_move_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SteadyClock()
    before, wall = clock(), time.time()
    monkeypatch.setattr(time, "time", lambda: wall - 3600)
    assert before <= clock() < before + 60
