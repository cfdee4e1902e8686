"""A mask ends: by its time, by words, by whoever began it, and when everybody forgot it."""

from hypothesis import given
from hypothesis import strategies as st

from eslbot.act import mask
from eslbot.act.mask import KEY, PERSON, RULE, Limits, Masking
from eslbot.model.orders import Alert, Mask, Order, SetTimer, Unmask
from tests.words import CALL

LIMITS = Limits(longest=300.0, back=2.0)


def begin(before: Masking | None, by: str, at: float, seconds: float | None, **how: object) -> mask.Change:
    return mask.begin(before, CALL, by, at, seconds, LIMITS, **how)  # type: ignore[arg-type]


def timed(before: Masking | None) -> list[Order]:
    after, orders = mask.timed(before, CALL)
    assert after is None
    return [order for order in orders if not isinstance(order, SetTimer)]


def test_a_rules_mask_begins_where_its_words_end_and_lifts_itself_when_its_time_is_over() -> None:
    stands, orders = begin(None, RULE, 100.0, 60.0, first=8000, cause="hit", until="done")
    assert orders == [Mask("", CALL, 60.0, RULE, 8000), SetTimer("", CALL, mask.TIMER, 160.0)]
    assert timed(stands) == [Unmask("", CALL, "time")]


def test_a_persons_mask_reaches_back_and_is_forgotten_where_nobody_lifts_it() -> None:
    stands, orders = begin(None, PERSON, 100.0, None)
    assert orders == [Mask("", CALL, 300.0, PERSON, None, 2.0), SetTimer("", CALL, mask.TIMER, 400.0)]
    unmask, alert = timed(stands)
    assert unmask == Unmask("", CALL, "forgotten")
    assert isinstance(alert, Alert)
    assert (alert.kind, alert.severity) == ("mask-forgotten", "severe")


@given(st.lists(st.tuples(st.floats(0, 400), st.one_of(st.none(), st.floats(0.1, 500))), min_size=1, max_size=8))
def test_however_often_it_is_asked_for_it_ends_within_the_longest_time_and_never_sooner_than_before(
        asked: list[tuple[float, float | None]]) -> None:
    stands: Masking | None = None
    for at, seconds in sorted(asked, key=lambda one: one[0]):
        if stands is not None and at >= stands.ends:
            break
        before = stands
        stands, _ = begin(stands, RULE, at, seconds)
        assert stands is not None
        assert stands.ends <= stands.since + LIMITS.longest
        assert before is None or stands.ends >= before.ends
        assert seconds is not None or stands.forgotten


def test_words_that_end_it_are_those_said_after_it_began() -> None:
    stands, _ = begin(None, RULE, 100.0, None, first=8000, cause="hit", until="done")
    assert mask.ended_by(stands, "done", 8001)
    assert not mask.ended_by(stands, "done", 8000)
    assert not mask.ended_by(stands, "other", 9000)
    assert not mask.ended_by(None, "done", 9000)


def test_it_ends_with_the_last_of_its_causes_taken_back_but_not_where_a_person_began_it() -> None:
    stands, _ = begin(None, RULE, 100.0, 60.0, first=1, cause="a")
    stands, _ = begin(stands, RULE, 101.0, 60.0, first=2, cause="b")
    stands, orders = mask.retract(stands, CALL, "a")
    assert (stands is not None, orders) == (True, [])
    stands, orders = mask.retract(stands, CALL, "b")
    assert (stands, orders[0]) == (None, Unmask("", CALL, "retracted"))
    keyed, _ = begin(None, KEY, 100.0, None)
    keyed, _ = begin(keyed, RULE, 101.0, 60.0, first=2, cause="b")
    keyed, orders = mask.retract(keyed, CALL, "b")
    assert (keyed is not None, orders) == (True, [])


def test_lifting_what_does_not_stand_does_nothing() -> None:
    assert mask.lift(None, CALL, PERSON) == (None, [])
    assert mask.retract(None, CALL, "a") == (None, [])
