"""Both legs of the shipped dialogues through the real recogniser: the words, their places, and what a crash costs."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from eslbot import data
from eslbot.greenlets import Greenlets
from eslbot.listen.hearing import Hearing
from eslbot.listen.pace import Pace
from eslbot.listen.recogniser import Recogniser, RecogniserOptions
from eslbot.listen.voice import VoiceOptions
from eslbot.model.audio import AudioFrame, Gap
from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis
from tests.listen.collected import until
from tests.listen.spoken import RATE, Line, dialogue

FRAME = 800
MESSAGE = 320
"""Samples of the least message: fewer may wait for more."""
CALL = CallId("9d1c5b7e-0000-4000-8000-000000000001")
PATIENT = Pace(late_after=60, shed_after=90, answer_within=60, finish_within=60)
"""For faster than life on a machine of any speed: what is late here is not late in life."""


class Ear:
    """A hearing and everything it told, in order."""

    def __init__(self, recogniser: Recogniser, voice: VoiceOptions | None = None, rate: int = RATE) -> None:
        self.told: list[Hypothesis] = []
        self.gaps: list[Gap] = []
        self.heard: dict[Role, int] = {Role.AGENT: 0, Role.CUSTOMER: 0}
        self.finished = 0
        self.rate = rate
        self.hearing = Hearing(
            CALL, rate, recogniser, self._hypothesis, self.gaps.append, self._heard, self._finish, voice
        )

    def _hypothesis(self, hypothesis: Hypothesis) -> None:
        before = [one for one in self.told if (one.role, one.utterance) == (hypothesis.role, hypothesis.utterance)]
        known = len(before[-1].text.split()) if before else 0
        for word in hypothesis.words[known:]:
            assert word.end >= self.heard[hypothesis.role], "a word in audio that had been told as heard"
        self.told.append(hypothesis)

    def _heard(self, role: Role, samples: int) -> None:
        assert samples > self.heard[role]
        self.heard[role] = samples

    def _finish(self) -> None:
        self.finished += 1

    def listen(self, stereo: bytes, begin: int = 0, end: int | None = None) -> None:
        """Take a dialogue's frames as fast as they are heard."""
        for first in range(begin, end or len(stereo) // 4, FRAME):
            self.hearing.take(AudioFrame(CALL, first, self.rate, stereo[4 * first : 4 * (first + FRAME)]))
            until(lambda: self.hearing.waiting < MESSAGE, 60)

    def finish(self) -> None:
        self.hearing.finish()
        until(lambda: self.finished, 90)

    def finals(self, role: Role) -> list[Hypothesis]:
        return [one for one in self.told if one.final and one.role is role]

    def said(self, role: Role) -> str:
        return "".join(one.text for one in self.finals(role)).replace(" ", "")


def spoken_by(lines: list[Line], role: Role) -> str:
    text = "".join(line.text for line in lines if line.role == role)
    return "".join(character for character in text if character.isalnum())


@pytest.fixture(scope="module")
def recogniser() -> Iterator[Recogniser]:
    greenlets = Greenlets()
    made = Recogniser(RecogniserOptions(data.model("demo-zh"), workers=1, pace=PATIENT), greenlets, time.monotonic)
    made.start()
    until(lambda: made.ready, 30)
    yield made
    greenlets.stop()
    made.stop()


@pytest.mark.parametrize("name", ["clean", "severe-promise"])
def test_each_party_is_heard_saying_what_it_said_where_it_said_it(recogniser: Recogniser, name: str) -> None:
    stereo, lines = dialogue("zh", name)
    ear = Ear(recogniser)
    ear.listen(stereo)
    ear.finish()
    assert ear.gaps == []
    for role in (Role.AGENT, Role.CUSTOMER):
        assert ear.said(role) == spoken_by(lines, role)
        places = [word for one in ear.finals(role) for word in one.words]
        mine = [line for line in lines if line.role == role]
        for word in places:
            assert any(line.start - 800 <= word.start and word.end <= line.end + 800 for line in mine), word
        assert ear.heard[role] == len(stereo) // 4


def test_hypotheses_of_a_leg_are_in_order_and_finals_follow_their_partials(recogniser: Recogniser) -> None:
    stereo, _ = dialogue("zh", "severe-promise")
    ear = Ear(recogniser)
    ear.listen(stereo, end=14 * RATE)
    ear.finish()
    for role in (Role.AGENT, Role.CUSTOMER):
        mine = [one for one in ear.told if one.role is role]
        assert [one.decided for one in mine] == sorted(one.decided for one in mine)
        assert [one.decoded for one in mine] == sorted(one.decoded for one in mine)
        ordinals = [one.utterance for one in mine]
        assert ordinals == sorted(ordinals)
        assert {one.utterance for one in mine} == {one.utterance for one in mine if one.final}
        for one in mine:
            assert one.start <= one.decided


def test_silence_is_not_decoded_and_the_same_words_are_found(recogniser: Recogniser) -> None:
    stereo, _ = dialogue("zh", "missing-disclosure")
    gated, all_of_it = Ear(recogniser), Ear(recogniser, VoiceOptions(mode=0, after=1e6, at_most=1e6, before=0.3))
    gated.listen(stereo)
    gated.finish()
    all_of_it.listen(stereo)
    all_of_it.finish()
    for role in (Role.AGENT, Role.CUSTOMER):
        assert gated.said(role) == all_of_it.said(role)
    decoded = sum(gated.finals(role)[-1].decoded for role in (Role.AGENT, Role.CUSTOMER))
    assert decoded < 0.75 * 2 * len(stereo) // 4


def test_a_crash_costs_at_most_the_utterance_that_was_being_said() -> None:
    greenlets = Greenlets()
    options = RecogniserOptions(data.model("demo-zh"), workers=1, pace=PATIENT)
    recogniser = Recogniser(options, greenlets, time.monotonic)
    recogniser.start()
    until(lambda: recogniser.ready, 30)
    stereo, lines = dialogue("zh", "severe-promise")
    ear = Ear(recogniser)
    promise = next(line for line in lines if "稳赚不赔" in line.text)
    crash = (promise.start + RATE) // FRAME * FRAME
    ear.listen(stereo, end=crash)
    until(lambda: ear.hearing.waiting < MESSAGE and any("产品" in one.text for one in ear.told), 30)
    begun = max(line.end for line in lines if line.end < promise.start)
    assert recogniser.pool is not None
    os.kill(next(iter(recogniser.pool.pids.values())), signal.SIGSEGV)
    until(lambda: ear.gaps, 30)
    until(lambda: recogniser.ready, 30)
    ear.listen(stereo, begin=crash)
    ear.finish()
    greenlets.stop()
    recogniser.stop()
    lost = [gap for gap in ear.gaps if gap.reason == "recogniser"]
    assert lost
    for gap in lost:
        assert gap.role is Role.AGENT
        assert begun <= gap.first < gap.end <= crash
    assert ear.said(Role.CUSTOMER) == spoken_by(lines, Role.CUSTOMER)
    agent = spoken_by(lines, Role.AGENT)
    assert ear.said(Role.AGENT).startswith(agent[: agent.index("这个产品")])
    assert ear.said(Role.AGENT).endswith("好的谢谢您再见")


def test_a_call_of_another_rate_is_told_as_gap_all_along(recogniser: Recogniser) -> None:
    ear = Ear(recogniser, rate=16000)
    ear.listen(bytes(4 * 40_000))
    ear.finish()
    assert ear.told == []
    assert {gap.reason for gap in ear.gaps} == {"recogniser"}
    assert (ear.gaps[0].first, ear.gaps[-1].end) == (0, 40_000)
    assert all(gap.role is None for gap in ear.gaps)


def test_what_was_silent_is_heard_soon(recogniser: Recogniser) -> None:
    ear = Ear(recogniser)
    ear.listen(bytes(4 * 3 * RATE))
    for role in (Role.AGENT, Role.CUSTOMER):
        assert ear.heard[role] >= 3 * RATE - RATE
    ear.finish()
