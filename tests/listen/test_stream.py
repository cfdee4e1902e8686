"""One leg through recognisers that answer, hang, crash, come back, or never come."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import gevent
import pytest

from eslbot.greenlets import Greenlets
from eslbot.listen.client import address
from eslbot.listen.endpoint import Endpoint, Fleet
from eslbot.listen.pace import Pace
from eslbot.listen.reading import Reading
from eslbot.listen.stream import Stream
from eslbot.model.audio import Gap
from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis
from tests.listen.collected import Clock, until
from tests.listen.vosk_server import VoskServer

FRAME = 160
MESSAGE = 320


def partial(audio: bytes) -> dict[str, Any]:
    return {"partial": f"heard {audio[0]}"}


class Rig:
    """A stream, the recognisers it may use, and what it told."""

    def __init__(self, pace: Pace | None = None) -> None:
        self.clock = Clock()
        self.failures: list[BaseException] = []
        self.greenlets = Greenlets(lambda name, error: self.failures.append(error))
        self.reading = Reading(self.greenlets)
        self.fleet = Fleet(self.clock)
        self.servers: list[VoskServer] = []
        self.told: list[Hypothesis] = []
        self.gaps: list[Gap] = []
        self.ends: list[bool] = []
        self.pace = pace or Pace()
        self.at = 0

    def serve(self, answer: Callable[[bytes], dict[str, Any] | None] = partial) -> VoskServer:
        server = VoskServer(answer)
        self.servers.append(server)
        self.fleet.endpoints.append(Endpoint(server.url, address(server.url)))
        return server

    def open(self, raise_to: int | None = None) -> Stream:
        call, role = CallId("c"), Role.AGENT
        sinks = (self.told.append, self.gaps.append, lambda: self.ends.append(True))
        return Stream(call, role, 8000, self.fleet, self.greenlets, self.reading, *sinks, self.pace, raise_to)

    def say(self, stream: Stream, what: int, frames: int = 2) -> None:
        for _ in range(frames):
            stream.feed(bytes([what, 0]) * FRAME, self.at)
            self.at += FRAME

    def pass_time(self, true: Callable[[], object]) -> None:
        """Let the clock go on until it is true."""

        def later() -> object:
            self.clock.now += 0.01
            return true()

        until(later)

    def stop(self) -> None:
        self.greenlets.stop()
        for server in self.servers:
            server.stop()


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    made.stop()
    assert made.failures == []


def test_the_server_is_told_the_rate_and_asked_for_words(rig: Rig) -> None:
    server = rig.serve()
    rig.open()
    until(lambda: server.configs)
    assert server.configs == [{"sample_rate": 8000, "words": True}]


def test_each_answer_belongs_to_its_piece_of_audio(rig: Rig) -> None:
    server = rig.serve()
    stream = rig.open()
    until(lambda: server.configs)
    for what in (1, 2, 3):
        rig.say(stream, what)
        until(lambda: stream.pending_from(-1) == -1)
    assert [(one.text, one.decided) for one in rig.told] == [("heard 1", 320), ("heard 2", 640), ("heard 3", 960)]


def test_while_an_answer_is_owed_messages_grow_to_their_longest(rig: Rig) -> None:
    server = rig.serve()
    stream = rig.open()
    until(lambda: server.configs)
    server.frozen = True
    rig.say(stream, 1, frames=22)
    server.frozen = False
    until(lambda: sum(map(len, server.heard)) == 2 * FRAME * 22)
    assert [len(heard) // 2 // FRAME for heard in server.heard] == [2, 10, 10]
    assert [(one.text, one.decided) for one in rig.told] == [("heard 1", 320), ("heard 1", 1920)]


def test_less_than_a_message_waits_until_it_is_flushed(rig: Rig) -> None:
    server = rig.serve()
    stream = rig.open()
    until(lambda: server.configs)
    rig.say(stream, 1, frames=1)
    gevent.sleep(0.05)
    assert server.heard == []
    stream.flush()
    until(lambda: server.heard)
    assert len(server.heard[0]) == 2 * FRAME


def test_a_burst_is_sent_in_messages_no_longer_than_they_may_be(rig: Rig) -> None:
    server = rig.serve()
    stream = rig.open()
    stream.feed(bytes(2 * 4000), 0)
    until(lambda: sum(map(len, server.heard)) == 8000)
    assert max(map(len, server.heard)) <= 2 * int(rig.pace.longest * 8000)


def test_the_end_is_told_after_the_last_words(rig: Rig) -> None:
    rig.serve()
    stream = rig.open()
    rig.say(stream, 1, frames=3)
    stream.finish()
    until(lambda: rig.ends)
    assert (rig.told[-1].text, rig.told[-1].final) == ("the end", True)
    assert stream.ended
    assert rig.gaps == []
    rig.say(stream, 2)
    assert rig.ends == [True]


def test_a_ping_of_the_server_is_answered_while_nothing_is_said(rig: Rig) -> None:
    server = rig.serve()
    rig.open()
    until(lambda: server.configs)
    server.ping()
    until(lambda: server.pongs == 1)


def test_a_recogniser_that_dies_costs_the_utterance_it_held_and_no_more(rig: Rig) -> None:
    first = rig.serve()
    stream = rig.open()
    until(lambda: first.configs)
    rig.say(stream, 1)
    until(lambda: rig.told)
    second = rig.serve()
    first.stop()
    until(lambda: second.configs)
    assert [(gap.first, gap.end, gap.reason, gap.role) for gap in rig.gaps] == [(0, 320, "recogniser", Role.AGENT)]
    rig.say(stream, 2)
    until(lambda: len(rig.told) == 2)
    assert [(one.utterance, one.text, one.decided) for one in rig.told] == [(0, "heard 1", 320), (1, "heard 2", 640)]
    assert rig.told[1].decoded == 640


def test_one_that_dies_between_utterances_costs_nothing(rig: Rig) -> None:
    first = rig.serve(lambda audio: {"text": "said"})
    stream = rig.open()
    rig.say(stream, 1)
    until(lambda: rig.told)
    second = rig.serve()
    first.stop()
    until(lambda: second.configs)
    rig.say(stream, 2)
    until(lambda: len(rig.told) == 2)
    assert rig.gaps == []


def test_what_was_sent_and_not_answered_is_sent_again_once(rig: Rig) -> None:
    poison = rig.serve(lambda audio: None)
    stream = rig.open()
    rig.say(stream, 7)
    until(lambda: poison.heard)
    rig.pass_time(lambda: rig.gaps)
    assert len(poison.heard) == 2
    assert [(gap.first, gap.end, gap.reason) for gap in rig.gaps] == [(0, 320, "recogniser")]
    poison.answer = partial
    rig.say(stream, 8)
    rig.pass_time(lambda: rig.told)
    assert rig.told[0].text == "heard 8"


def test_a_recogniser_that_goes_silent_is_left_for_another(rig: Rig) -> None:
    silent = rig.serve()
    stream = rig.open()
    until(lambda: silent.configs)
    silent.frozen = True
    other = rig.serve()
    rig.say(stream, 5)
    gevent.sleep(0.02)
    rig.clock.now += 1.3
    until(lambda: rig.told)
    assert other.heard
    assert rig.fleet.endpoints[0].suspected
    assert rig.gaps == []
    silent.frozen = False


def test_a_rest_that_waited_for_a_source_that_stood_still_is_neither_late_nor_given_up(rig: Rig) -> None:
    server = rig.serve()
    stream = rig.open()
    until(lambda: server.configs)
    rig.say(stream, 1, frames=3)
    until(lambda: stream.waiting == FRAME)
    rig.clock.now += 60.0
    rig.say(stream, 2, frames=3)
    until(lambda: stream.waiting == 0)
    assert rig.gaps == []
    assert sum(len(pcm) for pcm in server.heard) == 2 * 6 * FRAME


def test_audio_that_waited_long_to_be_sent_is_not_held_against_the_recogniser(rig: Rig) -> None:
    server = rig.serve()
    stream = rig.open()
    until(lambda: server.configs)
    rig.say(stream, 5, frames=1)
    rig.clock.now += 1.4
    rig.fleet.endpoints[0].last_answer = rig.clock.now - 1.4
    stream.finish()
    until(lambda: rig.ends)
    assert not rig.fleet.endpoints[0].suspected
    assert rig.gaps == []


def test_lateness_is_told_once_and_again_only_after_it_was_caught_up_with(rig: Rig) -> None:
    stream = rig.open()
    rig.say(stream, 1)
    rig.clock.now += 1.6
    rig.say(stream, 2)
    rig.say(stream, 3)
    assert [(gap.first, gap.end, gap.reason) for gap in rig.gaps] == [(0, 480, "audio-late")]
    server = rig.serve()
    until(lambda: server.heard)
    stream.flush()
    until(lambda: stream.pending_from(-1) == -1)
    rig.say(stream, 4)
    until(lambda: stream.pending_from(-1) == -1)
    server.stop()
    rig.fleet.endpoints.clear()
    rig.say(stream, 5)
    rig.clock.now += 1.6
    rig.say(stream, 6)
    late = [(gap.first, gap.end) for gap in rig.gaps if gap.reason == "audio-late"]
    assert late == [(0, 480), (1280, 1760)]


def test_without_any_recogniser_the_oldest_is_given_up_and_memory_stays_bounded(rig: Rig) -> None:
    stream = rig.open()
    for _ in range(600):
        rig.say(stream, 1, frames=1)
        rig.clock.now += 0.02
    lost = [gap for gap in rig.gaps if gap.reason == "recogniser"]
    assert lost[0].first == 0
    assert all(before.end == after.first for before, after in itertools.pairwise(lost))
    assert rig.at - lost[-1].end <= 3.1 * 8000
    assert stream.pending_from(-1) == lost[-1].end


def test_an_overloaded_recogniser_has_the_oldest_shed(rig: Rig) -> None:
    server = rig.serve()
    stream = rig.open()
    until(lambda: server.configs)
    server.frozen = True
    rig.fleet.endpoints[0].last_answer = rig.clock.now + 1000
    for _ in range(300):
        rig.say(stream, 1, frames=1)
        rig.clock.now += 0.02
        gevent.sleep(0)
    server.frozen = False
    shed = [gap for gap in rig.gaps if gap.reason == "shed"]
    assert shed
    assert sum(gap.end - gap.first for gap in shed) >= 2 * 8000
    until(lambda: stream.pending_from(-1) == -1)
    heard = sum(map(len, server.heard)) // 2
    assert heard + sum(gap.end - gap.first for gap in shed) == rig.at


def test_finishing_with_no_recogniser_ends_all_the_same(rig: Rig) -> None:
    stream = rig.open()
    rig.say(stream, 1)
    stream.finish()
    gevent.sleep(0.02)
    assert not stream.ended
    rig.clock.now += 3.1
    until(lambda: rig.ends)
    assert ("recogniser", 0, 320) in [(gap.reason, gap.first, gap.end) for gap in rig.gaps]


def test_finishing_a_leg_that_said_nothing_ends_at_once(rig: Rig) -> None:
    server = rig.serve()
    stream = rig.open()
    until(lambda: server.configs)
    stream.finish()
    until(lambda: rig.ends)
    assert rig.gaps == []


@pytest.mark.parametrize("nonsense", [{"status": "ok"}, {"partial": 3}])
def test_answers_of_something_else_are_a_lost_recogniser(rig: Rig, nonsense: dict[str, Any]) -> None:
    server = rig.serve(lambda audio: nonsense)
    stream = rig.open()
    rig.say(stream, 1)
    rig.pass_time(lambda: rig.gaps)
    assert [(gap.first, gap.end, gap.reason) for gap in rig.gaps] == [(0, 320, "recogniser")]
    server.answer = partial
    rig.say(stream, 2)
    rig.pass_time(lambda: rig.told)
    assert rig.told[-1].text == "heard 2"


def test_a_model_of_a_higher_rate_gets_raised_audio_and_times_stay_the_calls(rig: Rig) -> None:
    server = rig.serve(lambda audio: {"text": "x", "result": [{"word": "x", "start": 0.01, "end": 0.02, "conf": 1}]})
    stream = rig.open(raise_to=16000)
    rig.say(stream, 1)
    until(lambda: rig.told)
    assert server.configs[0]["sample_rate"] == 16000
    assert len(server.heard[0]) == 2 * 2 * MESSAGE
    assert [(word.start, word.end) for word in rig.told[0].words] == [(80, 160)]


def test_streams_are_spread_over_the_recognisers(rig: Rig) -> None:
    one, two = rig.serve(), rig.serve()
    rig.open()
    until(lambda: one.open + two.open == 1)
    rig.open()
    until(lambda: one.open + two.open == 2)
    for endpoint in rig.fleet.endpoints:
        endpoint.ready = True
    rig.open()
    rig.open()
    until(lambda: one.open + two.open == 4)
    assert {one.open, two.open} <= {1, 2, 3}
