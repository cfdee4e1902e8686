"""A recording as the call sees it: what goes in comes out, in stock age and in our reader, and nothing blocks."""

import hashlib
from collections.abc import Sequence

import gevent
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eslbot.model.audio import Gap
from eslbot.record import writer
from tests.record.rig import CALL, CHUNK_SAMPLES, STARTED, Rig, audio, frame, until


def feed(one: writer.Writer, first: int, end: int, step: int = 160) -> None:
    for at in range(first, end, step):
        one.take(frame(at, min(step, end - at)))


@pytest.mark.parametrize("samples", [0, 1, 160, CHUNK_SAMPLES - 1, CHUNK_SAMPLES, CHUNK_SAMPLES + 1,
                                     2 * CHUNK_SAMPLES, 3 * CHUNK_SAMPLES + 5])
def test_a_closed_recording_opens_in_stock_age_and_in_ours(rig: Rig, samples: int) -> None:
    one = rig.open()
    feed(one, 0, samples, 1000)
    one.say({"text": "你好"})
    one.close()
    until(lambda: rig.closed)
    row = rig.row()
    assert rig.closed == [row]
    assert rig.stock("audio") == audio(0, samples)
    assert rig.stock("words") == '{"text":"你好"}\n'.encode()
    assert (row.state, row.samples, row.gaps, row.first) == ("complete", samples, (), 0)
    assert row.sha256 == hashlib.sha256(rig.payload("audio")).hexdigest()
    assert row.words_sha256 == hashlib.sha256(rig.payload("words")).hexdigest()
    verified = rig.recording().verify()
    assert (verified.samples, verified.words, verified.whole) == (samples, 1, True)
    assert list(rig.options.live_directory.iterdir()) == []
    assert rig.vault.live() == []
    assert rig.failed == []


@given(st.integers(0, 3 * CHUNK_SAMPLES), st.lists(st.integers(1, CHUNK_SAMPLES * 2), min_size=1, max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_how_the_audio_is_cut_into_frames_does_not_matter(rig: Rig, samples: int, steps: Sequence[int]) -> None:
    rig.closed.clear()
    one = rig.open()
    at = n = 0
    while at < samples:
        count = min(steps[n % len(steps)], samples - at)
        one.take(frame(at, count))
        at, n = at + count, n + 1
    one.close()
    until(lambda: rig.closed)
    assert rig.stock("audio", rig.closed[0].part) == audio(0, samples)
    rig.durable.clear()


def test_a_full_chunk_is_held_back_until_the_next_sample(rig: Rig) -> None:
    one = rig.open()
    feed(one, 0, CHUNK_SAMPLES)
    gevent.sleep(0.1)
    assert rig.durable == {}
    assert one.durable == 0
    feed(one, CHUNK_SAMPLES, CHUNK_SAMPLES + 1)
    until(lambda: rig.durable)
    assert rig.durable == {CALL: CHUNK_SAMPLES}
    assert one.samples == one.durable == CHUNK_SAMPLES
    assert one.taken == CHUNK_SAMPLES + 1
    assert rig.row().chunks == 1
    assert rig.row().state == "recording"


def test_a_recording_under_way_can_be_read_up_to_its_last_whole_chunk(rig: Rig) -> None:
    one = rig.open()
    feed(one, 0, 2 * CHUNK_SAMPLES + 10)
    until(lambda: rig.durable.get(CALL) == 2 * CHUNK_SAMPLES)
    recording = rig.recording()
    assert not recording.whole
    assert recording.read(0, 10 ** 6) == audio(0, 2 * CHUNK_SAMPLES)
    assert recording.verify().samples == 2 * CHUNK_SAMPLES


def test_take_does_not_write_to_the_disk(rig: Rig) -> None:
    one = rig.open()
    feed(one, 0, 5 * CHUNK_SAMPLES)
    assert not rig.options.directory.exists()   # no greenlet has run yet
    until(lambda: rig.durable.get(CALL) == 4 * CHUNK_SAMPLES)


def test_samples_that_come_twice_are_taken_once(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(0, 500))
    one.take(frame(0, 400))
    one.take(frame(200, 500))
    one.take(frame(700, 1))
    one.close()
    until(lambda: rig.closed)
    assert rig.stock("audio") == audio(0, 701)
    assert rig.row().gaps == ()


def test_missing_samples_become_silence_and_a_gap_and_the_clock_stays_true(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(0, 100))
    one.take(frame(260, 100))
    one.close()
    until(lambda: rig.closed)
    assert rig.stock("audio") == audio(0, 100) + bytes(160 * 4) + audio(260, 100)
    assert rig.row().gaps == ({"first": 100, "end": 260, "reason": "source"},)
    assert rig.row().state == "partial"


def test_a_gap_that_the_source_tells_is_listed_with_its_reason_once(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(0, 100))
    one.lost(Gap(CALL, 100, 260, "restart"))
    one.take(frame(260, 100))
    one.lost(Gap(CALL, 100, 260, "source"))
    one.lost(Gap(CALL, 300, 300, "source"))
    one.close()
    until(lambda: rig.closed)
    assert rig.row().gaps == ({"first": 100, "end": 260, "reason": "restart"},)


def test_a_recording_that_begins_late_says_where(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(8000, 100))
    one.close()
    until(lambda: rig.closed)
    assert rig.row().first == 8000
    assert rig.row().gaps == ({"first": 0, "end": 8000, "reason": "source"},)
    assert rig.stock("audio") == audio(8000, 100)
    assert rig.recording().read(8010, 5) == audio(8010, 5)


def test_audio_that_cannot_be_true_is_refused_once_and_told(rig: Rig) -> None:
    one = rig.open()
    one.take(frame(0, 100))
    for _ in range(3):
        one.take(frame(100, 100, rate=16000))
    one.take(frame(100 + 8000 * 4000, 100))
    one.take(frame(100, 1))
    one.close()
    one.take(frame(101, 100))
    one.say({"late": True})
    until(lambda: rig.closed)
    assert rig.failed == ["audio at 16000 Hz in a recording at 8000 Hz", "audio that lies more than an hour ahead",
                          "audio after the recording was closed", "words after the recording was closed"]
    assert rig.stock("audio") == audio(0, 101)


def test_closing_twice_closes_once(rig: Rig) -> None:
    one = rig.open()
    one.close("partial")
    one.close()
    until(lambda: rig.closed)
    assert [row.state for row in rig.closed] == ["partial"]


def test_words_longer_than_a_chunk_come_back_in_order(rig: Rig) -> None:
    one = rig.open()
    said = [{"n": n, "text": "词" * (n % 50)} for n in range(3000)]
    for record in said:
        one.say(record)
    one.close()
    until(lambda: rig.closed)
    assert len(rig.stock("words")) > 2 * 65536
    assert list(rig.recording().words()) == said


def test_the_final_row_comes_after_everything_durable(rig: Rig) -> None:
    one = rig.open()
    feed(one, 0, CHUNK_SAMPLES + 7)
    one.close()
    until(lambda: rig.closed)
    assert rig.durable == {CALL: CHUNK_SAMPLES + 7}
    assert rig.row().ended == rig.now


def test_one_gone_on_with_says_when_its_next_sample_was_due_until_that_has_come(rig: Rig) -> None:
    one = rig.open()
    assert one.due is None
    feed(one, 0, 16000)
    assert one.due is None
    rig.die()
    rig.start()
    again = rig.open()
    assert 16000 - 2048 <= again.taken <= 16000
    assert again.due == STARTED + again.taken / 8000
    feed(again, again.taken, again.taken + 160)
    assert again.due is None
