"""What the sealed transcript keeps of words and findings."""

from eslbot.model import facts
from eslbot.model.audio import Gap
from eslbot.model.call import Confirm, Role
from eslbot.model.judgement import Disclosure
from eslbot.model.words import Hypothesis, Word
from eslbot.service.hearing.transcript import finding_record, gap_record, side_record, words_record
from tests.words import CALL, MUTE, hit, verdict, violated


def test_what_is_kept_of_findings_has_its_rule_law_and_place() -> None:
    kept = finding_record(violated(verdict(MUTE), Confirm.AGREED, start=5, end=9))
    assert kept is not None
    assert (kept["rule"], kept["law"], kept["start"], kept["end"]) == ("promise", [["a law", "P"]], 5, 9)
    assert finding_record(violated(verdict(MUTE), Confirm.PARTIAL)) is None
    assert finding_record(facts.Retracted(CALL, 1.0, hit(), verdict(MUTE))) == {"kind": "retracted", "hit": hit().key}
    changed = facts.DisclosureChanged(CALL, 1.0, "notice", Disclosure.SAID, 7)
    assert finding_record(changed) == {
        "kind": "disclosure", "rule": "notice", "state": "said", "sample": 7, "ordinal": 0,
    }  # fmt: skip


def test_an_utterance_is_kept_with_who_spoke_and_when() -> None:
    spoken = Hypothesis(CALL, Role.CUSTOMER, 3, "好的", True, 10, 90, 80, (Word("好的", 20, 60),))
    assert words_record(spoken, Role.CUSTOMER) == {
        "kind": "words", "role": "customer", "utterance": 3, "text": "好的", "start": 10, "end": 90,
        "words": [["好的", 20, 60]],
    }


def test_who_is_on_the_agents_side_may_be_nobody_or_two() -> None:
    assert side_record(80, None) == {"kind": "side", "sample": 80, "role": None}
    assert side_record(80, Role.SUPERVISOR, shared=True) == {
        "kind": "side", "sample": 80, "role": "supervisor", "shared": True,
    }  # fmt: skip


def test_a_gap_is_kept_with_how_far_each_side_had_been_heard() -> None:
    assert gap_record(Gap(CALL, 10, 90, "overrun"), {Role.AGENT: 7}) == {
        "kind": "gap", "first": 10, "end": 90, "reason": "overrun", "role": None, "heard": {"agent": 7},
    }  # fmt: skip
