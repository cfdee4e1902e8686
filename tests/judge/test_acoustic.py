"""Silence, talk-over and speech rate, against what was really there: bursts and speech that are known to the sample go
through the real voice detector and the real judge."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot import data
from eslbot.judge import CallJudge
from eslbot.judge.acoustic import Acoustics, Heard, Unheard
from eslbot.judge.rules import Acoustic
from eslbot.listen.voice import VoiceGate
from eslbot.model.audio import Gap, Voice
from eslbot.model.call import Role
from eslbot.model.facts import CallFact, Retracted, Violated
from eslbot.model.words import Hypothesis, Word
from eslbot.sim.dialogue import load as load_dialogue
from tests.judge.build import CALL, RATE, packs
from tests.listen.test_speaking import bursts

PACK = """
pack: heard
version: "1"
language: zh
rules:
  - {id: silence, says: agent, acoustic: {silence: 4s}, severity: notice}
  - {id: over, says: agent, acoustic: {talk_over: 2s}, severity: notice}
  - {id: fast, says: agent, acoustic: {rate: {above: 300, over: 5s}}, severity: notice}
"""
CLOSE = int(0.2 * RATE)
Spans = list[tuple[float, float]]


def judge(tmp_path: Path) -> CallJudge:
    return CallJudge(packs(tmp_path, PACK), CALL, RATE, roles_known=True)


def hear(one: CallJudge, agent: np.ndarray, customer: np.ndarray) -> list[CallFact]:
    """Both legs' audio, 20 ms by 20 ms, through the real gates."""
    gates, told = {Role.AGENT: VoiceGate(RATE), Role.CUSTOMER: VoiceGate(RATE)}, list[CallFact]()
    for first in range(0, len(agent), RATE // 50):
        for role, samples in ((Role.AGENT, agent), (Role.CUSTOMER, customer)):
            gate = gates[role]
            gate.feed(samples[first : first + RATE // 50].tobytes(), first, True)
            assert gate.speaking is not None
            spans, goes_on = gate.speaking.take()
            told += one.voice(Voice(CALL, role, spans, goes_on, gate.speaking.known), 0.0)
    return told


def hits(told: list[CallFact], rule: str) -> list[tuple[int, int]]:
    return [(fact.start, fact.end) for fact in told if isinstance(fact, Violated) and fact.hit.rule == rule]


@pytest.mark.parametrize(
    ("agent", "customer", "silences"),
    [
        ([(0.5, 2.0), (9.0, 11.0)], [], [2.0, 11.0]),
        ([(0.5, 2.0), (9.0, 11.0)], [(5.0, 6.0)], [11.0]),
        ([(0.5, 2.0)], [(1.0, 4.0), (7.0, 11.5)], [11.5]),
        ([(5.0, 6.0)], [(6.5, 9.0), (12.0, 16.0)], [0.0]),
    ],
)
def test_silence_is_where_nobody_speaks_and_is_told_when_it_is_long_enough(
    tmp_path: Path, agent: Spans, customer: Spans, silences: list[float]
) -> None:
    told = hits(hear(judge(tmp_path), bursts(agent, 16.0), bursts(customer, 16.0)), "silence")
    assert len(told) == len(silences)
    for (start, end), since in zip(told, silences, strict=True):
        assert abs(start - since * RATE) <= CLOSE
        assert end - start == 4 * RATE


@pytest.mark.parametrize(
    ("agent", "customer", "overs"),
    [
        ([(1.0, 6.0)], [(3.0, 8.0)], [3.0]), ([(1.0, 4.0)], [(2.5, 8.0)], []),
        ([(1.0, 12.0)], [(2.0, 5.0), (7.0, 9.5)], [2.0, 7.0]), ([(1.0, 4.0)], [(4.5, 8.0)], []),
        ([(1.0, 4.5)], [(2.0, 4.4)], [2.0]), ([(1.0, 4.5)], [(2.0, 3.6)], []),
    ],
)
def test_talking_over_is_where_both_speak_at_once(
    tmp_path: Path, agent: Spans, customer: Spans, overs: list[float]
) -> None:
    told = hits(hear(judge(tmp_path), bursts(agent, 14.0), bursts(customer, 14.0)), "over")
    assert len(told) == len(overs)
    for (start, end), since in zip(told, overs, strict=True):
        assert abs(start - since * RATE) <= CLOSE
        assert end - start == 2 * RATE


def spoken(text: str, start: int, rate_a_minute: float) -> Hypothesis:
    """A final whose words come at so many characters a minute."""
    words, at = [], float(start)
    for word in text.split():
        length = len(word) * 60 / rate_a_minute * RATE
        words.append(Word(word, round(at), round(at + length)))
        at += length
    return Hypothesis(CALL, Role.AGENT, 0, text, True, start, round(at), round(at), tuple(words))


@pytest.mark.parametrize(("rate", "fast"), [(240, 0), (270, 0), (330, 1), (400, 1)])
def test_a_rate_is_judged_within_a_tenth_of_the_truth(tmp_path: Path, rate: int, fast: int) -> None:
    text = " ".join(["这个 产品 每月 都有 收益"] * 4)
    told = hits(judge(tmp_path).hear(spoken(text, 8000, rate), 0.0), "fast")
    assert bool(told) == bool(fast)


def test_real_speech_has_the_rate_it_was_spoken_at(tmp_path: Path) -> None:
    """The shipped speech: its characters over its length in time, and a rule a tenth below and above."""
    said = max(load_dialogue(data.dialogues("zh") / "severe-promise").agent.lines, key=lambda line: len(line.text))
    gate = VoiceGate(RATE)
    gate.feed(said.pcm.tobytes() + bytes(RATE * 2), 0, True)
    assert gate.speaking is not None
    gate.speaking.cut()
    ((start, end),) = gate.speaking.take()[0]
    count = sum(character.isalnum() for character in said.text)
    truth = count * 60 * RATE / len(said.pcm)
    assert abs((end - start) - len(said.pcm)) <= CLOSE
    step = (end - start) / count
    words = tuple(Word(c, round(start + n * step), round(start + (n + 1) * step)) for n, c in enumerate("的" * count))
    for share, fast in ((0.9, True), (1.1, False)):
        what = Acoustic(rate_above=round(truth * share), rate_over=5.0)
        one = Acoustics({"fast": (what, (Role.AGENT,))}, RATE, {"fast": "zh"})
        assert bool(one.said(Role.AGENT, words)) is fast


def test_a_pause_is_no_part_of_the_rate_and_neither_is_the_other_sides_talk(tmp_path: Path) -> None:
    one = judge(tmp_path)
    told = one.hear(spoken("这个 产品 每月", 0, 400), 0.0)
    told += one.hear(spoken("都有 收益 今天", 10 * RATE, 400), 0.0)
    assert hits(told, "fast") == []


def test_lost_audio_is_no_silence_and_takes_back_one_that_was_told(tmp_path: Path) -> None:
    one = Acoustics({"s": (Acoustic(silence=4.0), (Role.AGENT,))}, RATE, {"s": "zh"})
    for role in (Role.AGENT, Role.CUSTOMER):
        one.known(role, 2 * RATE)
    assert one.lost(Gap(CALL, 2 * RATE, 3 * RATE, "source")) == []
    assert [one.known(role, 6 * RATE) for role in (Role.AGENT, Role.CUSTOMER)] == [[], []]
    told = [change for role in (Role.AGENT, Role.CUSTOMER) for change in one.known(role, 8 * RATE)]
    assert told == [Heard("s", Role.AGENT, 3 * RATE, 7 * RATE)]
    assert one.lost(Gap(CALL, 4 * RATE, 5 * RATE, "source")) == [Unheard(told[0])]


def test_what_only_the_recogniser_missed_is_silence_all_the_same(tmp_path: Path) -> None:
    one = judge(tmp_path)
    assert one.lost(Gap(CALL, 0, 10 * RATE, "recogniser", Role.AGENT), 0.0) == []
    quiet = [Voice(CALL, role, (), False, 9 * RATE) for role in (Role.AGENT, Role.CUSTOMER)]
    told = [fact for voice in quiet for fact in one.voice(voice, 0.0)]
    assert hits(told, "silence") == [(0, 4 * RATE)]


def test_while_no_agent_is_there_nobody_is_silent(tmp_path: Path) -> None:
    one = judge(tmp_path)
    quiet = [Voice(CALL, role, (), False, 3 * RATE) for role in (Role.AGENT, Role.CUSTOMER)]
    told = [fact for voice in quiet for fact in one.voice(voice, 0.0)]
    told += one.apart(3 * RATE, 20 * RATE, 0.0)
    for role in (Role.AGENT, Role.CUSTOMER):
        told += one.voice(Voice(CALL, role, (), False, 23 * RATE), 0.0)
    assert told == []


def test_after_a_restart_nobody_was_silent_before(tmp_path: Path) -> None:
    one = judge(tmp_path)
    told = one.lost(Gap(CALL, 98 * RATE, 100 * RATE, "restart"), 0.0)
    for role in (Role.AGENT, Role.CUSTOMER):
        told += one.voice(Voice(CALL, role, (), False, 103 * RATE), 0.0)
    assert told == []


def test_with_unknown_roles_only_rules_for_either_are_judged(tmp_path: Path) -> None:
    one = CallJudge(packs(tmp_path, PACK), CALL, RATE, roles_known=False)
    assert [fact for role in (Role.AGENT, Role.CUSTOMER)
            for fact in one.voice(Voice(CALL, role, (), False, 99 * RATE), 0.0)] == []  # fmt: skip


def test_a_hit_has_a_key_of_its_own_and_is_told_once(tmp_path: Path) -> None:
    told = [fact for fact in hear(judge(tmp_path), bursts([(5.0, 6.0)], 12.0), bursts([], 12.0))
            if isinstance(fact, Violated | Retracted)]  # fmt: skip
    assert len({fact.hit.key for fact in told}) == len(told) == 2


SPANS = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=6)


@given(SPANS, SPANS, st.integers(1, 40))
def test_however_it_becomes_known_the_same_is_found(
    agent: list[tuple[int, int]], customer: list[tuple[int, int]], step: int
) -> None:
    """At once, or piece by piece: the silences and talk-overs of two legs are the same."""
    def place(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        edges = np.cumsum([0, *[length for pair in pairs for length in pair]]).tolist()
        return [(start, end) for n, (start, end) in enumerate(pairwise(edges)) if n % 2]

    legs = {Role.AGENT: place(agent), Role.CUSTOMER: place(customer)}
    end = max([100, *(span[1] + 20 for spans in legs.values() for span in spans)])
    rules = {"s": (Acoustic(silence=9.0), (Role.AGENT,)), "o": (Acoustic(talk_over=4.0), (Role.AGENT,))}

    def found(points: list[int]) -> set[object]:
        one, told = Acoustics(rules, 1, dict.fromkeys(rules, "zh")), list[object]()
        for before, now in pairwise([0, *points]):
            for role, spans in legs.items():
                for start, stop in spans:
                    if start < now and stop > before:
                        told += one.voice(role, start, min(stop, now))
                told += one.known(role, now)
        return set(told)

    assert found([end]) == found([*range(step, end, step), end])
