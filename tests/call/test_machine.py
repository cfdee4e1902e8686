"""The machine's table, phase by phase."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from eslbot.call.machine import TABLE, open_call, step
from eslbot.call.state import Phase, Policy
from eslbot.model import facts
from eslbot.model.call import Confirm, Role
from eslbot.model.judgement import Disclosure
from eslbot.model.orders import (
    Alert,
    ArmClosing,
    BookCall,
    BookClosing,
    DisarmClosing,
    GuardHold,
    HangUp,
    Listen,
    Mute,
    Order,
    Remind,
    SetTimer,
    StopListening,
    Unmute,
)
from tests.call.score import JOINED, OPENED, Score, answered_call
from tests.words import AGENT, ALERT, CALL, CUSTOMER, HANG_UP, MUTE, REMIND, SECOND_AGENT, hit, verdict, violated

GUARD = GuardHold("", CALL, AGENT)


def test_the_closing_is_armed_as_soon_as_the_customer_is_known() -> None:
    assert Score().given == [ArmClosing(f"{CALL}#0", CALL, CUSTOMER)]


def test_nothing_is_armed_where_roles_are_unknown_or_closings_are_off() -> None:
    assert Score(opened=replace(OPENED, roles_known=False)).given == []
    assert Score(policy=Policy(closing=False)).given == []


def test_joining_begins_to_listen_and_waits_for_audio() -> None:
    score = Score()
    assert score.play(JOINED) == [GUARD, Listen("", CALL, CUSTOMER, "pbx", 8000, True, 0)]
    assert score.timers["recording"] == 2.0 + score.policy.recording_wait
    score.play(facts.AudioArrived(CALL, 3.0))
    assert score.timers["recording"] is None


def test_an_answered_call_without_audio_alarms() -> None:
    score = Score(facts.Answered(CALL, 1.0))
    [alert] = score.play(facts.TimerFired(CALL, 31.0, "recording"))
    assert isinstance(alert, Alert)
    assert alert.kind == "recording-missing"


def test_a_recording_the_switch_refuses_alarms_at_once() -> None:
    score = Score(JOINED)
    [alert] = score.outcome_of(Listen, "failed", "-ERR Cannot record session!")
    assert isinstance(alert, Alert)
    assert (alert.kind, alert.detail) == ("recording-missing", "-ERR Cannot record session!")


def test_an_arming_that_failed_is_tried_again_when_the_parties_meet_and_then_told() -> None:
    score = Score()
    score.outcome_of(ArmClosing, "failed")
    again = score.play(JOINED)
    assert again[0] == ArmClosing("", CALL, CUSTOMER)
    [alert] = score.outcome_of(ArmClosing, "failed", "-ERR No such channel!")
    assert isinstance(alert, Alert)
    assert alert.kind == "closing-failed"


def test_two_customers_disarm_and_count_as_unknown() -> None:
    score = Score()
    orders = score.play(facts.Joined(CALL, 2.0, SECOND_AGENT, Role.CUSTOMER, 8000))
    assert orders == [DisarmClosing("", CALL, CUSTOMER), Listen("", CALL, CUSTOMER, "pbx", 8000, False, 0)]
    assert score.play(violated(verdict(MUTE)))[0].__class__.__name__ == "BookAct"


def test_an_unknown_other_side_is_heard_and_left_alone() -> None:
    score = Score()
    score.play(facts.Joined(CALL, 2.0, SECOND_AGENT, Role.UNKNOWN, 8000))
    kinds = [type(order).__name__ for order in score.play(violated(verdict(MUTE, ALERT)))]
    assert kinds == ["BookAct", "Alert"]


def test_the_agents_end_leaves_the_customer_to_the_closing() -> None:
    score = answered_call()
    assert score.play(facts.Parted(CALL, 20.0), facts.ClosingStarted(CALL, 20.1)) == []
    orders = score.play(facts.ClosingStopped(CALL, 26.0, True), facts.Gone(CALL, 26.1, "hung-up"))
    assert orders == [
        BookClosing("", CALL, "played", 20.1, 26.0), BookCall("", CALL, "completed", 2.0, 26.1, True),
        StopListening("", CALL, CUSTOMER),
    ]


def test_a_customer_who_ends_first_has_no_closing() -> None:
    orders = answered_call().play(facts.Gone(CALL, 20.0, "hung-up"))
    assert orders[0] == BookClosing("", CALL, "impossible", None, None)


def test_a_closing_that_did_not_play_is_told() -> None:
    orders = answered_call().play(facts.Parted(CALL, 20.0), facts.Gone(CALL, 30.0, "hung-up"))
    assert [type(o).__name__ for o in orders] == ["BookClosing", "BookCall", "Alert", "StopListening"]
    assert orders[0] == BookClosing("", CALL, "failed", None, None)


def test_a_call_nobody_answered_is_booked_and_settled() -> None:
    score = Score()
    score.outcome_of(ArmClosing)
    assert score.play(facts.Gone(CALL, 9.0, "hung-up")) == [BookCall("", CALL, "unanswered", None, 9.0, True)]
    assert score.state.settled


def test_a_call_is_settled_when_its_recording_is_sealed() -> None:
    score = answered_call()
    score.play(facts.Gone(CALL, 20.0, "hung-up"))
    score.outcome_of(StopListening)
    assert not score.state.settled
    score.play(facts.AudioEnded(CALL, 21.0, 160000, "complete"))
    assert score.state.settled


def test_a_transfer_goes_on_under_the_same_recording_and_its_closing_is_still_to_come() -> None:
    score = answered_call()
    joined = facts.Joined(CALL, 12.0, SECOND_AGENT, Role.AGENT, 8000)
    assert score.play(facts.Parted(CALL, 11.0), joined) == [GuardHold("", CALL, SECOND_AGENT)]
    assert score.state.bridged == 2.0
    score.play(facts.Placed(CALL, 12.0, SECOND_AGENT, 80000))
    orders = score.play(violated(verdict(REMIND), start=80000, end=84000))
    assert orders[0].leg == SECOND_AGENT  # type: ignore[union-attr]


def test_a_mute_does_not_outlive_the_agent() -> None:
    score = answered_call()
    score.play(violated(verdict(MUTE)))
    assert [type(o) for o in score.play(facts.Parted(CALL, 11.0))] == [Unmute]


def test_an_attended_transfer_guards_the_second_agent_and_changes_nothing_else() -> None:
    """The consult is another call's; then the first agent leaves, and the second one is bridged in."""
    score = answered_call()
    score.play(facts.Commanded(CALL, 11.0, "1", "root", "mute", 60.0))
    orders = score.play(facts.Parted(CALL, 20.0), facts.Joined(CALL, 20.1, SECOND_AGENT, Role.AGENT, 8000))
    assert [type(order).__name__ for order in orders] == ["Unmute", "GuardHold"]
    assert score.state.actable
    assert score.play(facts.Joined(CALL, 20.2, SECOND_AGENT, Role.AGENT, 8000)) == []  # told twice


def test_a_guard_that_could_not_be_set_is_told_while_it_matters() -> None:
    score = Score(JOINED)
    [alert] = score.outcome_of(GuardHold, "failed", "the link is down")
    assert isinstance(alert, Alert)
    assert alert.kind == "closing-failed"
    score = Score(JOINED, facts.Parted(CALL, 3.0))
    assert score.outcome_of(GuardHold, "failed", "the link is down") == []


def test_nobody_is_guarded_where_no_closing_is_to_play() -> None:
    score = Score(JOINED, opened=replace(OPENED, roles_known=False))
    assert not any(isinstance(order, GuardHold) for order in score.given)


def test_a_call_that_was_up_and_is_merged_is_closed_and_booked() -> None:
    score = answered_call()
    score.play(facts.Commanded(CALL, 11.0, "1", "root", "mute", 60.0))
    orders = score.play(facts.Merged(CALL, 20.0))
    assert [type(order).__name__ for order in orders] == ["DisarmClosing", "Unmute", "BookCall", "StopListening"]
    assert orders[2] == BookCall("", CALL, "merged", 2.0, 20.0, True)
    assert score.timers["mute"] is None


def test_a_codec_that_changes_in_mid_recording_is_told_once_heard() -> None:
    score = Score(facts.RateChanged(CALL, 1.0, 16000))
    assert [type(order) for order in score.given] == [ArmClosing]  # nothing is recorded yet
    score = answered_call()
    assert score.play(facts.RateChanged(CALL, 5.0, 8000)) == []
    [alert] = score.play(facts.RateChanged(CALL, 6.0, 16000))
    assert isinstance(alert, Alert)
    assert (alert.kind, alert.detail) == ("audio-lost", "the codec changed from 8000 to 16000 Hz in mid-recording")


# --- the link --------------------------------------------------------------------------------------------------------
def test_a_link_that_comes_back_listens_again_and_the_closing_is_still_to_be_seen() -> None:
    score = answered_call()
    orders = score.play(facts.LinkLost(CALL, 10.0), facts.LinkBack(CALL, 12.0, bridged=True))
    assert orders == [Listen("", CALL, CUSTOMER, "pbx", 8000, True, 0)]
    assert score.play(facts.Gone(CALL, 20.0, "hung-up"))[0] == BookClosing("", CALL, "impossible", None, None)


def test_the_first_word_of_a_link_gives_no_second_listen() -> None:
    assert answered_call().play(facts.LinkBack(CALL, 3.0, bridged=True)) == []


def test_a_customer_left_alone_while_the_link_was_down_has_an_unknown_closing() -> None:
    score = answered_call()
    score.play(facts.LinkLost(CALL, 10.0), facts.LinkBack(CALL, 12.0, bridged=False))
    assert score.state.phase is Phase.ALONE
    assert score.play(facts.Gone(CALL, 20.0, "hung-up"))[0] == BookClosing("", CALL, "unknown", None, None)


def test_a_call_that_ended_while_the_link_was_down_is_lost() -> None:
    score = answered_call()
    orders = score.play(facts.LinkLost(CALL, 10.0), facts.Gone(CALL, 12.0, "lost"))
    assert orders[:2] == [
        BookClosing("", CALL, "unknown", None, None), BookCall("", CALL, "lost", 2.0, 12.0, True),
    ]


# --- the restart -----------------------------------------------------------------------------------------------------
def test_a_restart_sends_nothing_again_but_releases_and_the_arming() -> None:
    score = Score()
    assert score.play(facts.Resumed(CALL, 5.0)) == [ArmClosing("", CALL, CUSTOMER)]
    score.play(JOINED)
    assert score.play(facts.Resumed(CALL, 6.0)) == [ArmClosing("", CALL, CUSTOMER), GUARD]
    score = answered_call()
    score.play(violated(verdict(MUTE, ALERT, REMIND)))
    assert score.play(facts.Resumed(CALL, 12.0)) == []
    assert score.timers["mute"] == 13.0
    assert [type(o) for o in score.play(facts.TimerFired(CALL, 13.0, "mute"))] == [Unmute]


def test_a_release_under_way_at_a_crash_is_sent_again() -> None:
    score = answered_call()
    score.play(violated(verdict(MUTE)), facts.TimerFired(CALL, 13.0, "mute"))
    assert score.play(facts.Resumed(CALL, 14.0)) == [Unmute("", CALL, CUSTOMER, f"eslbot-mute-{CALL}-0")]


def test_after_a_restart_the_link_makes_us_listen_on_as_another_life() -> None:
    score = answered_call()
    orders = score.play(facts.Resumed(CALL, 12.0), facts.LinkBack(CALL, 12.2, bridged=True))
    assert orders == [Listen("", CALL, CUSTOMER, "pbx", 8000, True, 1)]


def test_an_ended_call_whose_recording_was_open_is_booked_and_closed_after_a_restart() -> None:
    score = answered_call()
    before = score.play(facts.Gone(CALL, 20.0, "hung-up"))
    assert score.play(facts.Resumed(CALL, 25.0)) == before


def test_what_was_said_before_a_restart_is_not_missed_after_it() -> None:
    score = answered_call()
    score.play(facts.DisclosureChanged(CALL, 5.0, "promise", Disclosure.SAID, 24000), facts.Resumed(CALL, 6.0))
    score.play(facts.DisclosureChanged(CALL, 6.5, "promise", Disclosure.UNKNOWN, 30000))
    assert dict(score.state.disclosures) == {"promise": Disclosure.SAID}
    missed = violated(verdict(REMIND, ALERT), Confirm.FINAL, utterance=-1)
    assert score.play(missed) == []


def test_the_first_gap_is_told_at_once_and_those_that_follow_when_the_recording_is_closed() -> None:
    def lost(at: float) -> facts.AudioLost:
        return facts.AudioLost(CALL, at, 0, 8000, 8000, "shed")

    def told(given: list[Order]) -> list[tuple[str, str]]:
        return [(order.kind, order.detail) for order in given if isinstance(order, Alert)]

    score = answered_call()
    assert told(score.play(lost(3.0))) == [("audio-lost", "shed")]
    assert told(score.play(lost(4.0), facts.Gone(CALL, 6.0, "hung-up"), lost(7.0))) == []
    assert told(score.play(facts.AudioEnded(CALL, 8.0, 1, "complete"))) == [("audio-lost", "2 more gaps, 2.0 s (shed)")]
    assert score.timers["unheard"] is None


# --- of the whole table ----------------------------------------------------------------------------------------------
FACTS = [
    OPENED, facts.Answered(CALL, 1.0), JOINED, facts.Joined(CALL, 3.0, SECOND_AGENT, Role.AGENT, 8000),
    facts.Joined(CALL, 3.0, SECOND_AGENT, Role.CUSTOMER, 8000), facts.Parted(CALL, 4.0), facts.Merged(CALL, 4.0),
    facts.RateChanged(CALL, 3.5, 16000),
    facts.Gone(CALL, 5.0, "hung-up"), facts.Gone(CALL, 5.0, "lost"), facts.ClosingStarted(CALL, 4.1),
    facts.ClosingStopped(CALL, 4.9, True), facts.LinkLost(CALL, 4.0), facts.LinkBack(CALL, 4.5, True),
    facts.LinkBack(CALL, 4.5, False), facts.AudioArrived(CALL, 2.1), facts.Placed(CALL, 3.0, SECOND_AGENT, 8001),
    facts.AudioEnded(CALL, 6.0, 1, "complete"),
    facts.AudioLost(CALL, 3.0, 0, 1, 8000, "shed"), facts.AudioLost(CALL, 64.0, 0, 1, 8000, "source"),
    facts.TimerFired(CALL, 63.0, "unheard"), facts.Resumed(CALL, 7.0), facts.ShadowSet(CALL, 3.0, True),
    violated(verdict(MUTE, ALERT, REMIND, HANG_UP)), violated(verdict(MUTE, HANG_UP), Confirm.FINAL),
    facts.Retracted(CALL, 11.0, hit(), verdict(MUTE)), facts.TimerFired(CALL, 13.0, "mute"),
    facts.TimerFired(CALL, 13.0, "recording"), facts.TimerFired(CALL, 13.0, "release"),
    facts.Commanded(CALL, 3.0, "1", "root", "mute", 5.0), facts.Commanded(CALL, 3.0, "2", "root", "unmute"),
    facts.Commanded(CALL, 3.0, "3", "root", "hang_up"),
]


@given(st.lists(st.sampled_from(FACTS), max_size=30), st.booleans())
def test_any_order_of_facts_keeps_the_promises(played: list[facts.CallFact], roles_known: bool) -> None:
    opened = replace(OPENED, roles_known=roles_known)
    policy = Policy(allow_hang_up=True)
    state, given_orders = open_call(opened), list[Order]()
    for fact in [opened, *played]:
        state, orders = step(state, fact, policy)
        given_orders += orders
        for order in orders:
            if isinstance(fact, facts.Violated):  # its words are from before whoever came second, or later
                assert not isinstance(order, Mute | HangUp | Remind) or state.stay.first == 0
            if isinstance(order, Mute):
                assert state.mutes.until is not None  # a mute always has an end
                assert any(isinstance(o, SetTimer) and o.name == "mute" for o in orders)
    ids = [order.id for order in given_orders]
    assert len(ids) == len(set(ids))
    if not roles_known:
        assert not any(isinstance(o, Mute | ArmClosing) for o in given_orders)


@given(st.lists(st.sampled_from(FACTS), max_size=20))
def test_the_same_facts_give_the_same_orders(played: list[facts.CallFact]) -> None:
    assert Score(*played).given == Score(*played).given


def test_every_fact_of_a_call_stands_in_the_table() -> None:
    import typing

    known = {fact for _, fact in TABLE}
    assert known == set(typing.get_args(facts.CallFact))


def test_facts_about_nobody_change_nothing() -> None:
    score = Score()
    assert score.play(facts.Performed(CALL, 1.0, "some-other-order", "failed")) == []
    assert score.state.other != AGENT
