"""Lengths times steps: however long a call is and in whatever pieces its audio comes, the file is the format's and
holds just that audio."""

import pytest

from eslbot.record.playing import Playable
from eslbot.record.stream import CHUNK, NONCE, TAG
from eslbot.record.wav import WavView
from tests.record.rig import CHUNK_SAMPLES, Rig, audio, frame, until

LENGTHS = (0, 1, 159, 160, 161, CHUNK_SAMPLES - 1, CHUNK_SAMPLES, CHUNK_SAMPLES + 1, 2 * CHUNK_SAMPLES - 1,
           2 * CHUNK_SAMPLES, 2 * CHUNK_SAMPLES + 1, 5 * CHUNK_SAMPLES)
STEPS = (7, 160, 4096, CHUNK_SAMPLES - 1, CHUNK_SAMPLES, CHUNK_SAMPLES + 1, 3 * CHUNK_SAMPLES)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("length", LENGTHS)
def test_what_was_said_is_what_is_there(rig: Rig, length: int, step: int) -> None:
    one = rig.open()
    for first in range(0, length, step):
        one.take(frame(first, min(step, length - first)))
    one.close()
    until(lambda: rig.closed)
    plain = length * 4
    assert len(rig.payload("audio")) == NONCE + plain + TAG * max(1, -(-plain // CHUNK))
    assert rig.stock("audio") == audio(0, length)
    recording = rig.recording()
    assert recording.verify().samples == length
    assert b"".join(Playable(recording).read()) == WavView(8000, length).header() + audio(0, length)


@pytest.mark.parametrize("size", [3, 100, CHUNK // 2, CHUNK - 13, CHUNK - 12, CHUNK - 11, 2 * CHUNK])
@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_what_became_known_is_what_is_there(rig: Rig, size: int, count: int) -> None:
    one = rig.open()
    said = [{"n": n, "t": "x" * (size - 3)} for n in range(count)]
    for record in said:
        one.say(record)
    one.close()
    until(lambda: rig.closed)
    assert rig.stock("words").count(b"\n") == count
    assert list(rig.recording().words()) == said
