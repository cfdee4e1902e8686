"""Supervisors in the machine: who may sit down, what rings, what follows when nobody picks up, and that a restart rings
nobody again."""

from typing import Any

import pytest

from eslbot.act import supervise
from eslbot.call.state import Policy
from eslbot.model import facts
from eslbot.model.call import LegId, Role
from eslbot.model.judgement import Act, Action
from eslbot.model.orders import Alert, BookAct, Order, Remind
from eslbot.model.supervising import Dismiss, Follow, Mode, Ring, SetMode, TakeOver
from tests.call.score import Score, answered_call
from tests.words import AGENT, CALL, CUSTOMER, verdict, violated

ON_CALL = Policy(on_call=("1801", "1802"), escalate=7.0)
WANTED = violated(verdict(Action(Act.SUPERVISOR)))


def commanded(verb: str, phone: str = "1900", by: str = "first", at: float = 20.0, **more: Any) -> facts.Commanded:
    return facts.Commanded(CALL, at, f"{verb} {phone} {by} {at}", by, verb, phone=phone, **more)


def kinds(orders: list[Order]) -> list[type]:
    return [type(order) for order in orders]


def seated(score: Score, mode: str = "listen") -> Any:
    """A supervisor who is in; their leg."""
    [ring] = [order for order in score.play(commanded(mode)) if isinstance(order, Ring)]
    score.play(facts.SupervisorJoined(CALL, 22.0, ring.leg, ring.mode))
    return ring.leg


def test_a_phone_rings_at_the_agents_leg_and_is_given_up_in_time() -> None:
    score, leg = answered_call(Policy(ring=9.0)), supervise.leg_of(CALL, 0)
    assert score.play(commanded("whisper")) == [Ring("", CALL, leg, AGENT, "1900", "first", Mode.WHISPER, 9.0)]
    assert score.timers[supervise.TIMER + leg] == 29.0 + supervise.SLACK
    score.play(facts.SupervisorJoined(CALL, 22.0, leg, Mode.WHISPER))
    assert score.timers[supervise.TIMER + leg] is None


def test_asked_again_the_mode_changes_and_nothing_rings_twice() -> None:
    score = answered_call()
    leg = seated(score)
    assert score.play(commanded("barge", at=30.0)) == [SetMode("", CALL, leg, Mode.BARGE)]
    assert score.state.supervised  # from the moment it is asked for
    score.play(facts.SupervisorMode(CALL, 30.1, leg, Mode.BARGE))
    assert kinds(score.play(commanded("barge", at=31.0))) == []
    assert score.play(commanded("whisper", at=32.0)) == [SetMode("", CALL, leg, Mode.WHISPER)]
    assert score.state.supervised  # until the switch has done it
    score.play(facts.SupervisorMode(CALL, 32.1, leg, Mode.WHISPER))
    assert not score.state.supervised


def test_one_command_twice_does_nothing_twice() -> None:
    score = answered_call()
    assert kinds(score.play(commanded("listen"))) == [Ring]
    assert score.play(commanded("listen")) == []


def test_a_change_that_is_refused_leaves_things_as_they_were_and_may_be_asked_for_again() -> None:
    score = answered_call()
    leg = seated(score)
    score.play(commanded("barge", at=30.0))
    score.play(facts.SupervisorMode(CALL, 30.1, leg, None))
    assert (score.state.seats[0].mode, score.state.seats[0].wanted) == (Mode.LISTEN, None)
    assert kinds(score.play(commanded("barge", at=31.0))) == [SetMode]


def test_a_takeover_waits_until_the_switch_has_let_them_in() -> None:
    score = answered_call()
    [ring] = [order for order in score.play(commanded("takeover")) if isinstance(order, Ring)]
    assert ring.mode is Mode.LISTEN
    assert kinds(score.play(facts.SupervisorJoined(CALL, 22.0, ring.leg, Mode.LISTEN))) == []
    orders = score.play(facts.TimerFired(CALL, 22.6, supervise.TIMER + ring.leg))
    assert orders == [TakeOver("", CALL, ring.leg, CUSTOMER)]


LEFT = facts.TimerFired(CALL, 32.0, supervise.LEFT)
SECOND = LegId("44444444-4444-4444-8444-444444444444")


def second(at: float = 30.1, role: Role = Role.AGENT) -> facts.Joined:
    """The customer faces somebody else."""
    return facts.Joined(CALL, at, SECOND, role, 8000)


@pytest.mark.parametrize("inside", [False, True])
def test_who_rings_or_is_in_is_sent_away_when_the_customer_leaves_or_the_agent_does_for_good(inside: bool) -> None:
    for gone in ([facts.Parted(CALL, 30.0), LEFT], [facts.Gone(CALL, 30.0, "hung-up")]):
        score = answered_call()
        [ring] = [order for order in score.play(commanded("listen")) if isinstance(order, Ring)]
        if inside:
            score.play(facts.SupervisorJoined(CALL, 22.0, ring.leg, ring.mode))
        assert Dismiss("", CALL, ring.leg) in score.play(*gone)


# --- another agent ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("gap", [[], [facts.Parted(CALL, 30.0)]], ids=["joined before it parts", "parted first"])
def test_supervisors_go_along_when_the_call_becomes_another_agents(gap: list[facts.Parted]) -> None:
    score = answered_call(Policy(told="supervised"))
    leg = seated(score, "whisper")
    orders = [order for order in score.play(*gap, second()) if isinstance(order, Follow | Remind)]
    assert orders == [Follow("", CALL, leg, SECOND, "first"), Remind("", CALL, SECOND, "supervised")]
    assert score.timers[supervise.LEFT] is None
    assert (score.state.seats[0].mode, score.state.seats[0].spied) == (Mode.WHISPER, SECOND)
    assert score.play(second(30.5)) == []


def test_who_picks_up_after_it_is_taken_there_once_the_switch_has_let_them_in() -> None:
    score = answered_call()
    [ring] = [order for order in score.play(commanded("listen")) if isinstance(order, Ring)]
    assert not any(isinstance(order, Follow | Dismiss) for order in score.play(facts.Parted(CALL, 30.0), second()))
    assert not score.play(facts.SupervisorJoined(CALL, 31.0, ring.leg, Mode.LISTEN))
    assert score.timers[supervise.TIMER + ring.leg] == 31.0 + supervise.SETTLE
    followed = score.play(facts.TimerFired(CALL, 31.6, supervise.TIMER + ring.leg))
    assert followed == [Follow("", CALL, ring.leg, SECOND, "first")]


@pytest.mark.parametrize("role", [Role.UNKNOWN, Role.CUSTOMER])
def test_nobody_goes_along_to_who_is_no_agent(role: Role) -> None:
    score = answered_call()
    leg = seated(score)
    assert Dismiss("", CALL, leg) in score.play(second(role=role))


def test_who_takes_the_call_over_is_not_sent_along_nor_away() -> None:
    score = answered_call()
    leg = seated(score)
    [other] = [order.leg for order in score.play(commanded("listen", "1901", "other")) if isinstance(order, Ring)]
    score.play(facts.SupervisorJoined(CALL, 23.0, other, Mode.LISTEN))
    score.play(commanded("takeover", at=30.0))
    given = score.play(facts.Parted(CALL, 30.1), facts.Joined(CALL, 30.2, leg, Role.SUPERVISOR, 8000))
    given += score.play(facts.SupervisorMode(CALL, 30.3, leg, Mode.TAKEOVER))
    given += score.play(facts.SupervisorLeft(CALL, 30.4, other, ""), LEFT)
    assert [order for order in given if isinstance(order, Follow | Dismiss)] == [Dismiss("", CALL, other)]


def test_one_who_was_found_in_the_call_after_a_restart_goes_along_too() -> None:
    score = answered_call()
    leg = supervise.leg_of(CALL, 7)
    score.play(facts.SupervisorJoined(CALL, 25.0, leg, Mode.BARGE))
    assert Follow("", CALL, leg, SECOND, "") in score.play(second())


def test_the_agent_is_told_once_where_that_is_wanted_and_not_before_a_takeover() -> None:
    score = answered_call(Policy(told="supervised"))
    [ring] = [order for order in score.play(commanded("listen")) if isinstance(order, Ring)]
    joined = facts.SupervisorJoined(CALL, 22.0, ring.leg, Mode.LISTEN)
    assert Remind("", CALL, AGENT, "supervised") in score.play(joined)
    assert kinds(score.play(joined)) == []
    score = answered_call(Policy(told="supervised"))
    [ring] = [order for order in score.play(commanded("takeover")) if isinstance(order, Ring)]
    assert kinds(score.play(facts.SupervisorJoined(CALL, 22.0, ring.leg, Mode.LISTEN))) == []


# --- a rule wants one ------------------------------------------------------------------------------------------------
def rung(orders: list[Order]) -> list[str]:
    return [order.phone for order in orders if isinstance(order, Ring)]


def test_a_rule_rings_the_first_on_call_beside_the_alert_and_the_next_when_nobody_picks_up() -> None:
    score = answered_call(ON_CALL)
    orders = score.play(WANTED)
    assert kinds(orders) == [Alert, Ring]
    [first] = [order for order in orders if isinstance(order, Ring)]
    assert (first.phone, first.by, first.seconds, first.idle) == ("1801", "eslbot", 7.0, True)
    second = score.play(facts.SupervisorLeft(CALL, 27.0, first.leg, "NO_ANSWER"))
    assert rung(second) == ["1802"]
    last = score.play(facts.SupervisorLeft(CALL, 34.0, score.state.seats[0].leg, "USER_BUSY"))
    assert [order.kind for order in last if isinstance(order, Alert)] == ["supervisor-wanted"]
    assert score.state.seats == ()


def test_one_phone_rings_at_a_time_and_none_where_somebody_is_in() -> None:
    score = answered_call(ON_CALL)
    score.play(WANTED)
    again = violated(verdict(Action(Act.SUPERVISOR), rule="other"), start=90_000, end=91_000)
    assert kinds(score.play(again)) == [Alert]
    score = answered_call(ON_CALL)
    seated(score)
    assert kinds(score.play(WANTED)) == [Alert]


def test_once_one_is_in_nothing_more_rings_when_they_leave() -> None:
    score = answered_call(ON_CALL)
    [ring] = [order for order in score.play(WANTED) if isinstance(order, Ring)]
    score.play(facts.SupervisorJoined(CALL, 22.0, ring.leg, Mode.LISTEN))
    assert kinds(score.play(facts.SupervisorLeft(CALL, 40.0, ring.leg, "NORMAL_CLEARING"))) == []


def test_a_silent_switch_does_not_keep_the_next_from_being_rung() -> None:
    score = answered_call(ON_CALL)
    [ring] = [order for order in score.play(WANTED) if isinstance(order, Ring)]
    orders = score.play(facts.TimerFired(CALL, 40.0, supervise.TIMER + ring.leg))
    assert kinds(orders) == [Dismiss, Ring]
    assert rung(orders) == ["1802"]


def test_shadow_mode_withholds_it() -> None:
    score = answered_call(ON_CALL)
    score.play(facts.ShadowSet(CALL, 5.0, True))
    assert kinds(score.play(WANTED)) == [BookAct]


# --- a restart -------------------------------------------------------------------------------------------------------
def test_after_a_restart_no_phone_is_rung_again_and_the_call_still_gives_it_up() -> None:
    score = answered_call()
    [ring] = [order for order in score.play(commanded("listen")) if isinstance(order, Ring)]
    score.given.clear()
    assert not any(isinstance(order, Ring | SetMode | TakeOver) for order in score.play(facts.Resumed(CALL, 25.0)))
    assert score.timers[supervise.TIMER + ring.leg] == 40.0 + supervise.SLACK


@pytest.mark.parametrize("mode", [Mode.LISTEN, Mode.BARGE, Mode.TAKEOVER])
def test_one_who_is_found_in_the_call_is_taken_up_as_they_are(mode: Mode) -> None:
    score = answered_call()
    score.play(facts.SupervisorJoined(CALL, 25.0, supervise.leg_of(CALL, 7), mode))
    assert [(seat.mode, seat.inside) for seat in score.state.seats] == [(mode, True)]
    assert score.state.supervised is mode.reaches_customer
