"""What is kept in mind of sessions and tokens, and how often the store is asked."""

import pytest

from eslbot.greenlets import Greenlets
from eslbot.store.engine import StoreProblem
from eslbot.supervise import remembered as module
from eslbot.supervise.remembered import Remembered


class Rows:
    """A store that counts its questions."""

    def __init__(self) -> None:
        self.rows = {f"s{n}": f"row {n}" for n in range(500)}
        self.asked: list[int] = []
        self.away = False

    def __call__(self, keys):
        if self.away:
            raise StoreProblem("away")
        self.asked.append(len(keys))
        return {key: self.rows[key] for key in keys if key in self.rows}


@pytest.fixture
def rows():
    return Rows()


@pytest.fixture
def remembered(rows, monkeypatch):
    monkeypatch.setattr(module, "FRESH", 0.0)
    monkeypatch.setattr(module, "LOOK_EVERY", 3600.0)
    greenlets = Greenlets()
    yield Remembered(rows, greenlets)
    greenlets.stop()


def test_a_crowd_of_answers_that_go_on_is_one_question(remembered, rows):
    for _ in range(2):
        for key in rows.rows:
            assert remembered.of(key, rows, goes_on=True) == rows.rows[key]
    assert rows.asked == [1] * 500   # each when it began
    remembered.look()
    assert rows.asked[500:] == [500]


def test_what_ended_elsewhere_is_seen_at_the_next_look(remembered, rows):
    assert remembered.of("s1", rows, goes_on=True) == "row 1"
    del rows.rows["s1"]
    assert remembered.of("s1", rows, goes_on=True) == "row 1"
    remembered.look()
    assert remembered.of("s1", rows, goes_on=True) is None
    assert not remembered.knows("s1")


def test_what_changed_here_is_seen_at_once(remembered, rows):
    assert remembered.of("s1", rows, goes_on=True) == "row 1"
    del rows.rows["s1"]
    remembered.of("s2", rows)
    remembered.renew()
    assert remembered.of("s1", rows, goes_on=True) is None
    assert not remembered.knows("s1")
    assert remembered.knows("s2")   # who is in is no stranger for that
    rows.away = True
    with pytest.raises(StoreProblem):   # and nothing is taken for true that was read before
        remembered.of("s2", rows)


def test_while_the_store_is_away_what_it_said_last_stands(remembered, rows):
    assert remembered.of("s1", rows, goes_on=True) == "row 1"
    rows.away = True
    remembered.look()
    assert remembered.of("s1", rows) == remembered.of("s1", rows, goes_on=True) == "row 1"
    with pytest.raises(StoreProblem):
        remembered.of("s2", rows, goes_on=True)


def test_an_answer_that_has_ended_is_asked_about_no_more(remembered, rows, monkeypatch):
    remembered.of("s1", rows, goes_on=True)
    monkeypatch.setattr(module, "FORGOTTEN", -1.0)
    remembered.look()
    assert rows.asked == [1]


def test_no_more_is_kept_than_may_be(remembered, rows, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 10)
    for n in range(100):
        remembered.of(f"made-up-{n}", rows)
    assert len(remembered._known) <= 10
    for key in rows.rows:
        remembered.of(key, rows)
    assert len(remembered._were) <= 10
