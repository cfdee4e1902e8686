"""Consults in the machine: the customer is guarded while one goes on, whoever supervises waits, and what ends it."""

import pytest

from eslbot.act import supervise
from eslbot.call import consulting
from eslbot.call.state import Policy
from eslbot.model import facts
from eslbot.model.call import LegId, Role
from eslbot.model.orders import GuardConsult, Order, PlayClosing, Remind
from eslbot.model.supervising import Dismiss, Follow, Mode, Ring, TakeOver, Wait
from tests.call.score import JOINED, Score, answered_call
from tests.call.test_supervising import commanded, seated
from tests.words import AGENT, CALL, CUSTOMER, SECOND_AGENT

BEGAN = facts.ConsultBegan(CALL, 30.0)
ENDED = facts.ConsultEnded(CALL, 40.0)
BACK = facts.Joined(CALL, 40.1, AGENT, Role.AGENT, 8000)
SECOND = facts.Joined(CALL, 40.1, SECOND_AGENT, Role.AGENT, 8000)
ON = GuardConsult("", CALL, CUSTOMER, closes=True)
OFF = GuardConsult("", CALL, CUSTOMER, closes=True, on=False)
TOLD = Policy(told="supervised")


def moved(orders: list[Order]) -> list[Order]:
    """What is done about supervisors, and what they hear of it."""
    return [order for order in orders if isinstance(order, Wait | Follow | TakeOver | Dismiss | Ring | Remind)]


def consulted(mode: str = "listen", policy: Policy | None = None) -> tuple[Score, LegId]:
    score = answered_call(policy)
    leg = seated(score, mode)
    score.play(BEGAN)
    return score, leg


def test_the_customer_is_guarded_once_whoever_supervises_or_not() -> None:
    score = answered_call()
    assert score.play(BEGAN) == [ON]
    assert score.play(BEGAN) == []
    assert score.play(ENDED) == [OFF]
    assert score.play(BACK) == []


def test_the_guard_stands_until_somebody_faces_the_customer_again() -> None:
    score = answered_call()
    score.play(BEGAN)
    assert OFF not in score.play(facts.Parted(CALL, 39.0), facts.ConsultEnded(CALL, 39.5))
    assert OFF in score.play(SECOND)
    assert not score.state.consulting


def test_a_customer_whom_nobody_comes_for_hears_the_closing_by_our_hand_where_the_switch_plays_none() -> None:
    score = answered_call()
    score.play(BEGAN, facts.Parted(CALL, 39.0), facts.ConsultEnded(CALL, 39.1))
    assert score.timers[consulting.TIMER] == 39.0 + consulting.PATIENCE
    due = facts.TimerFired(CALL, 42.0, consulting.TIMER)
    assert score.play(due) == [PlayClosing("", CALL, CUSTOMER)]
    assert score.play(facts.ClosingStarted(CALL, 42.1), due) == []


def test_once_the_second_agent_has_come_no_closing_is_due() -> None:
    score = answered_call()
    score.play(BEGAN, facts.Parted(CALL, 39.0), SECOND)
    assert score.timers[consulting.TIMER] is None
    assert score.play(facts.TimerFired(CALL, 42.0, consulting.TIMER)) == []


def test_a_call_whose_closing_is_not_to_be_played_is_guarded_all_the_same() -> None:
    score = Score(JOINED, policy=Policy(closing=False))
    assert score.play(BEGAN) == [GuardConsult("", CALL, CUSTOMER, closes=False)]


def test_after_a_restart_the_guard_is_set_again() -> None:
    score = answered_call()
    score.play(BEGAN)
    assert ON in score.play(facts.Resumed(CALL, 35.0))


def test_a_link_that_was_lost_in_mid_consult_leaves_the_agent_where_they_are() -> None:
    score, _ = consulted()
    score.play(facts.LinkLost(CALL, 35.0), facts.LinkBack(CALL, 36.0, bridged=False))
    assert score.state.other == AGENT


@pytest.mark.parametrize("back", [ENDED, BACK], ids=["the other one gone", "joined again"])
def test_supervisors_wait_and_are_put_back_and_the_agent_is_not_told_again(
    back: facts.ConsultEnded | facts.Joined
) -> None:
    score = answered_call(TOLD)
    leg = seated(score, "barge")
    assert moved(score.play(BEGAN)) == [Wait("", CALL, leg, "first")]
    assert supervise.state_of(score.state.seats[0]) == "consult"
    assert moved(score.play(back)) == [Follow("", CALL, leg, AGENT, "first", back=True)]
    assert (score.state.seats[0].mode, supervise.state_of(score.state.seats[0])) == (Mode.BARGE, "in")


def test_they_go_after_the_second_agent_who_is_told() -> None:
    score, leg = consulted("whisper", TOLD)
    given = moved(score.play(facts.Parted(CALL, 40.0), SECOND))
    assert given == [Follow("", CALL, leg, SECOND_AGENT, "first"), Remind("", CALL, SECOND_AGENT, "supervised")]


def test_who_is_wanted_in_mid_consult_rings_and_waits() -> None:
    score = answered_call()
    score.play(BEGAN)
    [ring] = [order for order in score.play(commanded("listen", at=31.0)) if isinstance(order, Ring)]
    assert ring.spied is None
    assert moved(score.play(facts.SupervisorJoined(CALL, 33.0, ring.leg, Mode.LISTEN))) == []
    assert supervise.state_of(score.state.seats[0]) == "consult"
    assert moved(score.play(ENDED)) == [Follow("", CALL, ring.leg, AGENT, "first", back=True)]


@pytest.mark.parametrize("late", [True, False], ids=["the consult went on", "it was over"])
def test_who_picks_up_as_a_consult_begins_or_ends_is_put_where_they_belong(late: bool) -> None:
    score = answered_call()
    score.play(*([] if late else [BEGAN]))
    [ring] = [order for order in score.play(commanded("listen", at=39.0)) if isinstance(order, Ring)]
    score.play(BEGAN if late else ENDED, facts.SupervisorJoined(CALL, 41.0, ring.leg, Mode.LISTEN))
    given = moved(score.play(facts.TimerFired(CALL, 41.6, supervise.TIMER + ring.leg)))
    assert given == [
        Wait("", CALL, ring.leg, "first") if late else Follow("", CALL, ring.leg, AGENT, "first", back=True)]


def test_a_takeover_is_put_off_until_the_switch_will_not_join_the_customer_any_more() -> None:
    score, leg = consulted()
    assert moved(score.play(commanded("takeover", at=35.0))) == []
    assert moved(score.play(ENDED)) == []
    given = score.play(facts.TimerFired(CALL, 40.0, supervise.TIMER + leg))
    assert moved(given) == [TakeOver("", CALL, leg, CUSTOMER)]


def test_a_takeover_that_is_asked_for_while_the_phone_rings_comes_after_the_consult_too() -> None:
    score = answered_call()
    score.play(BEGAN)
    [ring] = [order for order in score.play(commanded("listen", at=31.0)) if isinstance(order, Ring)]
    score.play(commanded("takeover", at=32.0), ENDED, facts.SupervisorJoined(CALL, 41.0, ring.leg, Mode.LISTEN))
    given = score.play(facts.TimerFired(CALL, 41.6, supervise.TIMER + ring.leg))
    assert moved(given) == [TakeOver("", CALL, ring.leg, CUSTOMER)]
    assert supervise.state_of(score.state.seats[0]) == "in"


def test_one_who_was_to_wait_when_we_died_does_so_afterwards() -> None:
    score = answered_call()
    leg = seated(score)
    score.play(facts.ConsultBegan(CALL, 22.1), facts.Resumed(CALL, 23.0))
    assert score.timers[supervise.TIMER + leg] == 23.0 + supervise.SETTLE
    given = score.play(facts.TimerFired(CALL, 23.5, supervise.TIMER + leg))
    assert moved(given) == [Wait("", CALL, leg, "first")]


def test_nobody_walks_in_on_a_consult() -> None:
    score = answered_call()
    score.play(BEGAN)
    assert score.play(commanded("listen", at=35.0, leg=LegId("aaaaaaaa-1111-4111-8111-111111111111"))) == []
    assert score.state.seats == ()


def test_a_mode_is_changed_in_mid_consult_and_holds_after_it() -> None:
    score, leg = consulted()
    score.play(commanded("whisper", at=35.0), facts.SupervisorMode(CALL, 35.1, leg, Mode.WHISPER))
    score.play(ENDED)
    assert score.state.seats[0].mode is Mode.WHISPER
