"""The recogniser as it is configured: a model or URLs, rates that fit or not, a fleet of which one dies mid-call."""

import time
from pathlib import Path

import pytest

from eslbot import data
from eslbot.greenlets import Greenlets
from eslbot.listen.pace import Pace
from eslbot.listen.recogniser import Recogniser, RecogniserError, RecogniserOptions
from eslbot.listen.stream import Stream
from eslbot.model.audio import Gap
from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis
from tests.listen.collected import until
from tests.listen.spoken import dialogue
from tests.listen.vosk_server import VoskServer

ZH = data.model("demo-zh")


def make(greenlets: Greenlets, options: RecogniserOptions) -> Recogniser:
    return Recogniser(options, greenlets, time.monotonic)


def test_a_model_of_another_rate_than_the_calls_fails_at_start(greenlets: Greenlets) -> None:
    with pytest.raises(RecogniserError, match=r"8000 Hz, calls have 16000 Hz.*resample"):
        make(greenlets, RecogniserOptions(ZH, rate=16000))
    assert make(greenlets, RecogniserOptions(ZH, rate=16000, resample=True)).takes(16000)
    with pytest.raises(RecogniserError, match="16000 Hz, calls have 8000 Hz"):
        make(greenlets, RecogniserOptions(urls=("ws://h:2700",), model_rate=16000))


def test_a_call_of_another_rate_is_refused_where_it_is_opened(greenlets: Greenlets) -> None:
    recogniser = make(greenlets, RecogniserOptions(ZH))
    assert not recogniser.takes(48000)
    with pytest.raises(RecogniserError, match="48000"):
        recogniser.open(CallId("c"), Role.AGENT, 48000, lambda h: None, lambda g: None)


def test_it_is_either_a_model_or_urls(greenlets: Greenlets, tmp_path: Path) -> None:
    for options in (RecogniserOptions(), RecogniserOptions(ZH, urls=("ws://h:2700",))):
        with pytest.raises(RecogniserError, match="either"):
            make(greenlets, options)
    with pytest.raises(RecogniserError, match="not a Vosk model"):
        make(greenlets, RecogniserOptions(tmp_path))


@pytest.mark.parametrize("url", ["http://h", "h:2700", "ws://", "unix:relative", "ws://h:port"])
def test_an_address_that_is_none_is_refused(url: str, greenlets: Greenlets) -> None:
    with pytest.raises(RecogniserError, match="address"):
        make(greenlets, RecogniserOptions(urls=(url,)))


def feed(stream: Stream, text: int, times: int) -> None:
    for count in range(times):
        stream.feed(bytes([text, 0]) * 320, 320 * count)


def test_of_a_fleet_one_dies_mid_call_and_the_call_goes_on_elsewhere(greenlets: Greenlets) -> None:
    servers = [VoskServer(lambda audio: {"partial": "words"}) for _ in range(3)]
    recogniser = make(greenlets, RecogniserOptions(urls=tuple(server.url for server in servers)))
    recogniser.start()
    until(lambda: all(endpoint.ready for endpoint in recogniser.fleet.endpoints))
    until(lambda: not any(server.open for server in servers))
    told: list[Hypothesis] = []
    gaps: list[Gap] = []
    stream = recogniser.open(CallId("c"), Role.AGENT, 8000, told.append, gaps.append)
    until(lambda: any(server.open for server in servers))
    serving = next(server for server in servers if server.open)
    feed(stream, 1, 2)
    stream.flush()
    until(lambda: told)
    serving.stop()
    until(lambda: gaps)
    feed(stream, 2, 2)
    stream.flush()
    until(lambda: told[-1].utterance == 1)
    assert sum(len(server.heard) > 0 for server in servers) == 2
    assert [gap.reason for gap in gaps] == ["recogniser"]
    for server in servers:
        server.stop()


def test_a_server_that_comes_up_late_is_found(greenlets: Greenlets) -> None:
    first = VoskServer(lambda audio: {"partial": ""})
    port = first.port
    first.stop()
    recogniser = make(greenlets, RecogniserOptions(urls=(f"ws://127.0.0.1:{port}",)))
    recogniser.start()
    assert not recogniser.ready
    late = VoskServer(lambda audio: {"partial": ""}, port)
    until(lambda: recogniser.ready, 30)
    late.stop()


def test_wideband_speech_is_heard_by_a_telephone_model_when_resampling(greenlets: Greenlets) -> None:
    stereo, lines = dialogue("zh", "severe-promise")
    pace = Pace(late_after=60, shed_after=90, answer_within=60, finish_within=60)
    recogniser = make(greenlets, RecogniserOptions(ZH, rate=16000, resample=True, workers=1, pace=pace))
    recogniser.start()
    until(lambda: recogniser.ready, 30)
    told: list[Hypothesis] = []
    ended: list[bool] = []
    stream = recogniser.open(CallId("c"), Role.AGENT, 16000, told.append, lambda g: None, lambda: ended.append(True))
    first = lines[0]
    narrow = memoryview(stereo).cast("h")[2 * max(0, first.start - 4000) + 1 : 2 * (first.end + 4000) : 2]
    wide = b"".join(sample.to_bytes(2, "little", signed=True) * 2 for sample in narrow)
    stream.feed(wide, 0)
    stream.finish()
    until(lambda: ended, 60)
    recogniser.stop()
    assert "远山理财公司" in "".join(one.text for one in told if one.final).replace(" ", "")
    assert first.start - 4000 >= 0
    words = [word for one in told if one.final for word in one.words]
    assert abs(words[0].start - 2 * 4000) < 16000 // 5
