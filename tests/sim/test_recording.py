"""The file behind a recording. What it hears and when it grows is in api/test_audio.py."""

import os
import wave
from pathlib import Path

import numpy as np
import pytest

from eslbot.sim.recording import File, Record, RecordingError, RecordOptions

FRAME = np.full(160, 3, np.int16)


def feed(record: Record, frames: int) -> None:
    for _ in range(frames):
        record.tap_read(FRAME)
        record.tap_write(FRAME + np.int16(1))
        record.ping()


@pytest.mark.parametrize(
    ("options", "first"),
    [
        (RecordOptions(stereo=True), [3, 4]),
        (RecordOptions(stereo=True, swap=True), [4, 3]),
        (RecordOptions(), [7, 7]),
    ],
)
def test_layouts(tmp_path: Path, options: RecordOptions, first: list[int]) -> None:
    record = Record(str(tmp_path / "x.r8"), options).open()
    feed(record, 60)
    record.close()
    samples = np.fromfile(tmp_path / "x.r8", "<i2")
    assert samples[:2].tolist() == first
    assert len(samples) == 60 * 160 * (2 if options.stereo else 1)


@pytest.mark.parametrize(("frames", "kept"), [(10, 1), (25, 1), (26, 26), (60, 60)])
def test_a_recording_stopped_in_its_first_half_second_keeps_one_frame(tmp_path: Path, frames: int, kept: int) -> None:
    record = Record(str(tmp_path / "x.r8"), RecordOptions(stereo=True)).open()
    feed(record, frames)
    record.close()
    assert (tmp_path / "x.r8").stat().st_size == kept * 640
    assert (record.samples, record.milliseconds, record.cause) == (kept * 160, kept * 20, "success-maxtime")


def test_a_wav_is_whole_when_it_was_closed_and_says_nothing_before(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    record = Record(str(path), RecordOptions(stereo=True, buffered=False)).open()
    feed(record, 60)
    assert path.read_bytes()[40:44] == bytes(4)
    record.close()
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getnframes()) == (2, 9600)


def test_a_crash_leaves_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "x.r8"
    record = Record(str(path), RecordOptions(stereo=True, buffered=False)).open()
    feed(record, 10)
    record.abandon()
    assert path.stat().st_size == 640


def test_appending_goes_on_where_the_file_ended(tmp_path: Path) -> None:
    path = tmp_path / "x.r8"
    for _ in range(2):
        record = Record(str(path), RecordOptions(stereo=True, append=True)).open()
        feed(record, 40)
        record.close()
    assert path.stat().st_size == 2 * 40 * 640


def test_an_empty_file_is_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "x.r8"
    record = Record(str(path), RecordOptions()).open()
    assert path.exists()
    record.close()
    assert not path.exists()
    assert record.cause == "empty-file"


def test_a_full_disk_is_told_and_stops_no_frame() -> None:
    record = Record("/dev/full.r8", RecordOptions(buffered=False))
    file = File(Path("/dev/shm/eslbot-sim-full.r8"), 1, 8000, False, False)
    try:
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, file._file)
        os.close(full)
        record._file = file
        feed(record, 40)
        assert "No space" in file.failed
        record._file.path.unlink()
        record.close()
        assert record.cause == "uri-failure"
    finally:
        file.path.unlink(missing_ok=True)


def test_a_format_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="mp9"):
        Record(str(tmp_path / "x.mp9"), RecordOptions()).open()
