"""How uuid_record writes the file that eslbot follows: its growth, its layout, its small print."""

import ctypes
import os
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.conformance.conftest import TONES
from tests.conformance.hearing import amplitude
from tests.conformance.rig import Rig
from tests.conformance.score import Played, place, record

FRAME = 640
"""Bytes of 20 ms of 16-bit stereo at 8 kHz."""

LOOK_AGAIN = pytest.mark.flaky(reruns=4)
"""A look at a file that the machine did not let us take in time sees two steps as one, and proves nothing."""


@pytest.fixture
def played(rig: Rig) -> Played:
    return place(rig, "agent")


def growth(rig: Rig, file: Path, seconds: float) -> list[tuple[float, int]]:
    """The sizes that are seen while so many seconds of the switch's time pass, and after how many of them at most."""
    begun = rig.now()
    seen = [(0.0, 0)]
    while (now := rig.now() - begun) < seconds:
        size = file.stat().st_size if file.exists() else 0
        if size != seen[-1][1]:
            seen.append((now, size))
        time.sleep(0.001)
    return seen


def stood(seen: list[tuple[float, int]], seconds: float) -> list[int]:
    """Those of the sizes that lasted so long: what is seen in the middle of a write does not."""
    return [size for (at, size), (then, _) in pairwise(seen) if then - at >= seconds]


def test_it_grows_by_frames_at_the_pace_of_speech_and_always_by_whole_samples(rig: Rig, played: Played) -> None:
    seen = growth(rig, record(rig, played, "customer"), 3.0)
    rig.clear()
    sizes = [size for _, size in seen]
    # a write that crosses a page can be seen half done, at the page's end
    assert [size for size in sizes if size % FRAME and size % 4096] == []
    assert np.count_nonzero(np.diff(sizes) == FRAME) >= 20  # of 125; where we look late it is some frames at once
    until, most = seen[-1]
    assert 0.75 * until * 50 * FRAME <= most <= 1.1 * 3 * 50 * FRAME


@LOOK_AGAIN
def test_after_one_frame_the_rest_of_the_first_half_second_comes_in_one_piece(rig: Rig, played: Played) -> None:
    sizes = [size for _, size in growth(rig, record(rig, played, "customer"), 2.0)]
    rig.clear()
    first = next(index for index, size in enumerate(sizes) if size > FRAME)
    assert sizes[first - 1] <= FRAME
    assert 20 * FRAME <= sizes[first] <= 32 * FRAME


def test_without_the_buffering_variable_it_grows_by_64_kib(rig: Rig, played: Played) -> None:
    leg = played.call.customer
    file = rig.directory / f"{leg.uuid}.r8"
    rig.api(f"uuid_setvar {leg.uuid} RECORD_STEREO true")
    assert rig.api(f"uuid_record {leg.uuid} start {file}").startswith("+OK")
    sizes = stood(growth(rig, file, 7.0), 1.0)
    rig.clear()
    steps = np.diff(sizes)
    assert len(steps) == 2
    assert all(65536 <= step <= 66000 for step in steps)


def test_mask_writes_silence_and_keeps_the_timing(rig: Rig, played: Played) -> None:
    leg = played.call.customer
    file = record(rig, played, "customer")
    rig.pass_time(1.0)
    assert rig.api(f"uuid_record {leg.uuid} mask {file}").startswith("+OK")
    rig.pass_time(0.2)
    start = file.stat().st_size
    rig.pass_time(1.0)
    end = file.stat().st_size
    assert rig.api(f"uuid_record {leg.uuid} unmask {file}").startswith("+OK")
    rig.pass_time(0.2)
    again = file.stat().st_size
    rig.pass_time(1.0)
    rig.clear()
    data = file.read_bytes()
    assert end - start >= 0.7 * 32000
    masked = np.frombuffer(data[start // 4 * 4 : end // 4 * 4], "<i2")
    after = np.frombuffer(data[again // 4 * 4 :], "<i2").reshape(-1, 2)[:8000, 0] / 32768
    assert not masked.any()
    assert amplitude(after, TONES["customer"]) > 0.1


def test_recording_goes_on_while_holes_are_punched_behind_the_reader(rig: Rig, played: Played) -> None:
    file = record(rig, played, "customer")
    rig.pass_time(2.5)
    with file.open("r+b") as open_file:
        fallocate(open_file.fileno(), 65536)
    blocks = file.stat().st_blocks
    rig.pass_time(0.5)
    size, used = file.stat().st_size, file.stat().st_blocks * 512
    rig.clear()
    tail = np.frombuffer(file.read_bytes()[65536 : size // 4 * 4], "<i2").reshape(-1, 2)[:, 0] / 32768
    assert blocks * 512 < size
    assert used < size
    assert amplitude(tail, TONES["customer"]) > 0.1


def fallocate(descriptor: int, length: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    keep_size, punch_hole = 1, 2
    offset, count = ctypes.c_int64(0), ctypes.c_int64(length)
    if libc.fallocate(descriptor, keep_size | punch_hole, offset, count):
        raise OSError(ctypes.get_errno(), "fallocate")


def test_missing_directories_are_made(rig: Rig, played: Played) -> None:
    leg = played.call.customer
    file = rig.directory / f"{leg.uuid}/deep/call.r8"
    assert rig.api(f"uuid_record {leg.uuid} start {file}").startswith("+OK")
    rig.pass_time(0.2)
    assert file.exists()
    rig.clear()


def test_a_file_that_is_there_keeps_its_inode_and_mode(rig: Rig, played: Played) -> None:
    leg = played.call.customer
    file = rig.directory / f"{leg.uuid}.r8"
    file.touch()
    file.chmod(0o660)
    before = file.stat()
    record(rig, played, "customer")
    rig.pass_time(1.0)
    after = file.stat()
    rig.clear()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    assert after.st_size > 0


def test_a_file_of_its_own_is_readable_by_all_and_writable_by_itself(rig: Rig, played: Played) -> None:
    file = record(rig, played, "customer")
    rig.pass_time(0.3)
    mode = file.stat().st_mode & 0o777
    rig.clear()
    assert mode == 0o644


def test_a_second_start_on_the_same_path_is_ok_and_records_nothing_twice(rig: Rig, played: Played) -> None:
    file = record(rig, played, "customer")
    assert rig.api(f"uuid_record {played.call.customer.uuid} start {file}").startswith("+OK")
    rig.pass_time(1.0)
    start = file.stat().st_size
    rig.pass_time(1.0)
    grown = file.stat().st_size - start
    rig.clear()
    assert 0.7 * 32000 <= grown <= 1.4 * 32000


def test_a_path_without_an_extension_is_ok_and_no_such_file(rig: Rig, played: Played) -> None:
    leg = played.call.customer
    file = rig.directory / leg.uuid
    assert rig.api(f"uuid_record {leg.uuid} start {file}").startswith("+OK")
    rig.pass_time(0.5)
    rig.clear()
    assert not file.exists()


def test_start_and_stop_tell_the_path_and_how_long_it_is(rig: Rig, played: Played) -> None:
    since = rig.mark()
    leg = played.call.customer
    file = record(rig, played, "customer")
    rig.pass_time(1.5)
    assert rig.api(f"uuid_record {leg.uuid} stop {file}").startswith("+OK")
    start = rig.wait(lambda e: e["Event-Name"] == "RECORD_START" and e["Unique-ID"] == leg.uuid, since)
    stop = rig.wait(lambda e: e["Event-Name"] == "RECORD_STOP" and e["Unique-ID"] == leg.uuid, since)
    rig.clear()
    assert start["Record-File-Path"] == stop["Record-File-Path"] == str(file)
    assert abs(int(stop["variable_record_ms"]) - file.stat().st_size / 32) <= 60


def test_a_fifo_takes_it_while_somebody_reads(rig: Rig, played: Played) -> None:
    path = rig.directory / f"{played.call.customer.uuid}.r8"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        record(rig, played, "customer")
        rig.pass_time(1.5)
        data = os.read(reader, 1 << 20)
    finally:
        os.close(reader)
        rig.clear()
    samples = np.frombuffer(data[: len(data) // 4 * 4], "<i2").reshape(-1, 2) / 32768
    assert amplitude(samples[:, 0], TONES["customer"]) > 0.1
    assert amplitude(samples[:, 1], TONES["agent"]) > 0.1
