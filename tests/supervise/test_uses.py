"""When sessions and tokens were used, and how often the store is told."""

import pytest

from eslbot.store.engine import StoreProblem
from eslbot.supervise import uses
from eslbot.supervise.uses import Uses


def test_the_store_is_told_of_the_first_use_and_then_once_a_minute() -> None:
    told: list[float] = []
    kept = Uses()
    for now in (100.0, 130.0, 159.0, 160.0, 219.0, 220.0):
        kept.use("a", 0.0, now, lambda _, at: told.append(at))
        assert kept.last("a") == now
    assert told == [100.0, 160.0, 220.0]
    assert kept.last("b") == 0.0


def test_what_another_process_has_told_the_store_need_not_be_told_again() -> None:
    told: list[float] = []
    kept = Uses()
    kept.use("a", 90.0, 100.0, lambda _, at: told.append(at))
    assert told == []
    kept.use("a", 90.0, 150.0, lambda _, at: told.append(at))
    assert told == [150.0]


def test_what_the_store_could_not_be_told_is_told_with_the_next_use() -> None:
    def away(key: str, at: float) -> None:
        raise StoreProblem("away")

    told: list[tuple[str, float]] = []
    kept = Uses()
    kept.use("a", 0.0, 100.0, away)
    assert kept.last("a") == 100.0
    kept.use("a", 0.0, 101.0, lambda *use: told.append(use))
    assert told == [("a", 101.0)]


def test_it_remembers_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uses, "KEPT", 2)
    kept = Uses()
    for key in "abc":
        kept.use(key, 0.0, 100.0, lambda *_: None)
    assert [kept.last(key) for key in "abc"] == [0.0, 0.0, 100.0]
