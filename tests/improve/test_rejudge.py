"""A replay under the pack that was in force finds what stood at the end of the live call: the same ear, the same judge,
and only what is sealed in between."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eslbot.improve.rejudge import BadRecord, Judged, rejudge
from eslbot.judge import Packs, load
from eslbot.model.audio import Gap, Voice
from eslbot.model.call import Confirm, Role
from eslbot.model.facts import Retracted, Violated
from eslbot.model.words import Hypothesis
from eslbot.redact.masks import MASK
from tests.improve.sealed import CALL, RATE, Kept, Live, end_of, final, words_of
from tests.judge.build import packs as build

PACK = """
pack: test
version: "1"
language: zh
rules:
  - {id: promise, says: agent, any: [稳赚不赔, 保本], severity: severe}
  - {id: rude, says: either, any: [滚开], severity: warning}
  - {id: both, says: agent, all: [理财, 收益], severity: notice}
  - {id: near, says: agent, near: {words: [投资, 赚钱], within: 10}, severity: warning}
  - {id: thrice, says: agent, any: [投资], repeated: {times: 2, within: 30s}, severity: notice}
  - {id: rest, says: agent, any: [赚钱], cooldown: 20s, severity: notice}
  - {id: once, says: agent, any: [理财], once: true, severity: notice}
  - {id: early, says: either, any: [好的], during: {first: 5s}, severity: notice}
  - {id: late, says: either, any: [收益], during: {last: 5s}, severity: notice}
  - {id: order, says: agent, sequence: {words: [稳赚, 保本], within: 12}, severity: notice}
  - {id: meanwhile, says: agent, any: [收益], unless: {any: [保本], within: 20s}, severity: notice}
  - {id: price, says: agent, require: {after: {any: [投资]}, any: [通话], within: 6s}, severity: notice}
  - {id: notice, says: agent, require: {any: [通话录音], within: 10s}, severity: severe}
"""
PHRASES = ["稳赚", "不赔", "稳赚不赔", "保本", "滚开", "理财", "收益", "投资", "赚钱", "通话", "录音", "不", "好的"]


@cache
def _packs() -> Packs:
    with TemporaryDirectory() as directory:
        return build(Path(directory), PACK)


@pytest.fixture
def packs() -> Packs:
    return _packs()


def again(packs: Packs, records: list[dict[str, Any]], samples: int | None = None) -> Judged:
    return rejudge(packs, CALL, RATE, False, records, end_of(records) if samples is None else samples)


def stands(told: list[Any]) -> set[tuple[str, str, int, int]]:
    """(rule, role, start, end) of what was found final and not taken back."""
    standing: dict[str, tuple[str, str, int, int]] = {}
    for fact in told:
        if isinstance(fact, Violated) and fact.confirm is Confirm.FINAL:
            standing[fact.hit.key] = (fact.hit.rule, fact.hit.role.value, fact.start, fact.end)
        elif isinstance(fact, Retracted):
            standing.pop(fact.hit.key, None)
    return set(standing.values())


def found(judged: Judged) -> set[tuple[str, str, int, int]]:
    return {(one.rule, one.role, one.start, one.end) for one in judged.found}


TEXT = st.lists(st.sampled_from(PHRASES), max_size=6).map(" ".join)
UTTERANCE = st.tuples(
    st.sampled_from([Role.AGENT, Role.CUSTOMER]), TEXT, st.lists(TEXT, max_size=2), st.sampled_from([0.3, 1.0, 4.0]),
    st.sampled_from(["final", "final", "final", "handed over", "lost"]),
)  # fmt: skip


@given(st.lists(UTTERANCE, max_size=10), st.booleans())
@settings(max_examples=200, deadline=None)
def test_what_stood_live_is_found_again_whatever_partials_came_before(
    spoken: list[tuple[Role, str, list[str], float, str]], roles_known: bool
) -> None:
    packs = _packs()
    live, at, numbers = Live(packs, roles_known=roles_known), 4000, {Role.AGENT: 0, Role.CUSTOMER: 0}
    for role, text, partials, pause, ending in spoken:
        whole = final(text, at, numbers[role], role)
        live.heard(role, at)
        told = False
        if ending == "lost":  # what it held is sealed by nobody, so let it hold no hit
            partials = ["嗯" for _ in partials]
        for count, partial in enumerate(partials):
            decoded = at + 1000 * (count + 1)
            told = told or bool(partial)
            if told:  # a recogniser's first empty answer begins no utterance
                live.hear(Hypothesis(CALL, role, numbers[role], partial, False, at, decoded, decoded))
        if ending != "lost" and (told or text):
            live.hear(whole)
            live.heard(role, whole.decided)
            numbers[role] += 1
        elif told:  # the recogniser died with it
            live.lost(Gap(CALL, at, whole.decided, "recogniser", role))
            numbers[role] += 1
        at = whole.decided + int(pause * RATE)
        if ending == "handed over":
            live.handed(at)
    for role in numbers:
        live.heard(role, at)
    live.end(at)
    assert found(again(packs, live.kept.records, at)) == stands(live.told)


def test_a_hit_has_its_rule_pack_place_and_line(packs: Packs) -> None:
    (one,) = again(packs, words_of("您好 通话 录音", "这个 产品 稳赚不赔 的")).found
    assert (one.rule, one.severity, one.pack, one.version, one.text) == (
        "promise", "severe", "test", "1", "这个 产品 稳赚不赔 的")
    assert one.end - one.start == RATE // 4


def test_a_phrase_over_two_utterances_is_found_as_it_was_live(packs: Packs) -> None:
    assert [one.rule for one in again(packs, words_of("通话 录音 稳赚", "不赔")).found] == ["promise"]


def test_a_disclosure_is_missing_only_where_the_agent_was_there_until_its_deadline(packs: Packs) -> None:
    live = Live(packs)
    live.hear(final("您好", 4000, 0))
    live.faces(None, 6 * RATE)
    judged = again(packs, live.kept.records, 60 * RATE)
    assert (judged.found, judged.disclosures) == ((), {"notice": "pending"})
    live = Live(packs)
    live.hear(final("您好", 4000, 0))
    assert [one.rule for one in again(packs, live.kept.records, 60 * RATE).found] == ["notice"]


def test_lost_audio_makes_a_disclosure_unknown_and_nobody_guilty(packs: Packs) -> None:
    live = Live(packs)
    live.hear(final("您好", 4000, 0))
    live.lost(Gap(CALL, 3 * RATE, 4 * RATE, "recogniser", Role.AGENT))
    judged = again(packs, live.kept.records, 60 * RATE)
    assert (judged.found, judged.disclosures) == ((), {"notice": "unknown"})


def test_what_is_counted_of_an_agent_is_counted_anew_of_the_next_one(packs: Packs) -> None:
    live = Live(packs)
    live.hear(final("理财 投资", 4000, 0))
    live.handed(10000)
    live.hear(final("理财 投资 通话 录音", 12000, 1))
    assert [one.rule for one in again(packs, live.kept.records).found] == ["once", "once"]


def test_a_restart_neither_doubles_a_hit_nor_forgets_what_was_said(packs: Packs) -> None:
    kept = Kept()
    first = Live(packs, kept)
    first.hear(final("通话 录音", 4000, 0))
    first.hear(final("稳赚不赔", 20000, 1))
    kept.samples = 22000
    second = Live(packs, kept, life=1)
    second.hear(final("稳赚不赔", 20300, 0))  # the last seconds, heard twice
    second.hear(final("保本", 60000, 1))
    judged = again(packs, kept.records, 60 * RATE)
    assert [(one.rule, one.start) for one in judged.found] == [("promise", 20000), ("promise", 60000)]
    assert judged.disclosures == {"notice": "said"}


def test_a_supervisors_words_are_not_held_against_the_agent(packs: Packs) -> None:
    live = Live(packs)
    live.hear(final("通话 录音", 4000, 0))
    live.faces(Role.SUPERVISOR, 8 * RATE)
    live.hear(final("保本", 9 * RATE, 1))
    assert not again(packs, live.kept.records).found


def test_with_unknown_roles_only_rules_for_either_are_judged(packs: Packs) -> None:
    live = Live(packs, roles_known=False)
    live.hear(final("滚开 保本", 4000, 0))
    assert [one.rule for one in again(packs, live.kept.records).found] == ["rude"]


def test_a_recording_that_does_not_say_it_is_judged_by_what_the_store_knew(packs: Packs) -> None:
    records = [record for record in words_of("保本") if record["kind"] == "words"]
    assert not rejudge(packs, CALL, RATE, False, records, 20000).found
    assert [one.rule for one in rejudge(packs, CALL, RATE, True, records, 20000).found] == ["promise"]


@pytest.mark.parametrize(
    "broken",
    [{"role": "ghost"}, {"utterance": None}, {"words": [["a", 1]]}, {"start": "soon"}, {"text": 5}],
)
def test_a_record_that_cannot_be_is_told_and_not_judged(packs: Packs, broken: dict[str, Any]) -> None:
    [words] = [record for record in words_of("保本") if record["kind"] == "words"]
    with pytest.raises(BadRecord, match="kind 'words'"):
        again(packs, [words | broken], 8000)


SOUNDS = """
pack: sounds
version: "1"
language: zh
rules:
  - {id: silence, says: agent, acoustic: {silence: 4s}, severity: notice}
  - {id: over, says: agent, acoustic: {talk_over: 2s}, severity: notice}
  - {id: fast, says: either, acoustic: {rate: {above: 300, over: 2s}}, severity: notice}
"""
VOICES = st.lists(st.tuples(st.booleans(), st.integers(1, 6), st.integers(1, 6), st.sampled_from(
    ["said", "said", "said", "lost", "deaf", "alone"])), max_size=8)  # fmt: skip


@cache
def _sounds() -> Packs:
    with TemporaryDirectory() as directory:
        return build(Path(directory), SOUNDS)


@given(VOICES)
@example([(False, 6, 1, "said"), (True, 1, 1, "said")])
@settings(max_examples=150, deadline=None)
def test_silence_talk_over_and_rate_are_found_again_as_they_stood_live(
    spoken: list[tuple[bool, int, int, str]]
) -> None:
    live, at, numbers = Live(_sounds()), RATE, {Role.AGENT: 0, Role.CUSTOMER: 0}
    until = {Role.AGENT: 0, Role.CUSTOMER: 0}

    def voices(span: tuple[int, int] | None, whose: Role, now: int) -> None:
        for role in until:
            if span is None or role is whose:
                live.ear._voice(Voice(CALL, role, () if span is None else (span,), False, now))
            else:  # what the other one says next may begin so much earlier
                live.ear._voice(Voice(CALL, role, (), False, max(0, now - 2 * RATE)))

    for agent, pause, length, what in spoken:
        role = Role.AGENT if agent else Role.CUSTOMER
        at = max(at + (pause - 3) * RATE, until[role] + RATE)
        end = at + length * RATE
        if what == "alone":
            live.ear._end = at
            live.faces(None, at)
            live.faces(Role.AGENT, end)
        elif what in ("lost", "deaf"):
            live.lost(Gap(CALL, at, end, "source" if what == "lost" else "recogniser"))
        else:
            voices((at, end), role, end)
            live.hear(final("这个 产品 每月 都有 收益", at, numbers[role], role, length / 5))
            numbers[role] += 1
        until = dict.fromkeys(until, end) if what == "alone" else until | {role: end}
        at = end
    last = max([at, *until.values()]) + 5 * RATE
    voices(None, Role.AGENT, last)
    live.end(last)
    assert found(rejudge(_sounds(), CALL, RATE, False, live.kept.records, last)) == stands(live.told)


def test_a_recording_that_does_not_say_when_voices_were_heard_calls_nobody_silent() -> None:
    older = [{key: value for key, value in record.items() if key != "voices"} for record in words_of("保本")]
    assert not rejudge(_sounds(), CALL, RATE, True, older, 60 * RATE).found


def test_records_of_kinds_to_come_are_passed_over(packs: Packs, tmp_path: Path) -> None:
    assert not again(packs, [{"kind": "weather"}, {}], 8000).found
    assert not rejudge(load([]), CALL, RATE, True, words_of("保本"), 8000).found


def test_what_was_masked_is_unknown_and_its_marks_are_no_words(packs: Packs) -> None:
    live = Live(packs)
    live.hear(final("这里 通话录音", 2 * RATE, 0, Role.AGENT, 0.5))
    live.end(60 * RATE)
    records = [
        {**r, "text": MASK, "words": [[MASK, r["start"], r["end"]]]} if r["kind"] == "words" else r
        for r in live.kept.records
    ]
    masked = {"kind": "masked", "first": 2 * RATE, "end": 4 * RATE, "by": "key"}
    judged = rejudge(packs, CALL, RATE, True, live.kept.records, 60 * RATE)
    assert judged.disclosures["notice"] == "said"
    judged = rejudge(packs, CALL, RATE, True, [*records, masked], 60 * RATE)
    assert judged.disclosures["notice"] == "unknown"
    assert not judged.found
    assert rejudge(packs, CALL, RATE, True, records, 60 * RATE).disclosures["notice"] == "missing"
