"""Greenlets have names and ends, and their failures are told."""

import gevent
import pytest

from eslbot.greenlets import Greenlets


def test_a_failure_is_told_with_its_name_and_stops_nobody_else() -> None:
    told: list[tuple[str, str]] = []
    group = Greenlets(lambda name, error: told.append((name, str(error))))
    group.spawn("bad", lambda: 1 / 0)
    good = group.spawn("good", lambda: 7)
    assert good.get(timeout=30) == 7
    gevent.sleep(0)
    assert told == [("bad", "division by zero")]
    assert group.names == []


def test_one_that_is_to_be_restarted_is_run_again_after_a_failure_and_not_after_a_return() -> None:
    runs: list[int] = []

    def run() -> None:
        runs.append(len(runs))
        if len(runs) < 3:
            raise RuntimeError("again")

    Greenlets(lambda *_: None).spawn("stubborn", run, restart_after=0.001).get(timeout=30)
    assert runs == [0, 1, 2]


def test_stop_ends_all_and_takes_no_more() -> None:
    group = Greenlets()
    endless = [group.spawn(f"endless {i}", gevent.sleep, 1000) for i in range(3)]
    gevent.sleep(0)
    assert group.names == ["endless 0", "endless 1", "endless 2"]
    group.stop()
    assert all(greenlet.dead for greenlet in endless)
    with pytest.raises(RuntimeError, match="late: this group"):
        group.spawn("late", gevent.sleep, 0)


def test_stopping_from_within_does_not_end_the_one_that_stops() -> None:
    group = Greenlets()
    done: list[bool] = []

    def run() -> None:
        group.stop()
        done.append(True)

    group.spawn("self", run).join(timeout=5)
    assert done == [True]
