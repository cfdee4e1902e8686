"""Mutes end, at the latest end of their causes, and a retraction lifts what it caused."""

from hypothesis import given
from hypothesis import strategies as st

from eslbot.act import mute
from eslbot.act.mute import Mutes
from eslbot.model.orders import Mute, SetTimer, Unmute
from tests.words import CALL, CUSTOMER


def begin(mutes: Mutes, cause: str, seconds: float, now: float) -> mute.Change:
    return mute.begin(mutes, CALL, CUSTOMER, cause, seconds, now)


def test_a_mute_comes_with_a_release_and_a_timer() -> None:
    mutes, orders = begin(Mutes(), "hit", 3.0, 100.0)
    assert orders == [
        Mute("", CALL, CUSTOMER, 3.0, f"eslbot-mute-{CALL}-0"), SetTimer("", CALL, mute.TIMER, 103.0),
    ]
    assert mutes.until == 103.0


def test_a_longer_mute_replaces_the_release_of_the_shorter_one() -> None:
    mutes, _ = begin(Mutes(), "a", 3.0, 100.0)
    mutes, orders = begin(mutes, "b", 5.0, 101.0)
    assert orders == [
        Mute("", CALL, CUSTOMER, 5.0, f"eslbot-mute-{CALL}-1", replaces=f"eslbot-mute-{CALL}-0"),
        SetTimer("", CALL, mute.TIMER, 106.0),
    ]


def test_a_mute_within_a_longer_one_needs_no_order() -> None:
    mutes, _ = begin(Mutes(), "a", 10.0, 100.0)
    mutes, orders = begin(mutes, "b", 3.0, 101.0)
    assert orders == []
    assert mutes.until == 110.0


def test_retracting_the_only_cause_lifts_it() -> None:
    mutes, _ = begin(Mutes(), "a", 3.0, 100.0)
    mutes, orders = mute.retract(mutes, CALL, CUSTOMER, "a")
    assert [type(order) for order in orders] == [Unmute, SetTimer]
    assert mutes.group is None
    assert mutes.until is None


def test_retracting_the_longest_of_two_brings_the_end_forward() -> None:
    mutes, _ = begin(Mutes(), "a", 3.0, 100.0)
    mutes, _ = begin(mutes, "b", 9.0, 100.0)
    mutes, orders = mute.retract(mutes, CALL, CUSTOMER, "b")
    assert orders == [SetTimer("", CALL, mute.TIMER, 103.0)]
    assert mutes.until == 103.0


def test_retracting_what_caused_nothing_does_nothing() -> None:
    mutes, _ = begin(Mutes(), "a", 3.0, 100.0)
    assert mute.retract(mutes, CALL, CUSTOMER, "other") == (mutes, [])


def test_lifting_twice_gives_no_second_order() -> None:
    mutes, _ = begin(Mutes(), "a", 3.0, 100.0)
    mutes, _ = mute.lift(mutes, CALL, CUSTOMER)
    assert mute.lift(mutes, CALL, CUSTOMER) == (mutes, [])


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0.1, 60), st.booleans()), max_size=20))
def test_a_mute_stands_exactly_while_a_cause_does_and_no_release_name_comes_twice(
    steps: list[tuple[str, float, bool]],
) -> None:
    mutes, now, groups = Mutes(), 100.0, []
    for cause, seconds, takes_back in steps:
        now += 0.1
        mutes, orders = (
            mute.retract(mutes, CALL, CUSTOMER, cause) if takes_back else begin(mutes, cause, seconds, now)
        )
        groups += [order.group for order in orders if isinstance(order, Mute)]
        assert (mutes.group is not None) == bool(mutes.causes)
    assert len(groups) == len(set(groups))
