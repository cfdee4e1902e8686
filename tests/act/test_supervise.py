"""Seats: whose they are, and what their legs are called."""

from eslbot.act import supervise
from eslbot.act.supervise import Seat
from eslbot.model.call import CallId, LegId
from eslbot.model.supervising import Mode

CALL = CallId("181fb5c5-53ff-450f-a698-98ab7b093da3")
FIRST = Seat(LegId("a"), "first", "1900", Mode.LISTEN)
FIRST_TOO = Seat(LegId("b"), "first", "1901", Mode.LISTEN)
OTHER = Seat(LegId("c"), "other", "1902", Mode.BARGE)


def test_a_seat_is_found_by_who_and_which_phone_and_without_a_phone_only_where_there_is_one() -> None:
    assert supervise.of((FIRST, OTHER), "first", "1900") == FIRST
    assert supervise.of((FIRST, OTHER), "first", "") == FIRST
    assert supervise.of((FIRST, FIRST_TOO), "first", "") is None
    assert supervise.of((FIRST, OTHER), "first", "1902") is None


def test_the_legs_of_a_call_have_names_that_differ_and_are_the_same_in_a_replay() -> None:
    names = [supervise.leg_of(CALL, number) for number in range(50)]
    assert len(set(names)) == 50
    assert names == [supervise.leg_of(CALL, number) for number in range(50)]
    assert supervise.leg_of(CallId("0" * 8 + CALL[8:]), 0) not in names


def test_only_who_is_in_and_speaks_to_the_customer_reaches_them() -> None:
    modes = {mode: Seat(LegId("a"), "first", "1900", mode, inside=True).reaches_customer for mode in Mode}
    assert modes == {Mode.LISTEN: False, Mode.WHISPER: False, Mode.BARGE: True, Mode.TAKEOVER: True}
    assert not OTHER.reaches_customer  # it still rings
