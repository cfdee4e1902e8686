"""An answered call that is not recorded is told of, whatever the reason; a recorded one never is."""

import pytest

from eslbot.model import facts
from eslbot.model.call import CallId, LegId
from eslbot.model.orders import Alert
from eslbot.service.hearing.completeness import LOOK_EVERY, NEVER, STOPPED, WAIT, Completeness
from tests.words import AGENT, CALL, CUSTOMER


class Rig:
    def __init__(self) -> None:
        self.now, self.heard, self.told = 1000.0, dict[CallId, float](), list[tuple[CallId, str]]()
        self.calls: dict[LegId, CallId | None] = {CUSTOMER: CALL, AGENT: CALL}
        self.seen = Completeness(
            self.calls.get, self.heard.get, lambda call, why: self.told.append((call, why)), lambda: self.now)

    def tell(self, *told: facts.Fact) -> None:
        for fact in told:
            self.seen.follow(fact, None)

    def pass_time(self, seconds: float, audio: bool = False) -> None:
        for _ in range(int(seconds / LOOK_EVERY)):
            self.now += LOOK_EVERY
            if audio:
                self.heard[CALL] = self.now
            self.seen.look()


ANSWERED = facts.LegAnswered("pbx", 1.0, CUSTOMER)
BRIDGED = facts.LegsBridged("pbx", 2.0, AGENT, CUSTOMER)


@pytest.mark.parametrize("begins", [(ANSWERED,), (BRIDGED,), (ANSWERED, BRIDGED)])
def test_an_answered_call_without_any_audio_is_told_of_once_and_within_a_minute(
        begins: tuple[facts.Fact, ...]) -> None:
    rig = Rig()
    rig.tell(*begins)
    rig.pass_time(WAIT - LOOK_EVERY)
    assert rig.told == []
    rig.pass_time(LOOK_EVERY)
    assert rig.told == [(CALL, NEVER)]
    assert rig.now - 1000.0 < 60
    rig.pass_time(300)
    assert rig.told == [(CALL, NEVER)]


def test_audio_that_stops_in_mid_call_is_told_of_each_time_it_does() -> None:
    rig = Rig()
    rig.tell(ANSWERED, BRIDGED)
    rig.pass_time(100, audio=True)
    rig.pass_time(WAIT)
    assert rig.told == [(CALL, STOPPED)]
    rig.pass_time(20, audio=True)
    rig.pass_time(WAIT)
    assert rig.told == [(CALL, STOPPED)] * 2


def test_of_a_held_leg_nothing_comes_and_that_is_right_until_it_is_taken_back() -> None:
    rig = Rig()
    rig.tell(ANSWERED, BRIDGED)
    rig.pass_time(20, audio=True)
    rig.tell(facts.LegHeld("pbx", 3.0, CUSTOMER))
    rig.pass_time(300)
    rig.tell(facts.LegUnheld("pbx", 4.0, CUSTOMER))
    rig.pass_time(WAIT - LOOK_EVERY)
    assert rig.told == []
    rig.pass_time(LOOK_EVERY)
    assert rig.told == [(CALL, STOPPED)]


def test_a_call_that_nobody_answered_or_that_is_over_is_not_missed() -> None:
    rig = Rig()
    rig.tell(facts.LegHeld("pbx", 0.0, CUSTOMER))
    rig.pass_time(100)
    rig.tell(ANSWERED, BRIDGED)
    rig.pass_time(20)
    rig.tell(facts.LegHungUp("pbx", 9.0, CUSTOMER, "x"), facts.LegDestroyed("pbx", 9.0, AGENT))
    rig.pass_time(300)
    rig.tell(ANSWERED, facts.SwitchUp("other", 10.0, "c"), facts.SwitchUp("pbx", 10.0, "c", legs=(AGENT,)))
    rig.pass_time(300)
    assert rig.told == []


def test_what_the_calls_own_machine_has_told_is_not_told_again() -> None:
    rig = Rig()
    rig.tell(ANSWERED)
    rig.seen.follow(Alert("o#1", CALL, "recording-missing", "severe"), None)
    rig.pass_time(300)
    assert rig.told == []


def test_a_leg_that_became_the_far_side_of_another_call_is_not_missed() -> None:
    rig = Rig()
    rig.tell(ANSWERED, facts.LegAnswered("pbx", 1.0, AGENT))
    rig.calls[CUSTOMER] = CallId(AGENT)
    rig.calls[AGENT] = None
    rig.pass_time(300)
    assert rig.told == []
