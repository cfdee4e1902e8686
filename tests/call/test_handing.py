"""A call that changes hands: what was done, or is under way, for the first agent's words, and what of it goes on."""

from dataclasses import replace

import pytest

from eslbot.call.state import Policy
from eslbot.model import facts
from eslbot.model.call import Confirm, LegId, Role
from eslbot.model.judgement import MISSED, Act, Action
from eslbot.model.orders import Alert, Announce, BookAct, GuardHold, HangUp, Mute, Order, Remind, Unmute
from eslbot.model.supervising import Dismiss, Ring
from tests.call.score import Score, answered_call
from tests.words import (
    AGENT,
    ALERT,
    ANNOUNCE,
    CALL,
    CUSTOMER,
    HANG_UP,
    MUTE,
    REMIND,
    SECOND_AGENT,
    verdict,
    violated,
)

PARTED = facts.Parted(CALL, 19.9)
GAPS = pytest.mark.parametrize("gap", [[PARTED], []], ids=["parted first", "joined before it parts"])
"""A blind transfer, or a phone's own; att_xfer."""
FIRST = 160000
"""The first sample of the second agent."""
ALL = (MUTE, REMIND, HANG_UP, ANNOUNCE, ALERT)
SUPERVISE = Action(Act.SUPERVISOR)
RINGS = Policy(on_call=("1101", "1102"))


def joined(leg: LegId = SECOND_AGENT, at: float = 20.0) -> facts.Joined:
    return facts.Joined(CALL, at, leg, Role.AGENT, 8000)


def hand_over(score: Score, gap: list[facts.Parted]) -> list[Order]:
    return score.play(*gap, joined(), facts.Placed(CALL, 20.0, SECOND_AGENT, FIRST))


def deeds(orders: list[Order]) -> list[str]:
    """Each act by its class, one that is withheld by its reason."""
    return [order.outcome if isinstance(order, BookAct) else type(order).__name__ for order in orders]


@GAPS
def test_for_the_first_agents_words_the_second_is_neither_muted_nor_reminded_nor_cut_off(
    gap: list[facts.Parted]
) -> None:
    score = answered_call(Policy(allow_hang_up=True))
    hand_over(score, gap)
    late = violated(verdict(*ALL), Confirm.FINAL, at=20.5, start=FIRST - 1, end=FIRST + 4000)
    assert deeds(score.play(late)) == ["handed-over", "handed-over", "handed-over", "Announce", "Alert"]
    own = violated(verdict(*ALL), Confirm.FINAL, at=21.0, start=FIRST, end=FIRST + 4000, utterance=1)
    did = score.play(own)
    assert deeds(did) == ["Mute", "Remind", "HangUp", "Announce", "Alert"]
    assert {order.leg for order in did if isinstance(order, Remind | HangUp)} == {SECOND_AGENT}


def test_until_it_is_known_where_the_second_agents_time_begins_nothing_is_held_against_them() -> None:
    score = answered_call()
    score.play(joined())
    assert deeds(score.play(violated(verdict(MUTE, ANNOUNCE), at=20.1, start=FIRST))) == ["handed-over", "Announce"]
    score.play(facts.Placed(CALL, 20.1, AGENT, 0))  # told of the one before
    assert deeds(score.play(violated(verdict(MUTE), at=20.2, start=FIRST, utterance=1))) == ["handed-over"]


def test_what_was_to_be_said_all_along_is_still_asked_of_the_second_agent_and_not_held_against_them() -> None:
    score = answered_call(Policy(allow_hang_up=True))
    hand_over(score, [PARTED])
    missed = violated(verdict(*ALL), Confirm.FINAL, at=21.0, start=0, end=FIRST + 1, utterance=MISSED)
    assert deeds(score.play(missed)) == ["handed-over", "Remind", "handed-over", "Announce", "Alert"]


@GAPS
@pytest.mark.parametrize("by", ["rule", "person"])
def test_a_mute_is_lifted_when_the_call_changes_hands_and_the_lift_is_sent_until_it_is_heard_of(
    gap: list[facts.Parted], by: str
) -> None:
    score = answered_call()
    score.play(violated(verdict(Action(Act.MUTE, 30.0))) if by == "rule"
               else facts.Commanded(CALL, 10.0, "1", "root", "mute", 30.0))
    assert deeds(hand_over(score, gap)).count("Unmute") == 1
    assert score.timers["mute"] is None
    score.outcome_of(GuardHold)
    score.outcome_of(Unmute, "unknown", at=20.2)
    lift = score.play(facts.TimerFired(CALL, 20.7, "release"))
    assert lift == [Unmute("", CALL, CUSTOMER, f"eslbot-mute-{CALL}-0")]
    assert score.play(facts.Resumed(CALL, 21.0)) == lift  # we died before it was answered
    assert score.play(facts.Retracted(CALL, 22.0, violated(verdict(MUTE)).hit, verdict(MUTE))) == []


def test_a_mute_that_failed_after_the_first_agent_left_costs_the_second_nothing() -> None:
    for fallback, follows in (("hang_up", []), ("announce", [Announce])):
        score = answered_call(Policy(allow_hang_up=True, mute_fallback=fallback))
        score.play(violated(verdict(MUTE)))
        hand_over(score, [])
        score.play(violated(verdict(MUTE), at=21.0, start=FIRST, utterance=1))  # the second one's own
        before = [order for order in score.given if isinstance(order, Mute)]
        told = score.play(facts.Performed(CALL, 21.5, before[0].id, "failed", "-ERR"))
        assert [type(order) for order in told] == [Alert, *follows]
    told = score.play(facts.Performed(CALL, 21.6, before[1].id, "failed", "-ERR"))
    assert [type(order) for order in told] == [Alert, Announce]


def test_a_reminder_of_the_first_agent_holds_back_none_of_the_second_but_one_of_the_same_who_comes_back() -> None:
    score = answered_call()
    score.play(violated(verdict(REMIND), at=19.0))
    back = answered_call()
    back.play(violated(verdict(REMIND), at=19.0), PARTED, joined(AGENT))
    hand_over(score, [PARTED])
    again = violated(verdict(REMIND), at=21.0, start=FIRST, utterance=1)
    assert deeds(score.play(again)) == ["Remind"]
    assert deeds(back.play(again)) == ["suppressed"]


@GAPS
def test_phones_that_ring_for_the_first_agents_supervisor_stop_and_no_other_rings(gap: list[facts.Parted]) -> None:
    score = answered_call(RINGS)
    score.play(violated(verdict(SUPERVISE)))
    [ring] = [order for order in score.given if isinstance(order, Ring)]
    assert Dismiss("", CALL, ring.leg) in hand_over(score, gap)
    assert score.play(facts.SupervisorLeft(CALL, 20.1, ring.leg, "ORIGINATOR_CANCEL")) == []
    assert score.state.seats == ()


def test_phones_go_on_ringing_where_the_customer_asked_or_somebody_has_picked_up() -> None:
    score = answered_call(RINGS)
    score.play(violated(verdict(SUPERVISE), role=Role.CUSTOMER))
    assert "Dismiss" not in deeds(hand_over(score, []))
    score = answered_call(RINGS)
    score.play(violated(verdict(SUPERVISE)))
    [ring] = [order for order in score.given if isinstance(order, Ring)]
    score.play(facts.SupervisorJoined(CALL, 19.0, ring.leg, ring.mode))
    assert "Follow" in deeds(hand_over(score, []))


def test_a_supervisor_who_was_wanted_for_the_first_agent_is_rung_no_more_and_people_are_told() -> None:
    for actions in ((SUPERVISE,), (SUPERVISE, ALERT)):
        score = answered_call(RINGS)
        hand_over(score, [])
        did = score.play(violated(verdict(*actions), at=20.5))
        assert deeds(did) == ["handed-over", "Alert"]
        assert [order.kind for order in did if isinstance(order, Alert)] == ["violation"]


def test_after_a_restart_the_journal_says_whose_the_words_are() -> None:
    score = answered_call()
    hand_over(score, [PARTED])
    score.play(facts.Resumed(CALL, 25.0))
    late = violated(verdict(MUTE), at=26.0, start=FIRST - 1)
    assert deeds(score.play(late)) == ["handed-over"]
    assert deeds(score.play(replace(late, hit=replace(late.hit, ordinal=1), start=FIRST))) == ["Mute"]
