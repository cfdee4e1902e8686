"""Dying and going on: whatever happens in between, what was durable stays, what was taken stays while the machine does,
and no chunk's number is ever used for two plaintexts."""

import tempfile
import time
from pathlib import Path
from typing import Any

import gevent
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eslbot.record import live, paths, pump
from eslbot.record.sheet import AUDIO_SLACK
from eslbot.record.stream import SEALED, offset
from tests.record.rig import CALL, CHUNK_SAMPLES, Rig, Witness, audio, frame, until

RETRY = 0.01
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where hundreds of syncs cost nothing."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump, "RETRY_SECONDS", RETRY)


def witness(rig: Rig) -> Witness:
    assert isinstance(rig.disk, Witness)
    return rig.disk


def header_of(rig: Rig, file: Path) -> bytes:
    for row in rig.index.rows.values():
        if file == paths.audio(rig.options.directory, row.path):
            return row.audio_header
        if file == paths.words(rig.options.directory, row.path):
            return row.words_header
    raise AssertionError(f"{file}: no row has its header")


OPS = st.one_of(
    st.tuples(st.just("take"), st.integers(1, 40_000)),
    st.tuples(st.just("skip"), st.integers(1, 20_000)),
    st.tuples(st.just("say"), st.integers(1, 400)),
    st.tuples(st.just("wait"), st.integers(0, 20)),
    st.tuples(st.just("tear"), st.integers(0, 3 * SEALED)),
    st.tuples(st.just("die"), st.integers(0, 2)),
)


@given(st.lists(OPS, min_size=3, max_size=14))
@settings(max_examples=30, deadline=None)
def test_nothing_taken_is_lost_and_no_chunk_is_sealed_twice_wherever_we_die(ops: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as directory:
        rig = Rig(Path(directory), disk=Witness)
        disk = witness(rig)
        try:
            one = rig.open()
            expected, said, salt, told = bytearray(), [], 0, 0
            for op, n in [*ops, ("die", 1)]:
                if op == "take":   # another salt after each death: a source that keeps nothing never repeats itself
                    one.take(frame(one.taken, n, salt=salt))
                    expected += audio(len(expected) // 4, n, salt)
                elif op == "skip":
                    one.take(frame(one.taken + n, 1, salt=salt))
                    begun = len(expected) > 0
                    at = len(expected) // 4
                    if begun:
                        expected += bytes(4 * n) + audio(at + n, 1, salt)
                    else:
                        expected += bytes(4 * n) + audio(n, 1, salt)
                elif op == "say":
                    for _ in range(n):
                        said.append({"n": len(said), "salt": salt})
                        one.say(said[-1])
                elif op == "wait":
                    gevent.sleep(n / 1000)
                elif op == "tear":
                    disk.tear = n
                else:
                    told = max(told, rig.durable.get(CALL, 0))
                    rig.die()
                    rig.start()
                    salt += 1
                    assert rig.vault.live() == [CALL]
                    one = rig.open()
                    assert told <= one.samples <= one.taken
                    lost = len(expected) // 4 - one.taken
                    assert 0 <= lost <= AUDIO_SLACK // 4
                    del expected[one.taken * 4 :]
            disk.tear = None
            one.close()
            until(lambda: rig.closed)
            row = rig.row()
            assert rig.stock("audio") == bytes(expected[row.first * 4 :])
            assert list(rig.recording().words()) == said
            rig.recording().verify()
            assert list(rig.index.rows) == [(CALL, 1)]
            disk.plaintexts(lambda file: header_of(rig, file))
        finally:
            rig.die()


@given(st.lists(st.one_of(OPS, st.tuples(st.just("full"), st.integers(0, 5000)),
                          st.tuples(st.just("room"), st.just(0))), min_size=3, max_size=14))
@settings(max_examples=30, deadline=None)
def test_without_room_in_memory_what_was_told_durable_stays_and_no_chunk_is_sealed_twice(
        ops: list[tuple[str, int]]) -> None:
    room: list[int] = []
    real = live.Tail.append

    def append(tail: live.Tail, data: bytes) -> None:
        if room:
            real(tail, data[: room[0]])
            raise OSError(28, "No space left on device")
        real(tail, data)

    with tempfile.TemporaryDirectory(dir=MEMORY) as directory, pytest.MonkeyPatch.context() as patch:
        patch.setattr(live.Tail, "append", append)
        rig = Rig(Path(directory), disk=Witness)
        disk = witness(rig)
        try:
            one = rig.open()
            expected, salt = bytearray(), 0
            for op, n in [*ops, ("die", 1)]:
                if op == "take":
                    del expected[one.taken * 4 :]
                    expected += audio(one.taken, n, salt)
                    one.take(frame(one.taken, n, salt=salt))
                elif op in ("full", "room"):
                    room[:] = [n] if op == "full" else []
                elif op == "wait":
                    gevent.sleep(n / 1000)
                elif op == "tear":
                    disk.tear = n
                elif op == "die":
                    told = rig.durable.get(CALL, 0)
                    rig.die()
                    rig.start()
                    salt += 1
                    one = rig.open()
                    assert told <= one.samples
            disk.tear = None
            del expected[one.taken * 4 :]
            one.close()
            until(lambda: rig.closed)
            for (_, part), row in rig.index.rows.items():
                recording = rig.recording(part)
                recording.verify()
                assert recording.read(row.first, row.samples) == bytes(
                    expected[row.first * 4 : (row.first + row.samples) * 4])
            disk.plaintexts(lambda file: header_of(rig, file))
        finally:
            rig.die()


def begun(rig: Rig, chunks: int, more: int = 10) -> Any:
    one = rig.open()
    one.take(frame(0, chunks * CHUNK_SAMPLES + more))
    one.say({"n": 1})
    until(lambda: rig.durable.get(CALL) == chunks * CHUNK_SAMPLES)
    return one


def test_after_kill_the_recording_goes_on_at_exactly_the_durable_sample(rig: Rig) -> None:
    begun(rig, 2)
    rig.die()
    rig.start()
    one = rig.open()
    assert one.samples == 2 * CHUNK_SAMPLES
    one.take(frame(one.samples, 500))   # the spool still has what was not durable
    one.close()
    until(lambda: rig.closed)
    assert rig.stock("audio") == audio(0, 2 * CHUNK_SAMPLES + 500)
    assert rig.row().state == "complete"


def test_what_a_fork_loses_while_we_are_down_is_a_gap_named_restart(rig: Rig) -> None:
    begun(rig, 1)
    rig.die()
    rig.start()
    one = rig.open()
    at = one.taken + 4000
    one.take(frame(at, 100))
    one.take(frame(at + 200, 100))
    one.close()
    until(lambda: rig.closed)
    assert rig.row().gaps == ({"first": at - 4000, "end": at, "reason": "restart"},
                              {"first": at + 100, "end": at + 200, "reason": "source"})


def test_dying_while_closing_ends_in_the_same_file(rig: Rig) -> None:
    one = begun(rig, 1)
    rig.index.away = True
    one.close("partial")
    until(lambda: not one._sheet.audio.held)
    sealed = (rig.options.directory / (rig.row().path + ".audio")).read_bytes()
    rig.die()
    rig.index._waiting.clear()
    rig.index.away = False
    rig.start()
    again = rig.open()
    assert again.closing
    until(lambda: rig.closed)
    assert rig.payload("audio") == sealed
    assert rig.row().state == "partial"
    assert rig.stock("audio") == audio(0, CHUNK_SAMPLES + 10)


def test_nothing_is_durable_before_its_header_is_in_the_index(rig: Rig) -> None:
    rig.index.away = True
    one = rig.open()
    one.take(frame(0, 3 * CHUNK_SAMPLES))
    until(lambda: one.durable == 2 * CHUNK_SAMPLES)
    gevent.sleep(0.05)
    assert rig.durable == {}
    rig.index.away = False
    rig.index.drain()
    until(lambda: rig.durable == {CALL: 2 * CHUNK_SAMPLES})


def test_a_full_disk_is_told_at_once_and_nothing_is_durable_until_it_has_room(tmp_path: Path) -> None:
    rig = Rig(tmp_path, disk=Witness)
    one = begun(rig, 1)
    witness(rig).full = True
    one.take(frame(one.taken, 3 * CHUNK_SAMPLES))
    until(lambda: rig.failed)
    gevent.sleep(10 * RETRY)
    assert rig.failed == ["disk: No space left on device"]
    assert rig.durable == {CALL: CHUNK_SAMPLES}
    assert rig.row().state == "partial"
    assert rig.row().chunks == 1
    witness(rig).full = False
    until(lambda: rig.durable[CALL] == 4 * CHUNK_SAMPLES)
    until(lambda: rig.row().state == "recording")
    one.close()
    until(lambda: rig.closed)
    assert rig.stock("audio") == audio(0, 4 * CHUNK_SAMPLES + 10)
    assert rig.row().state == "complete"
    rig.die()


def test_a_disk_that_stays_full_costs_audio_and_the_gap_says_so(tmp_path: Path) -> None:
    rig = Rig(tmp_path, disk=Witness, backlog_bytes=4 * CHUNK_SAMPLES * 2)
    one = begun(rig, 1)
    witness(rig).full = True
    for _ in range(100):
        one.take(frame(one._dropped or one.taken, 1000))
    until(lambda: len(rig.failed) == 2)
    assert rig.failed[0].endswith("audio is being lost") or rig.failed[1].endswith("audio is being lost")
    kept, end = one.taken, one._dropped
    assert kept < end == CHUNK_SAMPLES + 10 + 100_000
    witness(rig).full = False
    until(lambda: one._sheet.audio.held <= 4 * CHUNK_SAMPLES)
    one.take(frame(end, 1000))
    one.close()
    until(lambda: rig.closed)
    assert rig.row().gaps == ({"first": kept, "end": end, "reason": "disk"},)
    assert rig.row().state == "partial"
    assert rig.stock("audio") == audio(0, kept) + bytes(4 * (end - kept)) + audio(end, 1000)
    rig.die()


def test_audio_that_found_no_room_until_the_end_is_a_gap_too(tmp_path: Path) -> None:
    rig = Rig(tmp_path, disk=Witness, backlog_bytes=1000)
    one = begun(rig, 1)
    witness(rig).full = True
    one.take(frame(one.taken, 1000))
    one.take(frame(one.taken, 1000))
    kept = one.taken
    one.close()
    witness(rig).full = False
    until(lambda: rig.closed)
    assert rig.row().gaps == ({"first": kept, "end": kept + 1000, "reason": "disk"},)
    rig.die()


def test_a_sync_that_failed_is_followed_by_the_same_bytes_again(tmp_path: Path) -> None:
    rig = Rig(tmp_path, disk=Witness)
    one = rig.open()
    witness(rig).tear = 70_000
    one.take(frame(0, 3 * CHUNK_SAMPLES))
    until(lambda: rig.durable.get(CALL) == 2 * CHUNK_SAMPLES)
    first, second = witness(rig).seen[:2]
    assert first == second
    assert rig.failed == ["disk: Input/output error"]
    rig.die()


def test_a_disk_that_does_not_answer_is_told_while_the_call_goes_on(tmp_path: Path) -> None:
    class Hung(Witness):
        def write(self, file: Path, at: int, data: bytes) -> None:
            while self.full:
                time.sleep(0.005)
            super().write(file, at, data)

    rig = Rig(tmp_path, disk=Hung)
    one = begun(rig, 1)
    witness(rig).full = True
    one.take(frame(one.taken, 2 * CHUNK_SAMPLES))
    until(lambda: rig.vault._pumps[CALL]._busy is not None)
    rig.now += 4.5
    until(lambda: rig.failed)
    assert rig.failed == ["disk: no answer for 4 s"]
    one.take(frame(one.taken, 100))
    witness(rig).full = False
    until(lambda: rig.durable[CALL] == 3 * CHUNK_SAMPLES)
    rig.die()


def tampered(rig: Rig, change: Any) -> None:
    path = rig.options.directory / (rig.row().path + ".audio")
    rig.die()
    change(path)
    rig.start()


@pytest.mark.parametrize(("change", "durable_lost"), [
    (lambda path: path.write_bytes(path.read_bytes() + b"x" * 40), False),
    (lambda path: path.write_bytes(path.read_bytes()[: offset(2) - 1]), True),
    (lambda path: path.write_bytes(bytes(16) + path.read_bytes()[16:]), True),
    (lambda path: path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1])), True),
    (lambda path: path.unlink(), True),
], ids=["appended", "cut", "nonce", "flipped", "deleted"])
def test_a_file_that_was_changed_meanwhile_is_left_alone_and_the_call_goes_on_in_another_part(
        rig: Rig, change: Any, durable_lost: bool) -> None:
    begun(rig, 2)
    tampered(rig, change)
    one = rig.open()
    one.take(frame(one.taken, 1000))
    one.close()
    until(lambda: rig.closed)
    assert len(rig.failed) == 1
    assert "another part" in rig.failed[0]
    second = rig.closed[0].part
    assert rig.row(second).first == 2 * CHUNK_SAMPLES
    assert rig.stock("audio", second) == audio(2 * CHUNK_SAMPLES, 1010)
    assert list(rig.recording(second).words()) == [{"n": 1}]
    if second == 2:
        assert rig.row(1).state == "incomplete"
        if not durable_lost:
            assert rig.recording(1).read(0, 10 ** 9) == audio(0, 2 * CHUNK_SAMPLES)


def test_after_a_power_cut_what_was_durable_is_there_and_the_rest_is_said_to_be_missing(rig: Rig) -> None:
    begun(rig, 2)
    rig.lose_memory()
    rig.start()
    assert rig.vault.live() == []
    (row,) = rig.vault.abandon()
    assert row == rig.row()
    assert (row.state, row.samples, row.chunks) == ("incomplete", 2 * CHUNK_SAMPLES, 2)
    recording = rig.recording()
    assert recording.read(0, 10 ** 9) == audio(0, 2 * CHUNK_SAMPLES)
    assert recording.verify().whole is False
    assert rig.vault.abandon() == []


def test_a_call_that_outlives_our_memory_gets_a_second_part(rig: Rig) -> None:
    begun(rig, 2)
    rig.lose_memory()
    rig.start()
    rig.vault.abandon()
    one = rig.open()
    one.take(frame(3 * CHUNK_SAMPLES, 100))
    one.close()
    until(lambda: rig.closed)
    assert (rig.row(2).part, rig.row(2).first, rig.row(2).state) == (2, 3 * CHUNK_SAMPLES, "partial")
    assert rig.row(2).path == rig.row(1).path + ".2"
    assert rig.stock("audio", 2) == audio(3 * CHUNK_SAMPLES, 100)
    assert rig.row(1).state == "incomplete"


def test_a_torn_chunk_whose_plain_bytes_were_lost_ends_its_part_and_is_never_sealed_over(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(tail: live.Tail, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    rig = Rig(tmp_path, disk=Witness)
    one = rig.open()
    with monkeypatch.context() as patch:
        patch.setattr(live.Tail, "append", no_room)
        one.take(frame(0, 2 * CHUNK_SAMPLES))
        witness(rig).tear = 1000
        until(lambda: rig.failed)
        rig.die()
    rig.start()
    one = rig.open()
    assert one.taken == 0
    one.take(frame(0, 2 * CHUNK_SAMPLES, salt=9))
    one.close()
    until(lambda: rig.closed)
    assert [(row.part, row.state, row.samples) for row in rig.index.rows.values()] == [
        (1, "incomplete", 0), (2, "complete", 2 * CHUNK_SAMPLES)]
    assert rig.stock("audio", 2) == audio(0, 2 * CHUNK_SAMPLES, 9)
    witness(rig).plaintexts(lambda file: header_of(rig, file))
    rig.die()
