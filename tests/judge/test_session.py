from pathlib import Path

import pytest

from eslbot.judge.inforce import Packs
from eslbot.judge.session import CallJudge
from eslbot.model.audio import Gap
from eslbot.model.call import Confirm, Role, Severity
from eslbot.model.facts import CallFact, DisclosureChanged, Retracted, Violated
from eslbot.model.judgement import Act, Disclosure, Law
from tests.judge.build import CALL, RATE, packs, said

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
