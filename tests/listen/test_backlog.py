"""Audio on its way: nothing lost, nothing twice, in order, whatever happens to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.listen.backlog import Backlog, Piece, runs


def piece(first: int, samples: int, at: float = 0.0) -> Piece:
    return Piece(first, bytes(2 * samples), samples, at)


def test_a_long_piece_is_cut_and_its_cut_keeps_its_place() -> None:
    backlog = Backlog()
    backlog.add(Piece(100, bytes(range(20)), 10, 5.0))
    assert backlog.message(4) == (Piece(100, bytes(range(8)), 4, 5.0),)
    assert backlog.message(40) == (Piece(104, bytes(range(8, 20)), 6, 5.0),)
    assert backlog.message(40) == ()


def test_small_pieces_go_together_up_to_the_longest_message() -> None:
    backlog = Backlog()
    for first in (0, 10, 30):
        backlog.add(piece(first, 10))
    assert [(one.first, one.samples) for one in backlog.message(25)] == [(0, 10), (10, 10), (30, 5)]
    assert (backlog.sent_samples, backlog.waiting_samples) == (25, 5)
    assert backlog.span() == (0, 40)


def test_only_what_waits_too_long_is_shed_oldest_first() -> None:
    backlog = Backlog()
    for second in range(5):
        backlog.add(piece(second * 10, 10, float(second)))
    backlog.message(10)
    assert [one.first for one in backlog.shed(3.0)] == [10, 20]
    assert backlog.waiting_samples == 20
    assert backlog.oldest == 0.0
    backlog.answered()
    assert backlog.oldest == 3.0


def test_a_rest_that_is_renewed_is_as_old_as_that_and_keeps_its_place() -> None:
    backlog = Backlog()
    assert not backlog.short_of(40)
    backlog.add(piece(0, 10, at=1.0))
    backlog.add(piece(10, 10, at=2.0))
    assert backlog.short_of(40)
    assert not backlog.short_of(20)
    backlog.renew(9.0)
    assert (backlog.oldest, backlog.span(), backlog.shed(9.0)) == (9.0, (0, 20), [])
    backlog.message(5)
    assert not backlog.short_of(40)  # something is on its way: that may be late


def test_what_was_sent_in_vain_goes_again_before_the_rest() -> None:
    backlog = Backlog()
    for first in (0, 10, 20):
        backlog.add(piece(first, 10))
    backlog.message(10)
    backlog.message(5)
    backlog.put_back(backlog.unanswered())
    assert backlog.sent_samples == 0
    assert backlog.waiting_samples == 30
    assert runs(backlog.message(100)) == [(0, 30)]


def test_an_answer_to_nothing_is_an_error() -> None:
    with pytest.raises(IndexError):
        Backlog().answered()


def test_runs_join_what_touches_and_nothing_else() -> None:
    assert runs([piece(0, 5), piece(5, 5), piece(20, 1), piece(21, 2)]) == [(0, 10), (20, 23)]
    assert runs([]) == []


steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 30)),
        st.tuples(st.just("message"), st.integers(1, 40)),
        st.tuples(st.just("answered"), st.just(0)),
        st.tuples(st.just("lost"), st.just(0)),
        st.tuples(st.just("shed"), st.integers(0, 40)),
    ),
    max_size=60,
)


@given(steps)
def test_every_sample_is_answered_once_or_shed_once(todo: list[tuple[str, int]]) -> None:
    backlog, fed = Backlog(), 0
    out: list[Piece] = []
    for time, (what, number) in enumerate(todo):
        if what == "add":
            backlog.add(piece(fed, number, time))
            fed += number
        elif what == "message":
            backlog.message(number)
        elif what == "answered" and backlog.sent_samples:
            out += backlog.answered()
        elif what == "lost":
            backlog.put_back(backlog.unanswered())
        elif what == "shed":
            out += backlog.shed(time - number)
        assert backlog.empty == (backlog.sent_samples + backlog.waiting_samples == 0)
    while backlog.message(1000):
        pass
    out += backlog.unanswered()
    samples = sorted(sample for one in out for sample in range(one.first, one.end))
    assert samples == list(range(fed))
