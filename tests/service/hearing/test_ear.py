"""One ear: what is kept of what was said and found, and when audio came in."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from eslbot.judge import CallJudge, load
from eslbot.listen.recogniser import Recogniser
from eslbot.model import facts
from eslbot.model.audio import AudioFrame, Gap, Voice
from eslbot.model.call import Role
from eslbot.model.judgement import Disclosure
from eslbot.model.words import Hypothesis, Word
from eslbot.redact.masks import MASK
from eslbot.service.hearing.ear import UTTERANCES_A_LIFE, Ear, EarOptions
from tests.words import CALL


class Kept:
    """A recording that keeps what it is given in memory."""

    samples = taken = 0
    due: float | None = None

    def __init__(self) -> None:
        self.frames: list[AudioFrame] = []
        self.records: list[dict[str, Any]] = []
        self.gaps: list[Gap] = []
        self.closed = False
        self.masks: tuple[tuple[int, int], ...] = ()
        self.masking: tuple[int, int] | None = None

    def take(self, frame: AudioFrame) -> None:
        self.frames.append(frame)

    def lost(self, gap: Gap) -> None:
        self.gaps.append(gap)

    def say(self, record: dict[str, Any]) -> None:
        self.records.append(record)

    def mask(self, first: int, end: int) -> tuple[int, int]:
        before = self.masking or (first, end)
        self.masking = min(first, before[0]), max(end, before[1])
        self.masks = (self.masking,)
        return self.masking

    def unmask(self, at: int) -> tuple[int, int] | None:
        if self.masking is None:
            return None
        lifted, self.masking = (self.masking[0], min(self.masking[1], at)), None
        self.masks = (lifted,)
        return lifted

    def close(self, state: str = "complete") -> None:
        self.closed, self.state = True, state


class Stream:
    """A leg's stream that says what the test wants it to say."""

    settled, ended = True, False

    def __init__(self, told: Callable[[Hypothesis], None]) -> None:
        self.told, self.fed = told, bytearray()

    def feed(self, pcm: bytes, first: int) -> None:
        self.fed += pcm

    def flush(self) -> None:
        pass

    def finish(self) -> None:
        self.ended = True

    def pending_from(self, heard: int) -> int:
        return heard


class Deaf(Recogniser):
    """Opens streams that hear nothing by themselves."""

    def __init__(self) -> None:
        self.streams: dict[Role, Stream] = {}

    def takes(self, rate: int) -> bool:
        return True

    def open(self, call: Any, role: Role, rate: int, on_hypothesis: Any, on_gap: Any, on_progress: Any = None) -> Any:
        self.streams[role] = Stream(on_hypothesis)
        return self.streams[role]


class Rig:
    def __init__(self, generation: int = 0) -> None:
        self.kept, self.deaf, self.told = Kept(), Deaf(), list[facts.CallFact]()
        packs = load(["cn-marketing"])
        options = EarOptions(
            lambda call, switch, rate: self.kept, self.deaf,
            lambda call, rate, known: CallJudge(packs, call, rate, known), lambda: 100.0, lambda hypothesis: None,
        )
        self.ear = Ear(options, CALL, "pbx", 8000, generation, True, self.told.extend, lambda ear, gap: None)

    def frame(self, first: int, samples: int = 160) -> AudioFrame:
        return AudioFrame(CALL, first, 8000, bytes([1, 0, 2, 0]) * samples)

    def say(self, text: str, start: int = 0, role: Role = Role.AGENT) -> None:
        words = tuple(Word(word, start + i * 800, start + i * 800 + 700) for i, word in enumerate(text.split()))
        end = start + len(words) * 800
        self.deaf.streams[role].told(Hypothesis(CALL, role, 0, text, True, start, end, end, words))


def test_a_frame_goes_to_the_recording_as_it_came_and_its_arrival_is_remembered() -> None:
    rig = Rig()
    rig.ear.take(rig.frame(0), 50.0)
    rig.ear.take(rig.frame(160), 50.02)
    assert rig.kept.frames == [rig.frame(0), rig.frame(160)]
    assert [rig.ear.arrivals.of(at) for at in (160, 320)] == [50.0, 50.02]


def test_a_final_is_written_down_and_judged_under_a_number_of_its_life() -> None:
    rig = Rig(generation=2)
    rig.say("这个 产品 稳赚不赔")
    [words] = [r for r in rig.kept.records if r["kind"] == "words"]
    assert words["utterance"] == 2 * UTTERANCES_A_LIFE
    assert words["words"][-1] == ["稳赚不赔", 1600, 2300]
    [found] = [r for r in rig.kept.records if r["kind"] == "violation"]
    assert (found["rule"], found["confirm"], found["role"]) == ("guaranteed-return", "final", "agent")
    assert found["words"]
    assert found["words"] in "这个 产品 稳赚不赔"
    assert any(isinstance(fact, facts.Violated) for fact in rig.told)


def test_whoever_took_the_call_over_is_written_down_and_not_judged_as_the_agent() -> None:
    rig = Rig()
    rig.ear.take(rig.frame(0, 8000), 50.0)
    rig.ear.faces(Role.SUPERVISOR)
    rig.say("这个 产品 稳赚不赔", start=9000)
    assert [r["role"] for r in rig.kept.records if r["kind"] == "words"] == ["supervisor"]
    assert not [r for r in rig.kept.records if r["kind"] == "violation"]
    rig.say("这个 产品 稳赚不赔", start=1000)  # said before, understood after
    assert [r["role"] for r in rig.kept.records if r["kind"] == "words"] == ["supervisor", "agent"]


def test_what_the_switch_plays_to_a_lonely_customer_is_recorded_and_not_recognised() -> None:
    rig = Rig()
    rig.ear.faces(None)
    for first in range(0, 16000, 160):
        rig.ear.take(rig.frame(first), 50.0)
    assert rig.kept.frames[0].leg(Role.AGENT) != bytes(320)
    assert bytes(rig.deaf.streams[Role.AGENT].fed).strip(b"\0") == b""


def test_after_a_restart_what_was_being_said_is_unknown_to_the_judge() -> None:
    rig = Rig(generation=1)
    assert rig.kept.records[1] == {"kind": "resumed", "sample": 0}


def test_what_a_replay_has_to_know_besides_the_words_is_kept() -> None:
    rig = Rig(generation=1)
    rig.ear.take(rig.frame(0), 50.0)
    rig.ear.faces(None)
    rig.say("")
    kept = [r for r in rig.kept.records if r["kind"] != "resumed"]
    assert kept[0] == {"kind": "judged", "life": 1, "rate": 8000, "roles_known": True, "voices": True}
    assert kept[1] == {"kind": "side", "sample": 160, "role": None}
    assert (kept[2]["kind"], kept[2]["text"], kept[2]["words"]) == ("words", "", [])


def test_the_end_closes_the_recording_after_the_last_words() -> None:
    rig = Rig()
    rig.ear.take(rig.frame(0), 50.0)
    rig.ear.finish()
    assert not rig.kept.closed
    for stream in rig.deaf.streams.values():
        stream.ended = True
    rig.ear._hearing.leg_ended()
    assert rig.kept.closed


def test_the_judge_is_told_where_the_talk_ended() -> None:
    """The deadline of a notice passed while the agent was there; what the switch plays afterwards is no talk."""
    rig = Rig()
    deadlines = {item.rule: item.deadline for item in rig.ear.disclosures()}
    talk = deadlines["recording-notice"] + 800
    rig.ear.take(rig.frame(0, talk), 50.0)
    rig.ear.faces(None)
    rig.ear.take(rig.frame(talk, 8 * 8000), 60.0)
    rig.ear.finish()
    for stream in rig.deaf.streams.values():
        stream.ended = True
    rig.ear._hearing.leg_ended()
    missed = {fact.hit.rule: fact for fact in rig.told if isinstance(fact, facts.Violated)}
    assert set(missed) == {rule for rule, deadline in deadlines.items() if deadline <= talk}
    assert missed["recording-notice"].end == deadlines["recording-notice"]
    assert rig.kept.closed


def test_when_voices_were_heard_is_kept_and_judged_and_nobodys_silence_counts_without_an_agent() -> None:
    rig = Rig()
    rig.ear.take(rig.frame(0, 8000), 50.0)
    rig.ear._voice(Voice(CALL, Role.AGENT, ((800, 4000), (6000, 7000)), True, 8000))
    rig.ear.faces(None)
    rig.ear._voice(Voice(CALL, Role.AGENT, ((6000, 7500), (9000, 9900)), True, 16000))
    spans = [(r["role"], r["start"], r["end"]) for r in rig.kept.records if r["kind"] == "speech"]
    assert spans == [("agent", 800, 4000), ("agent", 6000, 7500)]


def test_words_said_in_a_mask_are_neither_kept_nor_shown_and_the_agents_are_judged_all_the_same() -> None:
    rig = Rig()
    shown: list[Hypothesis] = []
    rig.ear._options = replace(rig.ear._options, heard=shown.append)
    rig.kept.masks = ((1500, 9000),)
    rig.say("这个 产品 稳赚不赔", start=0)
    [words] = [r for r in rig.kept.records if r["kind"] == "words"]
    assert words["text"] == f"这个 产品 {MASK}"
    assert words["words"] == [["这个", 0, 700], ["产品", 800, 1500], [MASK, 1600, 2300]]
    assert all("稳赚不赔" not in one.text for one in shown)
    assert [fact.hit.rule for fact in rig.told if isinstance(fact, facts.Violated)] == ["guaranteed-return"]
    rig.told.clear()
    rig.say("你们 这是 稳赚不赔", start=2000, role=Role.CUSTOMER)
    assert shown[-1].text == MASK
    assert rig.told == []


def states(rig: Rig) -> dict[str, Disclosure]:
    told = [fact for fact in rig.told if isinstance(fact, facts.DisclosureChanged) and fact.ordinal == 0]
    return {fact.rule: fact.state for fact in told}


def test_while_a_supervisor_barges_nothing_is_held_against_the_agent_and_what_was_due_is_unknown() -> None:
    rig = Rig()
    second = 8000
    rig.ear.take(rig.frame(0, second), 1.0)
    rig.ear.supervised(True)
    rig.ear.take(rig.frame(second, 9 * second), 10.0)
    rig.say("这个 产品 稳赚不赔", start=2 * second)
    rig.ear.supervised(False)
    rig.ear.take(rig.frame(10 * second, 2 * second), 12.0)
    assert not [fact for fact in rig.told if isinstance(fact, facts.Violated)]
    assert [r["role"] for r in rig.kept.records if r["kind"] == "words"] == ["supervisor"]
    sides = [(r["sample"], r["role"], r.get("shared", False)) for r in rig.kept.records if r["kind"] == "side"]
    assert sides == [(second, "supervisor", True), (12 * second, "agent", False)]
    assert set(states(rig).values()) == {Disclosure.UNKNOWN}
    assert (second, 12 * second, "supervisor") in [
        (r["first"], r["end"], r["reason"]) for r in rig.kept.records if r["kind"] == "gap"]


def test_the_agents_words_before_and_after_a_barge_are_judged() -> None:
    rig = Rig()
    second = 8000
    rig.ear.take(rig.frame(0, 4 * second), 4.0)
    rig.ear.supervised(True)
    rig.say("这个 产品 稳赚不赔", start=2 * second)
    assert [fact.hit.role for fact in rig.told if isinstance(fact, facts.Violated)] == [Role.AGENT]
    rig.ear.take(rig.frame(4 * second, 4 * second), 8.0)
    rig.ear.supervised(False)
    rig.ear.take(rig.frame(8 * second, 2 * second), 10.0)
    before = len(rig.told)
    words = tuple(Word(text, 10 * second + i, 10 * second + i + 1) for i, text in enumerate(["保本", "保息"]))
    rig.deaf.streams[Role.AGENT].told(
        Hypothesis(CALL, Role.AGENT, 1, "保本 保息", True, 10 * second, 11 * second, 11 * second, words))
    assert [fact for fact in rig.told[before:] if isinstance(fact, facts.Violated)]


def test_a_call_that_ends_while_a_supervisor_barges_finds_nothing_missing() -> None:
    rig = Rig()
    rig.ear.take(rig.frame(0, 8000), 1.0)
    rig.ear.supervised(True)
    rig.ear.take(rig.frame(8000, 60 * 8000), 61.0)
    rig.ear._ended()
    assert set(states(rig).values()) == {Disclosure.UNKNOWN}
    assert not [fact for fact in rig.told if isinstance(fact, facts.Violated)]
