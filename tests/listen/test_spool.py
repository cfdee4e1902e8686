"""The spool beyond what every source must do: memory given back, nothing lost over our death, another user writing."""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest
from gevent import subprocess
from hypothesis import given, settings
from hypothesis import strategies as st

from eslbot.greenlets import Greenlets
from eslbot.listen.source import Sink
from eslbot.listen.spool import Spool, SpoolOptions, SpoolSource
from eslbot.listen.spool_files import Leftover, SpoolError
from eslbot.model.audio import AudioFrame
from eslbot.model.call import CallId
from tests.listen.collected import Clock, Collected, until

CALL = CallId("0b5a6f0e-0000-4000-8000-000000000001")
OTHER = CallId("0b5a6f0e-0000-4000-8000-000000000002")
RATE = 8000
SECOND = RATE * 4


@pytest.fixture
def greenlets() -> Iterator[Greenlets]:
    group = Greenlets(lambda name, error: None)
    yield group
    group.stop()


@pytest.fixture
def collected() -> Collected:
    return Collected()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def spool(tmp_path: Path, greenlets: Greenlets, clock: Clock, collected: Collected) -> Iterator[Spool]:
    made = Spool(SpoolOptions(tmp_path / "spool"), greenlets, clock, collected.sink)
    made.start()
    yield made
    made.stop()


def grow(source: SpoolSource, data: bytes) -> None:
    with open(source.target, "ab") as file:
        file.write(data)


def test_durable_audio_is_given_back_and_the_rest_stays(spool: Spool, collected: Collected) -> None:
    source = spool.open(CALL, RATE)
    sent = os.urandom(10 * SECOND)
    grow(source, sent)
    until(lambda: source.samples == 10 * RATE)
    full = spool.bytes
    assert full >= len(sent)
    source.acknowledge(8 * RATE)
    assert spool.bytes <= full - 8 * SECOND + 3 * 4096
    assert os.stat(source.target).st_size == len(sent)
    with open(source.target, "rb") as file:
        file.seek(8 * SECOND)
        assert file.read() == sent[8 * SECOND :]


def test_little_more_is_held_than_what_is_not_durable_however_long_the_call(spool: Spool) -> None:
    source = spool.open(CALL, RATE)
    for second in range(1, 60):
        grow(source, os.urandom(SECOND))
        until(lambda second=second: source.samples == second * RATE)  # type: ignore[misc]
        source.acknowledge(max(0, second - 2) * RATE)
        assert spool.bytes <= 2 * SECOND + 64 * 1024 + SECOND + 2 * 4096


def test_an_ended_file_goes_only_when_all_of_it_is_durable(spool: Spool, collected: Collected, clock: Clock) -> None:
    source = spool.open(CALL, RATE)
    grow(source, os.urandom(SECOND + 2))
    source.finish()
    until(lambda: source.samples == RATE)
    clock.now += 1
    until(lambda: collected.ends)
    assert collected.ends == [(CALL, RATE)]
    source.acknowledge(RATE - 1)
    assert os.path.exists(source.target)
    source.acknowledge(RATE)
    assert not os.path.exists(source.target)
    assert spool.bytes == 0


def test_a_finished_file_that_still_grows_is_read_to_its_end(spool: Spool, collected: Collected, clock: Clock) -> None:
    source = spool.open(CALL, RATE)
    source.finish()
    for second in range(1, 4):
        grow(source, os.urandom(SECOND))
        until(lambda second=second: source.samples == second * RATE)  # type: ignore[misc]
        clock.now += 0.15
    assert collected.ends == []
    clock.now += 0.3
    until(lambda: collected.ends)
    assert collected.ends == [(CALL, 3 * RATE)]


def test_after_our_death_what_was_not_durable_is_read_again(
    tmp_path: Path, greenlets: Greenlets, clock: Clock, collected: Collected, spool: Spool
) -> None:
    source = spool.open(CALL, RATE)
    sent = os.urandom(6 * SECOND)
    grow(source, sent[: 4 * SECOND])
    until(lambda: source.samples == 4 * RATE)
    source.acknowledge(3 * RATE)
    spool.stop()
    grow(source, sent[4 * SECOND :])
    assert spool.leftovers()[0].samples == 6 * RATE
    again = Collected()
    successor = Spool(SpoolOptions(tmp_path / "spool"), greenlets, clock, again.sink)
    successor.start()
    resumed = successor.open(CALL, RATE, first=3 * RATE, since=clock.now - 100)
    until(lambda: resumed.samples == 6 * RATE)
    assert again.audio(CALL) == sent[3 * SECOND :]
    assert again.gaps == []
    assert successor.leftovers() == []
    successor.stop()


def test_leftovers_are_files_of_calls_and_nothing_else(spool: Spool, tmp_path: Path) -> None:
    directory = tmp_path / "spool"
    (directory / f"{OTHER}.r8").write_bytes(bytes(4001))
    (directory / "notes.txt").write_text("not ours")
    (directory / f"{CALL}.wav").write_text("not ours")
    (directory / "link.r8").symlink_to(tmp_path / "elsewhere")
    spool.open(CALL, RATE)
    found = spool.leftovers()
    assert [(one.call, one.samples) for one in found] == [(OTHER, 1000)]
    assert isinstance(found[0], Leftover)
    assert found[0].bytes >= 4001


def test_a_file_begun_anew_keeps_the_clock_and_tells_what_is_lost(
    spool: Spool, collected: Collected, clock: Clock
) -> None:
    source = spool.open(CALL, RATE)
    grow(source, os.urandom(2 * SECOND))
    until(lambda: source.samples == 2 * RATE)
    os.truncate(source.target, 0)
    clock.now += 0.5
    until(lambda: collected.gaps)
    fresh = os.urandom(SECOND)
    grow(source, fresh)
    until(lambda: source.samples == 2 * RATE + 4000 + RATE)
    (gap,) = collected.gaps
    assert (gap.first, gap.end, gap.reason) == (2 * RATE, 2 * RATE + 4000, "source")
    assert collected.audio(CALL)[2 * SECOND :] == bytes(4000 * 4) + fresh


def test_a_spool_that_was_lost_with_the_machine_is_a_gap_of_the_restart(
    spool: Spool, collected: Collected, clock: Clock
) -> None:
    source = spool.open(CALL, RATE, first=5 * RATE, since=clock.now - 3)
    grow(source, bytes(SECOND))
    until(lambda: source.samples == 9 * RATE)
    (gap,) = collected.gaps
    assert (gap.first, gap.end, gap.reason) == (5 * RATE, 8 * RATE, "restart")


def test_one_call_that_fails_does_not_stop_the_others(tmp_path: Path, clock: Clock) -> None:
    heard: list[AudioFrame] = []
    failures: list[BaseException] = []

    def take(frame: AudioFrame) -> None:
        if frame.call == CALL:
            raise RuntimeError("a callback that should not raise")
        heard.append(frame)

    greenlets = Greenlets(lambda name, error: failures.append(error))
    spool = Spool(
        SpoolOptions(tmp_path / "s"), greenlets, clock, Sink(take, lambda gap: None, lambda call, samples: None)
    )
    spool.start()
    bad, good = spool.open(CALL, RATE), spool.open(OTHER, RATE)
    for count in range(1, 4):
        grow(bad, bytes(640))
        grow(good, bytes(640))
        until(lambda count=count: sum(f.samples for f in heard) == 160 * count)  # type: ignore[misc]
    until(lambda: failures)
    spool.stop()
    greenlets.stop()
    assert isinstance(failures[0], ExceptionGroup)


def test_a_link_planted_in_the_files_place_is_refused(spool: Spool, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "spool" / f"{CALL}.r8").symlink_to(victim)
    with pytest.raises(SpoolError, match=CALL):
        spool.open(CALL, RATE)
    os.link(victim, tmp_path / "spool" / f"{OTHER}.r8")
    with pytest.raises(SpoolError, match="one name"):
        spool.open(OTHER, RATE)
    assert victim.read_text() == "precious"


def test_a_directory_that_is_a_link_is_refused(tmp_path: Path, greenlets: Greenlets, clock: Clock) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(SpoolError, match="not a link"):
        Spool(SpoolOptions(tmp_path / "link"), greenlets, clock, Collected().sink).start()


def test_without_a_group_nobody_else_can_read(spool: Spool, tmp_path: Path) -> None:
    source = spool.open(CALL, RATE)
    assert stat.S_IMODE(os.stat(source.target).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(tmp_path / "spool").st_mode) == 0o700


APPEND = "for part in 1 2 3 4 5; do printf '%0640d' 1; done > \"$1\""
READ = 'cat "$1" > /dev/null'


def _as_user(uid: int, groups: list[int], command: str, path: str) -> int:
    """Exit status of a shell that runs the command as that user."""
    shell = ["/bin/sh", "-c", command, "sh", path]
    return int(subprocess.call(shell, user=uid, group=uid, extra_groups=groups, stderr=subprocess.DEVNULL))


@pytest.mark.skipif(os.geteuid() != 0, reason="two users take root: the child must become another one")
def test_freeswitch_as_another_user_writes_and_a_third_reads_nothing(
    greenlets: Greenlets, clock: Clock, collected: Collected
) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    shared, freeswitch = 54321, 54322
    top = Path("/dev/shm") / f"eslbot-test-{os.getpid()}"
    try:
        spool = Spool(SpoolOptions(top, group=shared), greenlets, clock, collected.sink)
        spool.start()
        source = spool.open(CALL, RATE)
        assert _as_user(freeswitch, [shared], APPEND, source.target) == 0
        until(lambda: source.samples == 800)
        assert _as_user(freeswitch, [shared], READ, source.target) == 0
        assert _as_user(nobody, [], READ, source.target) != 0
        assert _as_user(nobody, [], APPEND, source.target) != 0
        grow(source, bytes(4 * SECOND))
        until(lambda: source.samples == 800 + 4 * RATE)
        before = source.bytes
        source.acknowledge(source.samples)
        assert source.bytes < before / 2
        source.finish()
        clock.now += 1
        until(lambda: not os.path.exists(source.target))
        assert collected.audio(CALL)[:3200] == (b"0" * 639 + b"1") * 5
    finally:
        for file in top.glob("*"):
            file.unlink()
        top.rmdir()


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 70_000), st.integers(0, 20_000)), min_size=1, max_size=8))
def test_however_it_grows_and_is_acknowledged_every_byte_is_delivered_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]]
) -> None:
    """Steps: bytes the file grows by, samples acknowledged more."""
    collected, clock, greenlets = Collected(), Clock(), Greenlets()
    spool = Spool(SpoolOptions(tmp_path_factory.mktemp("spool"), tick=0.001), greenlets, clock, collected.sink)
    spool.start()
    source = spool.open(CALL, RATE)
    sent = b""
    acknowledged = 0
    for size, more in steps:
        piece = os.urandom(size)
        grow(source, piece)
        sent += piece
        until(lambda sent=sent: source.samples == len(sent) // 4)  # type: ignore[misc]
        acknowledged = min(acknowledged + more, source.samples)
        source.acknowledge(acknowledged)
    assert collected.audio(CALL) == sent[: len(sent) // 4 * 4]
    spool.stop()
    greenlets.stop()
    with open(source.target, "rb") as file:
        file.seek(acknowledged * 4)
        assert file.read() == sent[acknowledged * 4 :]


def test_many_calls_take_turns_and_each_loses_nothing_by_it(
    tmp_path: Path, greenlets: Greenlets, clock: Clock, collected: Collected
) -> None:
    options = SpoolOptions(tmp_path / "spool", tick=0.001, calls_a_look=2, most_turns=3)
    spool = Spool(options, greenlets, clock, collected.sink)
    spool.start()
    calls = [CallId(f"{n}d1c5b7e-0000-4000-8000-000000000001") for n in range(9)]
    sources = [spool.open(call, RATE) for call in calls]
    sent = dict.fromkeys(calls, b"")
    for _ in range(20):
        for source in sources:
            piece = os.urandom(640)
            sent[source.call] += piece
            grow(source, piece)
        gevent.sleep(0.001)
    until(lambda: all(source.samples == 20 * 160 for source in sources))
    assert {call: collected.audio(call) for call in calls} == sent
    assert len(collected.frames) < 20 * len(calls)
    spool.stop()


def test_what_is_wiped_is_gone_from_the_file_to_the_sample_and_nothing_else_is(
    spool: Spool, collected: Collected,
) -> None:
    source = spool.open(CALL, RATE)
    sent = os.urandom(4 * SECOND)
    grow(source, sent)
    until(lambda: source.samples == 4 * RATE)
    source.acknowledge(2 * RATE)
    occupied = spool.bytes
    source.wipe(RATE, 3 * RATE + 1)
    source.wipe(9 * RATE, 10 * RATE)
    with open(source.target, "rb") as file:
        data = file.read()
    assert data[2 * SECOND :] == bytes(SECOND + 4) + sent[3 * SECOND + 4 :]
    assert len(data) == len(sent)
    assert spool.bytes <= occupied + 4096
    grow(source, bytes(8))
    assert source.behind in (0, 2)
    until(lambda: source.samples == 4 * RATE + 2)
    assert source.behind == 0
