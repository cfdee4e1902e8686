"""What a violation leads to, and when it is withheld."""

from dataclasses import replace
from pathlib import Path

from eslbot.call.state import Policy
from eslbot.judge import CallJudge
from eslbot.model import facts
from eslbot.model.call import Confirm, Role, Severity
from eslbot.model.judgement import MISSED, Act, Action, Disclosure
from eslbot.model.orders import (
    Alert,
    Announce,
    BookAct,
    DisarmClosing,
    GuardHold,
    HangUp,
    Mask,
    Mute,
    Remind,
    Unmask,
    Unmute,
)
from tests.call.score import Score, answered_call
from tests.judge.build import RATE, packs, said
from tests.words import (
    AGENT,
    ALERT,
    ANNOUNCE,
    CALL,
    CUSTOMER,
    HANG_UP,
    MUTE,
    REMIND,
    SUPERVISOR,
    hit,
    verdict,
    violated,
)

GROUP = f"eslbot-mute-{CALL}-0"


def test_a_severe_promise_mutes_alerts_and_corrects_in_the_rules_order() -> None:
    orders = answered_call().play(violated(verdict(MUTE, ALERT, ANNOUNCE)))
    assert [type(order) for order in orders] == [Mute, Alert, Announce]
    assert orders[0] == Mute("", CALL, CUSTOMER, 3.0, GROUP)


def test_told_surer_it_does_nothing_twice() -> None:
    score = answered_call()
    what = verdict(REMIND, MUTE)
    assert [type(o) for o in score.play(violated(what, Confirm.PARTIAL))] == []
    what = verdict(REMIND, MUTE, confirm=Confirm.PARTIAL, rule="other")
    kinds = [type(o) for c in Confirm for o in score.play(violated(what, c))]
    assert kinds == [Remind, Mute]


def test_a_plain_reminder_plays_the_prompt_the_admin_chose() -> None:
    score = answered_call(Policy(remind_default="mind-your-words"))
    assert score.play(violated(verdict(Action(Act.REMIND)))) == [Remind("", CALL, AGENT, "mind-your-words")]


def test_a_retraction_lifts_the_mute_it_caused() -> None:
    score = answered_call()
    score.play(violated(verdict(MUTE)))
    assert score.play(facts.Retracted(CALL, 11.0, hit(), verdict(MUTE))) == [Unmute("", CALL, CUSTOMER, GROUP)]


def test_where_another_rule_acts_on_the_same_words_nothing_is_done_until_its_words_are_taken_back() -> None:
    score = answered_call()
    found = violated(verdict(MUTE, ALERT))
    assert score.play(replace(found, outranked="other")) == []
    assert [type(order) for order in score.play(found)] == [Mute, Alert]


def test_each_time_something_is_asked_for_it_is_missed_or_said_by_itself() -> None:
    score = answered_call()
    score.play(facts.DisclosureChanged(CALL, 5.0, "promise", Disclosure.SAID, 24000, 7))
    score.play(facts.DisclosureChanged(CALL, 6.0, "promise", Disclosure.MISSING, 32000, 8))
    assert dict(score.state.disclosures) == {"promise#7": Disclosure.SAID, "promise#8": Disclosure.MISSING}
    missed = violated(verdict(REMIND), Confirm.FINAL, utterance=MISSED)
    assert score.play(replace(missed, hit=replace(missed.hit, ordinal=7))) == []
    assert [type(order) for order in score.play(replace(missed, hit=replace(missed.hit, ordinal=8)))] == [Remind]
    score.play(facts.DisclosureChanged(CALL, 7.0, "promise", Disclosure.VOID, 24000, 8))
    assert dict(score.state.disclosures) == {"promise#7": Disclosure.SAID}


def test_hanging_up_wants_an_admins_leave_and_final_words() -> None:
    what = verdict(HANG_UP)
    refused = answered_call().play(violated(what, Confirm.FINAL))
    assert refused == [BookAct("", CALL, "hang_up", "not-allowed", "promise")]
    allowed = answered_call(Policy(allow_hang_up=True))
    assert allowed.play(violated(what, Confirm.AGREED)) == []
    assert allowed.play(violated(what, Confirm.FINAL)) == [HangUp("", CALL, AGENT)]


def test_a_supervisor_is_asked_for_once_by_agreed_words_and_never_in_shadow_mode() -> None:
    score, what = answered_call(), verdict(Action(Act.SUPERVISOR), confirm=Confirm.PARTIAL)
    assert score.play(violated(what, Confirm.PARTIAL)) == []
    [asked] = score.play(violated(what, Confirm.AGREED))
    assert isinstance(asked, Alert)
    assert (asked.kind, asked.rule, asked.hit) == ("supervisor-wanted", what.rule, hit())
    assert score.play(violated(what, Confirm.FINAL)) == []
    shadow = answered_call()
    shadow.play(facts.ShadowSet(CALL, 10.0, True))
    [withheld] = shadow.play(violated(what, Confirm.AGREED))
    assert isinstance(withheld, BookAct)
    assert (withheld.act, withheld.outcome) == ("supervisor", "shadow")


def test_shadow_mode_touches_nothing_and_books_what_it_withheld() -> None:
    score = answered_call(Policy(allow_hang_up=True))
    score.play(facts.ShadowSet(CALL, 3.0, True))
    orders = score.play(violated(verdict(MUTE, ALERT, REMIND, HANG_UP, ANNOUNCE), Confirm.FINAL))
    assert all(isinstance(o, BookAct) and o.outcome == "shadow" for o in orders)
    assert len(orders) == 5


def test_going_into_shadow_mode_lifts_our_mutes_and_leaves_a_persons() -> None:
    score = answered_call()
    score.play(violated(verdict(MUTE)))
    assert [type(o) for o in score.play(facts.ShadowSet(CALL, 3.0, True))] == [Unmute]
    score = answered_call()
    score.play(facts.Commanded(CALL, 3.0, "1", "root", "mute", 30.0))
    assert score.play(facts.ShadowSet(CALL, 4.0, True)) == []


def test_peoples_commands_ignore_shadow_mode_and_the_leave_to_hang_up() -> None:
    score = answered_call()
    score.play(facts.ShadowSet(CALL, 3.0, True))
    assert score.play(facts.Commanded(CALL, 4.0, "1", "root", "mute", 30.0)) == [
        Mute("", CALL, CUSTOMER, 30.0, GROUP)
    ]
    assert score.play(facts.Commanded(CALL, 5.0, "2", "root", "unmute")) == [Unmute("", CALL, CUSTOMER, GROUP)]
    assert score.play(facts.Commanded(CALL, 6.0, "3", "root", "hang_up")) == [HangUp("", CALL, AGENT)]


def test_a_closing_that_is_taken_back_is_neither_armed_again_nor_missed() -> None:
    score = answered_call()
    disarm = facts.Commanded(CALL, 3.0, "1", "root", "disarm")
    assert score.play(disarm, disarm) == [
        DisarmClosing("", CALL, CUSTOMER), GuardHold("", CALL, AGENT, on=False),
    ]
    orders = score.play(facts.Parted(CALL, 9.0), facts.Joined(CALL, 10.0, AGENT, Role.AGENT, 8000),
                        facts.Parted(CALL, 19.0), facts.Gone(CALL, 30.0, "hung-up"))
    assert [type(o).__name__ for o in orders] == ["BookCall", "StopListening"]


def test_a_command_that_comes_twice_is_done_once() -> None:
    score = answered_call()
    command = facts.Commanded(CALL, 3.0, "1", "root", "hang_up")
    assert len(score.play(command, command)) == 1


def test_the_supervisor_who_took_over_is_not_acted_on() -> None:
    score = answered_call()
    score.play(facts.Joined(CALL, 9.0, SUPERVISOR, Role.SUPERVISOR, 8000))
    assert score.play(violated(verdict(MUTE, REMIND))) == [
        BookAct("", CALL, "mute", "role-unknown", "promise"), BookAct("", CALL, "remind", "role-unknown", "promise"),
    ]


def test_words_judged_after_the_agent_left_are_too_late_to_act_on_but_not_to_tell() -> None:
    score = answered_call()
    score.play(facts.Parted(CALL, 9.0))
    orders = score.play(violated(verdict(MUTE, ALERT)))
    assert [type(o) for o in orders] == [BookAct, Alert]
    assert orders[0] == BookAct("", CALL, "mute", "too-late", "promise")


def test_a_mute_the_switch_refuses_is_told_and_followed_by_the_next_act() -> None:
    score = answered_call()
    score.play(violated(verdict(MUTE)))
    assert [type(o) for o in score.outcome_of(Mute, "failed", "-ERR No such channel!")] == [Alert]
    score = answered_call(Policy(mute_fallback="hang_up", allow_hang_up=True))
    score.play(violated(verdict(MUTE)))
    assert [type(o) for o in score.outcome_of(Mute, "unknown")] == [Alert, HangUp]
    score = answered_call(Policy(mute_fallback="hang_up"))
    score.play(violated(verdict(MUTE)))
    assert [type(o) for o in score.outcome_of(Mute, "failed")] == [Alert]
    score = answered_call(Policy(mute_fallback="announce"))
    score.play(violated(verdict(MUTE)))
    assert [type(o) for o in score.outcome_of(Mute, "failed")] == [Alert, Announce]


def test_a_release_of_unknown_outcome_is_sent_again_until_it_is_known() -> None:
    score = answered_call()
    score.play(violated(verdict(MUTE)), facts.TimerFired(CALL, 13.0, "mute"))
    score.outcome_of(Unmute, "unknown", at=13.1)
    assert score.timers["release"] == 13.6
    assert score.play(facts.TimerFired(CALL, 13.6, "release")) == [Unmute("", CALL, CUSTOMER, GROUP)]
    score.outcome_of(Unmute)
    assert [kind for _, kind in score.state.pending] == ["Mute"]


# --- scenario reminders ----------------------------------------------------------------------------------------------
def missed(rule: str, at: float, prompt: str = "conditions") -> facts.Violated:
    """A price was said, and its conditions were not within so long."""
    what = verdict(Action(Act.REMIND, prompt=prompt), rule=rule, severity=Severity.NOTICE, confirm=Confirm.PARTIAL)
    return violated(what, Confirm.FINAL, at=at, utterance=MISSED)


def test_what_was_not_said_after_a_promotion_is_whispered_to_the_agent() -> None:
    assert answered_call().play(missed("price", 10.0)) == [Remind("", CALL, AGENT, "conditions")]


def test_a_call_gets_one_reminder_in_15_seconds_and_the_others_are_written_down() -> None:
    score = answered_call()
    score.play(missed("price", 10.0))
    assert score.play(missed("complaint", 24.9)) == [BookAct("", CALL, "remind", "suppressed", "complaint")]
    assert score.play(missed("refund", 25.0, "identity")) == [Remind("", CALL, AGENT, "identity")]
    assert score.play(missed("deadline", 30.0)) == [BookAct("", CALL, "remind", "suppressed", "deadline")]


def test_two_reminders_of_one_violation_are_one() -> None:
    what = verdict(Action(Act.REMIND, prompt="conditions"), Action(Act.REMIND, prompt="identity"), ALERT)
    told = answered_call().play(violated(what))
    assert [type(one) for one in told] == [Remind, BookAct, Alert]


def test_the_gap_is_a_setting_and_0_lets_every_reminder_through() -> None:
    score = answered_call(Policy(remind_gap=0.0))
    score.play(missed("price", 10.0))
    assert score.play(missed("complaint", 10.0)) == [Remind("", CALL, AGENT, "conditions")]


def test_a_reminder_holds_back_no_other_act() -> None:
    score = answered_call()
    score.play(missed("price", 10.0))
    assert [type(one) for one in score.play(violated(verdict(MUTE), at=11.0))] == [Mute]


def test_a_reminder_that_was_withheld_for_another_reason_holds_back_none() -> None:
    score = answered_call()
    score.play(facts.ShadowSet(CALL, 3.0, True), missed("price", 10.0), facts.ShadowSet(CALL, 11.0, False))
    assert score.play(missed("complaint", 12.0)) == [Remind("", CALL, AGENT, "conditions")]


def test_after_a_restart_the_last_reminder_is_remembered() -> None:
    """The state is folded from the journal alone: it holds when the last one was ordered."""
    score = answered_call()
    score.play(missed("price", 10.0), facts.Resumed(CALL, 12.0))
    assert score.play(missed("complaint", 14.0)) == [BookAct("", CALL, "remind", "suppressed", "complaint")]


SCENARIO = """
pack: scenario
version: "1"
language: zh
rules:
  - id: conditions
    says: agent
    require: {after: {any: [优惠, 打折]}, any: [截止, 条件], within: 8s}
    severity: notice
    actions: [{remind: conditions}]
"""


def test_a_promotion_without_its_conditions_reminds_the_agent_and_one_with_them_does_not(tmp_path: Path) -> None:
    """From the words to the order, as the judge and the machine play it."""
    judge, score = CallJudge(packs(tmp_path, SCENARIO), CALL, RATE, roles_known=True), answered_call()

    def hear(text: str, utterance: int, second: int) -> list[object]:
        told = judge.hear(said(text, utterance=utterance, final=True, start=second * RATE,
                               decided=(second + 2) * RATE), 10.0 + second)  # fmt: skip
        return list(score.play(*told))

    def silence(until: int) -> list[object]:
        return list(score.play(*judge.heard(Role.AGENT, until * RATE, 10.0 + until)))

    assert hear("今天 我们 有 优惠", 0, 1) == []
    assert hear("活动 到 月底 截止", 1, 5) == []
    assert silence(20) == []
    assert hear("再 买 还 打折", 2, 21) == []
    assert silence(28) == []
    assert silence(40) == [Remind("", CALL, AGENT, "conditions")]
    assert silence(60) == []


# --- masks -----------------------------------------------------------------------------------------------------------
ASKED = verdict(Action(Act.MASK, 60.0, until="paid"), rule="card", severity=Severity.NOTICE)
PAID = verdict(rule="paid", severity=Severity.NOTICE)


def test_asking_for_a_card_masks_the_recording_even_in_shadow_mode_and_outranked() -> None:
    score = answered_call()
    score.play(facts.ShadowSet(CALL, 3.0, True))
    assert score.play(replace(violated(ASKED), outranked="other")) == [Mask("", CALL, 60.0, "rule", 12000)]
    assert score.timers["mask"] == 70.0
    assert score.play(violated(ASKED, Confirm.FINAL)) == []


def test_partial_words_mask_nothing_and_words_taken_back_lift_it() -> None:
    score = answered_call()
    assert score.play(violated(ASKED, Confirm.PARTIAL)) == []
    score.play(violated(ASKED))
    assert score.play(facts.Retracted(CALL, 11.0, hit("card"), ASKED)) == [Unmask("", CALL, "retracted")]


def test_words_that_end_a_mask_lift_it_and_are_told_again_without_harm() -> None:
    score = answered_call()
    score.play(violated(PAID, start=8000, end=9000, utterance=1))
    score.play(violated(ASKED, end=12000))
    assert score.play(violated(PAID, Confirm.FINAL, start=8000, end=9000, utterance=1)) == []
    assert score.play(violated(PAID, start=20000, end=24000, utterance=2)) == [Unmask("", CALL, "rule")]
    assert score.play(violated(PAID, Confirm.FINAL, start=20000, end=24000, utterance=2)) == []


def test_a_person_masks_and_unmasks_and_a_command_that_comes_twice_is_done_once() -> None:
    score = answered_call()
    on = facts.Commanded(CALL, 20.0, "c1", "lead", "mask")
    assert score.play(on) == [Mask("", CALL, 300.0, "person", None, 3.0)]
    assert score.play(on) == []
    assert score.play(facts.Commanded(CALL, 25.0, "c2", "lead", "unmask")) == [Unmask("", CALL, "person")]
    assert score.play(facts.Commanded(CALL, 26.0, "c3", "lead", "unmask")) == []
    assert score.state.mask is None


def test_the_agents_key_begins_a_mask_and_ends_the_one_that_stands() -> None:
    score = answered_call()
    assert score.play(facts.Commanded(CALL, 20.0, "k1", "phone", "mask_key")) == [
        Mask("", CALL, 300.0, "key", None, 3.0)]
    assert score.play(facts.Commanded(CALL, 25.0, "k2", "phone", "mask_key")) == [Unmask("", CALL, "key")]
    score.play(violated(ASKED))
    assert score.play(facts.Commanded(CALL, 26.0, "k3", "phone", "mask_key")) == [Unmask("", CALL, "key")]


def test_a_forgotten_mask_lifts_itself_and_people_are_told() -> None:
    score = answered_call()
    score.play(facts.Commanded(CALL, 20.0, "c1", "lead", "mask"))
    unmask, told = score.play(facts.TimerFired(CALL, 320.0, "mask"))
    assert unmask == Unmask("", CALL, "forgotten")
    assert isinstance(told, Alert)
    assert told.kind == "mask-forgotten"
    assert score.play(facts.TimerFired(CALL, 321.0, "mask")) == []


def test_a_mask_that_is_not_done_is_told() -> None:
    score = answered_call()
    score.play(facts.Commanded(CALL, 20.0, "c1", "lead", "mask"))
    [told] = score.outcome_of(Mask, "failed", "nothing is recorded of it")
    assert isinstance(told, Alert)
    assert (told.kind, score.state.mask) == ("mask-failed", None)


def test_nothing_is_masked_before_anything_is_recorded_and_after_the_call() -> None:
    score = Score()
    assert score.play(facts.Commanded(CALL, 1.0, "c1", "lead", "mask")) == []
    score = answered_call()
    score.play(facts.Gone(CALL, 30.0, "hung-up"))
    [booked] = score.play(violated(ASKED))
    assert isinstance(booked, BookAct)
    assert (booked.act, booked.outcome) == ("mask", "too-late")


def test_after_a_restart_a_mask_stands_and_still_ends() -> None:
    score = answered_call()
    score.play(violated(ASKED, at=10.0), facts.Resumed(CALL, 40.0))
    assert score.state.mask is not None
    assert score.timers["mask"] == 70.0
    assert score.play(facts.TimerFired(CALL, 70.0, "mask")) == [Unmask("", CALL, "time")]
