from pathlib import Path

import pytest

from eslbot.judge.inforce import Packs
from eslbot.judge.session import CallJudge
from eslbot.model.audio import Gap
from eslbot.model.call import Confirm, Role, Severity
from eslbot.model.facts import CallFact, DisclosureChanged, Retracted, Violated
from eslbot.model.judgement import Act, Disclosure, Hit, Law
from tests.judge.build import CALL, RATE, in_force, packs, said

PACK = """
pack: mine
version: "7"
language: zh
rules:
  - id: promise
    title: promise of return
    says: agent
    any: [稳赚不赔]
    severity: severe
    confirm: agreed
    actions: [{mute: 3s}, alert]
    law: {source: 广告法 25, sure: P}
  - {id: opt-out, says: customer, any: [不要再打], severity: notice}
  - {id: abuse, says: either, any: [闭嘴], severity: warning}
  - {id: notice, says: agent, require: {any: [通话将被录音], within: 20s}, severity: warning, actions: [remind]}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Packs:
    return packs(tmp_path, PACK)


def judge(pack: Packs, *, roles_known: bool = True) -> CallJudge:
    return CallJudge(pack, CALL, RATE, roles_known)


def violated(facts: list[CallFact]) -> list[tuple[str, Role, Confirm]]:
    return [(fact.hit.rule, fact.hit.role, fact.confirm) for fact in facts if isinstance(fact, Violated)]


def test_a_violation_carries_rule_pack_version_law_words_and_times(pack: Packs) -> None:
    (fact,) = judge(pack).hear(said("稳 赚 不 赔", utterance=3, start=8000, decided=9000), at=17.5)
    assert isinstance(fact, Violated)
    assert (fact.call, fact.at, fact.confirm) == (CALL, 17.5, Confirm.PARTIAL)
    assert (fact.start, fact.end, fact.decided) == (8000, 9000, 9000)
    assert fact.hit.key == f"{CALL}/agent/3/promise/0"
    verdict = fact.verdict
    assert (verdict.rule, verdict.title, verdict.pack, verdict.version) == ("promise", "promise of return", "mine", "7")
    assert (verdict.severity, verdict.confirm) == (Severity.SEVERE, Confirm.AGREED)
    assert verdict.laws == (Law("广告法 25", "P"),)
    assert [(action.act, action.seconds) for action in verdict.actions] == [(Act.MUTE, 3.0), (Act.ALERT, None)]


def test_each_side_is_judged_by_its_own_rules(pack: Packs) -> None:
    court, words = judge(pack), "稳赚不赔 不要再打 闭嘴"
    assert violated(court.hear(said(words, final=True), 0)) == [
        ("promise", Role.AGENT, Confirm.FINAL), ("abuse", Role.AGENT, Confirm.FINAL),
    ]  # fmt: skip
    assert violated(court.hear(said(words, final=True, role=Role.CUSTOMER), 0)) == [
        ("opt-out", Role.CUSTOMER, Confirm.FINAL), ("abuse", Role.CUSTOMER, Confirm.FINAL),
    ]  # fmt: skip


def test_with_unknown_roles_only_rules_of_either_side_judge_and_nothing_is_required(pack: Packs) -> None:
    court = judge(pack, roles_known=False)
    assert [rule for rule, *_ in violated(court.hear(said("稳赚不赔 闭嘴", final=True), 0))] == ["abuse"]
    assert court.heard(Role.AGENT, 60 * RATE, 0) == []
    assert court.disclosures() == ()


def test_the_same_hit_grows_surer_and_is_taken_back_under_the_same_key(pack: Packs) -> None:
    court = judge(pack)
    facts = court.hear(said("稳赚不赔", decoded=1000), 1)
    facts += court.hear(said("稳赚不赔", decoded=2000), 2)
    facts += court.hear(said("问卷不配", decoded=3000, final=True), 3)
    assert violated(facts) == [("promise", Role.AGENT, Confirm.PARTIAL), ("promise", Role.AGENT, Confirm.AGREED)]
    assert isinstance(facts[-1], Retracted)
    assert {fact.hit.key for fact in facts if isinstance(fact, Violated | Retracted)} == {f"{CALL}/agent/0/promise/0"}


def test_a_required_disclosure_that_is_said_is_no_violation(pack: Packs) -> None:
    court = judge(pack)
    facts = court.hear(said("本次 通话 将 被 录音", final=True, start=16000, decided=32000), 4)
    assert facts == [DisclosureChanged(CALL, 4, "notice", Disclosure.SAID, facts[0].sample)]  # type: ignore[union-attr]
    assert court.heard(Role.AGENT, 60 * RATE, 60) == []


def test_a_required_disclosure_that_is_missed_violates_with_the_window(pack: Packs) -> None:
    court = judge(pack)
    changed, violation = court.heard(Role.AGENT, 30 * RATE, 30)
    assert changed == DisclosureChanged(CALL, 30, "notice", Disclosure.MISSING, 20 * RATE)
    assert isinstance(violation, Violated)
    assert (violation.hit.utterance, violation.hit.ordinal, violation.confirm) == (-1, 0, Confirm.FINAL)
    assert (violation.start, violation.end, violation.decided) == (0, 20 * RATE, 30 * RATE)
    assert violation.hit.role is Role.AGENT
    assert court.heard(Role.AGENT, 31 * RATE, 31) == []


def test_words_begun_in_time_are_waited_for_while_they_are_still_coming(pack: Packs) -> None:
    court, start = judge(pack), 19 * RATE
    assert court.hear(said("本次 通话", start=start, decided=20 * RATE), 20) == []
    assert court.heard(Role.AGENT, 22 * RATE, 22) == []
    (fact,) = court.hear(said("本次 通话 将 被 录音", start=start, decided=22 * RATE, final=True), 22)
    assert isinstance(fact, DisclosureChanged)
    assert fact.state is Disclosure.SAID


def test_words_that_were_waited_for_in_vain_are_missing_as_the_utterance_ends(pack: Packs) -> None:
    court, start = judge(pack), 19 * RATE
    court.hear(said("本次 通话", start=start, decided=20 * RATE), 20)
    court.heard(Role.AGENT, 22 * RATE, 22)
    facts = court.hear(said("本次 通话 结束", start=start, decided=22 * RATE, final=True), 22)
    assert violated(facts) == [("notice", Role.AGENT, Confirm.FINAL)]


def test_agreed_words_the_final_takes_back_after_the_deadline_are_missing(pack: Packs) -> None:
    court, start = judge(pack), 18 * RATE
    court.hear(said("通话 将 被 录音", start=start, decided=19 * RATE), 19)
    (fact,) = court.hear(said("通话 将 被 录音", start=start, decided=20 * RATE), 20)
    assert isinstance(fact, DisclosureChanged)
    court.heard(Role.AGENT, 22 * RATE, 22)
    facts = court.hear(said("通话 将 结束", start=start, decided=22 * RATE, final=True), 22)
    assert [fact.state for fact in facts if isinstance(fact, DisclosureChanged)] == [
        Disclosure.PENDING, Disclosure.MISSING,
    ]  # fmt: skip
    assert violated(facts) == [("notice", Role.AGENT, Confirm.FINAL)]


def test_lost_audio_makes_it_unknown_and_violates_nothing(pack: Packs) -> None:
    court = judge(pack)
    facts = court.lost(Gap(CALL, RATE, 2 * RATE, "recogniser", Role.AGENT), 2)
    assert [fact.state for fact in facts if isinstance(fact, DisclosureChanged)] == [Disclosure.UNKNOWN]
    assert violated(facts) == []
    assert court.heard(Role.AGENT, 60 * RATE, 60) == []


def test_a_gap_told_late_takes_the_violation_back(pack: Packs) -> None:
    court = judge(pack)
    _, violation = court.heard(Role.AGENT, 30 * RATE, 30)
    changed, retracted = court.lost(Gap(CALL, RATE, 2 * RATE, "audio-late"), 31)
    assert isinstance(changed, DisclosureChanged)
    assert isinstance(violation, Violated)
    assert isinstance(retracted, Retracted)
    assert retracted.hit == violation.hit


def test_a_finished_utterance_heard_again_changes_nothing(pack: Packs) -> None:
    court = judge(pack)
    court.hear(said("好的", utterance=4, final=True), 1)
    assert court.hear(said("稳赚不赔", utterance=4, final=True), 2) == []
    assert court.hear(said("稳赚不赔", utterance=2), 2) == []


def test_a_finished_utterance_heard_again_is_not_waited_for(pack: Packs) -> None:
    court = judge(pack)
    court.hear(said("好的", start=19 * RATE, decided=20 * RATE, final=True), 20)
    court.hear(said("好的 我", start=19 * RATE, decided=20 * RATE), 20)
    assert violated(court.heard(Role.AGENT, 21 * RATE, 21)) == [("notice", Role.AGENT, Confirm.FINAL)]


def test_a_supervisor_is_not_judged(pack: Packs) -> None:
    court = judge(pack)
    assert court.hear(said("闭嘴", role=Role.SUPERVISOR, final=True), 1) == []
    assert court.heard(Role.SUPERVISOR, 90 * RATE, 90) == []


def test_two_calls_share_packs_and_nothing_else(pack: Packs) -> None:
    one, other = judge(pack), judge(pack)
    one.hear(said("稳赚", final=True), 1)
    assert other.hear(said("不赔", utterance=1, final=True), 1) == []
    assert violated(one.hear(said("不赔", utterance=1, final=True), 2)) == [("promise", Role.AGENT, Confirm.FINAL)]


# --- overlapping rules, words, triggers and the end ------------------------------------------------------------------
RANKED = (
    {"id": "low", "any": ["保本"], "actions": [{"mute": "3s"}]},
    {"id": "high", "any": ["保本保息"], "priority": "5"},
    {"id": "aside", "any": ["零风险"]},
)


def outranked(facts: list[CallFact]) -> list[tuple[str, str, str]]:
    return [(f.hit.rule, f.confirm.label, f.outranked) for f in facts if isinstance(f, Violated)]


def test_where_words_of_two_rules_overlap_the_higher_one_acts_and_the_other_is_recorded() -> None:
    court = judge(in_force(*RANKED))
    assert outranked(court.hear(said("保本保息 零风险", final=True), 0)) == [
        ("low", "final", "high"), ("high", "final", ""), ("aside", "final", ""),
    ]  # fmt: skip


def test_a_rule_acts_until_a_higher_one_is_heard_and_again_when_that_is_taken_back() -> None:
    court = judge(in_force(*RANKED))
    assert outranked(court.hear(said("保本", decoded=1000), 0)) == [("low", "partial", "")]
    assert outranked(court.hear(said("保本保息", decoded=2000), 0)) == [
        ("low", "agreed", "high"), ("high", "partial", ""),
    ]  # fmt: skip
    facts = court.hear(said("保本 的", decoded=3000, final=True), 0)
    assert outranked(facts) == [("low", "final", "")]
    assert isinstance(facts[-1], Retracted)


def test_words_of_the_other_side_do_not_outrank() -> None:
    high = {"id": "high", "says": "customer", "any": ["保本"], "priority": "5"}
    court = judge(in_force({"id": "low", "any": ["保本"]}, high))
    court.hear(said("保本", final=True, role=Role.CUSTOMER), 0)
    assert outranked(court.hear(said("保本", final=True), 0)) == [("low", "final", "")]


def test_the_words_of_a_violation_are_told_on_request_as_they_were_heard_and_by_no_fact() -> None:
    court = judge(in_force({"id": "near", "near": {"words": ["转账", "账户"], "within": "9"}}))
    court.hear(said("请 轉 帳", final=True, start=0, decided=8000), 0)
    (fact,) = court.hear(said("到 我的 賬戶 吧", utterance=1, final=True, start=9000, decided=12000), 0)
    assert isinstance(fact, Violated)
    assert court.words(fact.hit) == "轉 帳 到 我的 賬戶"
    assert "帳" not in repr(fact)
    assert court.words(Hit(CALL, Role.AGENT, 9, "near", 0)) == ""


AFTER = {
    "id": "conditions", "says": "agent", "actions": ["remind"],
    "require": {"after": {"any": ["优惠"], "says": "either"}, "any": ["截止"], "within": "15s"},
}


def test_what_a_trigger_asks_for_and_nobody_says_violates_with_its_own_ordinal() -> None:
    court = judge(in_force(AFTER))
    first = court.hear(said("我要 优惠", final=True, start=RATE, decided=2 * RATE, role=Role.CUSTOMER), 2)
    (opened,) = first
    assert isinstance(opened, DisclosureChanged)
    assert opened.state is Disclosure.PENDING
    (item,) = court.disclosures()
    assert (item.rule, item.by, item.ordinal) == ("conditions", Role.AGENT, opened.ordinal)
    assert item.remaining == pytest.approx(1 + 5 / 5 + 15, abs=0.001)  # the last of five characters of a second
    changed, violation = court.heard(Role.AGENT, 20 * RATE, 20)
    assert isinstance(changed, DisclosureChanged)
    assert isinstance(violation, Violated)
    assert (violation.hit.utterance, violation.hit.role, violation.confirm) == (-1, Role.AGENT, Confirm.FINAL)
    assert violation.hit.ordinal == changed.ordinal == opened.ordinal > 0
    assert court.words(violation.hit) == "优惠"
    (again,) = court.hear(said("优惠", utterance=1, final=True, start=30 * RATE, decided=31 * RATE), 31)
    assert isinstance(again, DisclosureChanged)
    assert again.ordinal != opened.ordinal


def test_what_a_trigger_asks_for_and_somebody_says_is_no_violation() -> None:
    court = judge(in_force(AFTER))
    court.hear(said("我要 优惠", final=True, start=RATE, decided=2 * RATE, role=Role.CUSTOMER), 2)
    (changed,) = court.hear(said("今天 截止", final=True, start=3 * RATE, decided=4 * RATE), 4)
    assert isinstance(changed, DisclosureChanged)
    assert changed.state is Disclosure.SAID
    assert court.heard(Role.AGENT, 60 * RATE, 60) == []


def test_a_trigger_that_is_taken_back_takes_its_violation_back() -> None:
    court = judge(in_force(AFTER))
    court.hear(said("优惠", start=0, decided=RATE, decoded=1000, role=Role.CUSTOMER), 1)
    court.hear(said("优惠", start=0, decided=RATE, decoded=2000, role=Role.CUSTOMER), 1)
    _, violation = court.heard(Role.AGENT, 30 * RATE, 30)
    assert isinstance(violation, Violated)
    assert violation.confirm is Confirm.AGREED
    final = said("犹豫", start=0, decided=31 * RATE, decoded=9000, final=True, role=Role.CUSTOMER)
    changed, retracted = court.hear(final, 31)
    assert isinstance(changed, DisclosureChanged)
    assert changed.state is Disclosure.VOID
    assert isinstance(retracted, Retracted)
    assert retracted.hit == violation.hit
    assert court.disclosures() == ()


def test_with_unknown_roles_a_trigger_asks_nobody() -> None:
    court = judge(in_force(AFTER), roles_known=False)
    assert court.hear(said("优惠", final=True), 1) == []
    assert court.disclosures() == ()


def test_words_of_the_last_seconds_violate_when_the_talk_has_ended() -> None:
    court = judge(in_force({"id": "bye", "any": ["再见"], "during": {"last": "10s"}}))
    assert court.hear(said("再见", final=True, start=10 * RATE, decided=11 * RATE), 11) == []
    assert court.hear(said("再见", utterance=1, final=True, start=50 * RATE, decided=51 * RATE), 51) == []
    (fact,) = court.end(55 * RATE, 55)
    assert isinstance(fact, Violated)
    assert (fact.start, fact.decided) == (50 * RATE, 55 * RATE)


def test_a_deadline_that_passed_just_before_the_end_is_missed(pack: Packs) -> None:
    court = judge(pack)
    assert court.heard(Role.AGENT, round(20.2 * RATE), 20) == []
    assert violated(court.end(round(20.3 * RATE), 20)) == [("notice", Role.AGENT, Confirm.FINAL)]
    assert judge(pack).end(round(19.9 * RATE), 20) == []


def test_english_rules_of_every_kind_judge_english() -> None:
    court = judge(in_force(
        {"id": "regex", "regex": {"pattern": r"\bno (real )?risk\b"}},
        {"id": "order", "sequence": {"words": ["send", "my account"], "within": "6"}},
        {"id": "some", "some": {"words": ["gold", "silver", "oil"], "at_least": "2"}, "none": ["joke"]}, language="en",
    ))  # fmt: skip
    facts = court.hear(said("There is no real risk! Send it to my account: oil, gold.", final=True), 0)
    assert [rule for rule, *_ in violated(facts)] == ["regex", "order", "some"]
    assert violated(court.hear(said("oil and gold, a joke", utterance=1, final=True), 0)) == []
