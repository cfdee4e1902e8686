import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.supervise.accounts import TooMany
from eslbot.supervise.web.brakes import Brakes


class Clock:
    def __init__(self):
        self.now = 600.0

    def __call__(self):
        return self.now


@given(st.lists(st.floats(0.0, 40.0), max_size=60), st.integers(1, 8))
def test_no_minute_sees_much_more_than_may_be_and_who_waits_as_long_as_told_may_again(pauses, most):
    clock, taken = Clock(), []
    brakes = Brakes(clock)
    for pause in pauses:
        clock.now += pause
        try:
            brakes.take(most, "one")
        except TooMany as error:
            clock.now += min(error.seconds, 121.0)
            brakes.take(most, "one")
        taken.append(clock.now)
        assert sum(1 for at in taken if clock.now - 60.0 < at <= clock.now) <= 2 * most
    aligned = [at // 60.0 for at in taken]
    assert all(aligned.count(minute) <= most for minute in aligned)


def test_one_does_not_count_for_another_and_looking_does_not_count():
    brakes = Brakes(Clock())
    for _ in range(5):
        brakes.look(1, "stranger", "10.0.0.1")
    assert brakes.count(1, "stranger", "10.0.0.1")
    assert not brakes.count(1, "stranger", "10.0.0.1")
    assert brakes.count(1, "stranger", "10.0.0.2")
    with pytest.raises(TooMany):
        brakes.look(1, "stranger", "10.0.0.1")


def test_a_flood_from_many_addresses_is_not_remembered_beyond_a_bound():
    brakes = Brakes(Clock(), most=100)
    for number in range(10_000):
        brakes.take(5, "stranger", str(number))
    assert len(brakes._counts) == 100
    assert [brakes.count(1, "stranger", "9999"), brakes.count(1, "stranger", "1")] == [False, True]


def test_those_of_one_key_take_turns_and_nobody_is_remembered_afterwards():
    brakes, within, most = Brakes(Clock()), [0], []

    def go(key):
        with brakes.turn(key):
            within[0] += 1
            most.append(within[0])
            gevent.sleep(0)
            within[0] -= 1

    gevent.joinall([gevent.spawn(go, "one") for _ in range(20)], raise_error=True)
    assert most == [1] * 20
    killed = [gevent.spawn(go, "one") for _ in range(3)]
    gevent.sleep(0)
    gevent.killall(killed)
    gevent.joinall([gevent.spawn(go, str(number)) for number in range(2)], raise_error=True)
    assert most[-1] == 2
    assert brakes._turns == {}
