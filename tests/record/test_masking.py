"""What a mask leaves of a recording: silence and marks in its time, everything else as it was; and no chunk's number is
ever used for a second text, wherever we die."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gevent
import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eslbot.model.audio import BYTES_PER_SAMPLE
from eslbot.record.masking import of_words, silenced
from eslbot.redact.masks import MASK
from tests.record.rig import CALL, CHUNK_SAMPLES, Rig, Witness, audio, frame, until

HOLD = 3.0
REACH = int(HOLD * 8000)


@pytest.fixture
def held(tmp_path: Path) -> Any:
    rig = Rig(tmp_path, Witness, hold=HOLD)
    yield rig
    rig.die()


def spoken(text: str, start: int, end: int) -> dict[str, Any]:
    return {"kind": "words", "role": "customer", "utterance": 0, "text": text, "start": start, "end": end,
            "words": [[text, start, end]]}


def expected(samples: int, *spans: tuple[int, int]) -> bytes:
    """Audio with silence in the spans."""
    whole = bytearray(audio(0, samples))
    for first, end in spans:
        first, end = (min(at, samples) * BYTES_PER_SAMPLE for at in (first, end))
        whole[first:end] = bytes(end - first)
    return bytes(whole)


def closed(rig: Rig) -> None:
    rig.vault.open(CALL, "pbx1", 8000, 0.0).close()
    until(lambda: rig.closed)


def test_a_masked_stretch_is_silent_and_everything_around_it_is_as_it_was(held: Rig) -> None:
    one = held.open()
    for at in range(0, 80_000, 160):
        if at == 40_000:
            assert one.mask(38_000, 100_000) == (38_000, 100_000)
        if at == 60_000:
            assert one.unmask(60_000) == (38_000, 60_000)
        one.take(frame(at, 160))
    closed(held)
    assert held.stock("audio") == expected(80_000, (38_000, 60_000))
    row = held.row()
    assert (row.state, row.samples, row.lost) == ("complete", 80_000, ())
    assert row.listing()["masked"] == [{"first": 38_000, "end": 60_000}]
    assert row.listing()["gaps"] == []


def test_a_mask_reaches_back_over_what_is_not_sealed_and_says_how_far(held: Rig) -> None:
    one = held.open()
    for at in range(0, 4 * CHUNK_SAMPLES, 160):
        one.take(frame(at, 160))
        gevent.sleep(0)
    until(lambda: held.durable)
    gevent.sleep(0.05)
    first, end = one.mask(0, 5 * CHUNK_SAMPLES)
    assert first <= one.taken - REACH
    assert first % CHUNK_SAMPLES == 0
    assert first >= one.durable
    one.take(frame(one.taken, 2 * CHUNK_SAMPLES))
    assert one.masks == ((first, end),)
    closed(held)
    assert held.stock("audio") == expected(held.row().samples, (first, 5 * CHUNK_SAMPLES))


def test_a_mask_lifts_itself_at_its_last_sample(held: Rig) -> None:
    one = held.open()
    one.take(frame(0, 8000))
    one.mask(8000, 12_000)
    one.take(frame(8000, 16_000))
    assert one.unmask(20_000) is None
    closed(held)
    assert held.stock("audio") == expected(24_000, (8000, 12_000))


def test_words_and_findings_said_in_the_mask_become_marks_also_those_that_were_written_before(held: Rig) -> None:
    one = held.open()
    one.take(frame(0, 16_000))
    one.say(spoken("before", 1000, 5000))
    one.say(spoken("六二二二", 12_000, 15_000))
    one.say({"kind": "violation", "rule": "x", "start": 12_000, "end": 15_000, "words": "六二二二"})
    one.say({"kind": "speech", "role": "customer", "start": 12_000, "end": 15_000})
    one.mask(10_000, 40_000)
    one.say(spoken("六二二三", 16_000, 20_000))
    one.take(frame(16_000, 16_000))
    one.unmask(32_000)
    one.say(spoken("after", 33_000, 35_000))
    one.say(spoken("late", 20_000, 31_000))
    closed(held)
    said = [orjson.loads(line) for line in held.stock("words").splitlines()]
    assert [record.get("text", record.get("words")) for record in said] == [
        "before", MASK, MASK, None, MASK, "after", MASK]
    assert said[1]["words"] == [[MASK, 12_000, 15_000]]
    assert "六" not in held.stock("words").decode()


def test_a_mask_goes_on_after_kill_9(held: Rig) -> None:
    one = held.open()
    one.take(frame(0, 16_000))
    one.mask(12_000, 64_000)
    one.take(frame(16_000, 8000))
    held.die()
    assert not any(chunk.strip(b"\0") for chunk in _tails(held, 12_000 * BYTES_PER_SAMPLE))
    held.start()
    again = held.open()
    again.take(frame(again.taken, 30_000))
    again.say(spoken("六二二二", 30_000, 31_000))
    assert again.unmask(again.taken)
    again.take(frame(again.taken, 8000))
    samples = again.taken
    closed(held)
    (mask,) = held.row().listing()["masked"]
    assert mask["first"] == 12_000
    assert held.stock("audio") == expected(samples, (12_000, mask["end"]))
    assert "六" not in held.stock("words").decode()


def _tails(rig: Rig, after: int) -> list[bytes]:
    return [file.read_bytes()[after:] for file in rig.options.live_directory.glob("*.audio.*")]


def test_a_gap_inside_a_mask_is_still_a_gap(held: Rig) -> None:
    one = held.open()
    one.take(frame(0, 8000))
    one.mask(4000, 20_000)
    one.take(frame(12_000, 12_000))
    closed(held)
    row = held.row()
    assert row.state == "partial"
    assert [(gap["first"], gap["end"], gap["reason"]) for gap in row.gaps] == [
        (4000, 8000, "masked"), (8000, 12_000, "source"), (12_000, 20_000, "masked")]


STEPS = st.lists(st.one_of(
    st.tuples(st.just("take"), st.integers(1, CHUNK_SAMPLES)), st.tuples(st.just("mask"), st.integers(0, 40_000)),
    st.tuples(st.just("unmask"), st.just(0)), st.tuples(st.just("die"), st.just(0)),
    st.tuples(st.just("tear"), st.integers(0, 100_000)), st.tuples(st.just("wait"), st.just(0)),
), max_size=14)  # fmt: skip


@given(STEPS)
@example([("mask", 1), ("take", 1), ("die", 0), ("take", 1)])
@settings(max_examples=40, deadline=None)
def test_whatever_happens_no_chunk_is_sealed_twice_and_the_silence_is_where_it_is_listed(
        steps: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as directory:
        rig = Rig(Path(directory), Witness, hold=HOLD)
        disk: Any = rig.disk
        try:
            for what, amount in steps:
                one = rig.open()
                if what == "take":
                    one.take(frame(one.taken, amount))
                elif what == "mask":
                    one.mask(one.taken - amount, one.taken + amount)
                elif what == "unmask":
                    one.unmask(one.taken)
                elif what == "tear":
                    disk.tear = amount
                elif what == "die":
                    rig.die()
                    rig.start()
                else:
                    gevent.sleep(0.01)
            closed(rig)
            if rig.row().samples:
                disk.plaintexts(lambda file: rig.row().audio_header if file.suffix == ".audio"
                                else rig.row().words_header)
            spans = [(gap["first"], gap["end"]) for gap in rig.row().gaps if gap["reason"] == "masked"]
            assert rig.row().part == 1
            assert rig.stock("audio") == expected(rig.row().samples, *spans)
        finally:
            rig.die()


@given(st.integers(0, 50), st.integers(0, 30), st.integers(0, 60), st.integers(0, 60))
def test_silence_is_exactly_the_span(first: int, samples: int, start: int, end: int) -> None:
    data = audio(first, samples)
    made = silenced(data, first, (start, end))
    for n in range(samples):
        there = data[n * 4 : n * 4 + 4]
        assert made[n * 4 : n * 4 + 4] == (bytes(4) if start <= first + n < end else there)
    assert len(made) == len(data)


def test_half_a_line_at_the_edge_of_what_can_be_changed_is_left_alone() -> None:
    lines = b"".join(orjson.dumps(spoken("六", at, at + 10)) + b"\n" for at in (0, 100, 200))
    for cut in range(len(lines)):
        data = bytearray(lines[cut:])
        of_words((0, 1000))(data, cut)
        whole = lines[cut:].count(b"\n") - (cut > 0 and lines[cut - 1 : cut] != b"\n")
        assert data.count(MASK.encode()) == 2 * whole
        assert data.endswith(b"\n")
