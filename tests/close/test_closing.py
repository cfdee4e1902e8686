"""What is said of a closing is what was seen of it."""

from eslbot.close import closing
from eslbot.close.closing import Closing


def test_played_to_its_end_is_played() -> None:
    c = closing.stopped(closing.started(closing.left_alone(Closing(armed=True), 10.0), 10.1), 15.0, complete=True)
    assert closing.outcome(c, 15.2) == "played"


def test_cut_by_the_customer_is_partial() -> None:
    c = closing.started(closing.left_alone(Closing(armed=True), 10.0), 10.1)
    assert closing.outcome(closing.stopped(c, 12.0, complete=False), 12.0) == "partial"
    assert closing.outcome(c, 12.0) == "partial"


def test_a_customer_who_ended_first_made_it_impossible() -> None:
    assert closing.outcome(Closing(armed=True), 10.0) == "impossible"


def test_both_ends_told_in_the_wrong_order_are_still_impossible() -> None:
    assert closing.outcome(closing.left_alone(Closing(armed=True), 10.0), 10.2) == "impossible"


def test_alone_and_nothing_played_has_failed() -> None:
    assert closing.outcome(closing.left_alone(Closing(armed=True), 10.0), 18.0) == "failed"


def test_what_we_could_not_see_is_unknown_but_proof_counts() -> None:
    blind = Closing(armed=True, blind=True)
    assert closing.outcome(blind, 18.0) == "unknown"
    seen = closing.stopped(closing.started(blind, 10.0), 15.0, complete=True)
    assert closing.outcome(seen, 15.1) == "played"


def test_what_played_before_someone_joined_again_does_not_count() -> None:
    c = closing.stopped(closing.started(closing.left_alone(Closing(armed=True), 1.0), 1.1), 2.0, complete=True)
    assert closing.outcome(closing.joined(c), 30.0) == "impossible"
