"""Who hears what: what was measured on a real FreeSWITCH comes out of the mixer. Each test lets tones be spoken and
reads by FFT what reached each phone and each file."""

import os
from pathlib import Path

import numpy as np
import pytest
from gevent import socket

from eslbot.sim.leg import Leg
from tests.sim.bench import Bench, heard

BOTH_FIRST = pytest.mark.parametrize("first", ["agent", "customer"])


def stereo(path: Path) -> tuple[np.ndarray, np.ndarray]:
    samples = np.fromfile(path, dtype="<i2").reshape(-1, 2)
    return samples[:, 0], samples[:, 1]


@pytest.mark.parametrize(
    ("command", "agent_hears", "customer_hears"),
    [
        ("uuid_audio {customer} start write mute -4", {"customer"}, set()),
        ("uuid_audio {agent} start read mute -4", {"customer"}, set()),
        ("uuid_audio {agent} start write mute -4", set(), {"agent"}),
        ("uuid_audio {customer} start read mute -4", set(), {"agent"}),
        ("uuid_audio {customer} stop", {"customer"}, {"agent"}),
        ("uuid_displace {agent} start {file} 0 m", {"customer", "file"}, {"agent"}),
        ("uuid_displace {agent} start {file} 0", {"file"}, set()),
        ("uuid_displace {agent} start {file} 0 r", set(), {"file"}),
        ("uuid_displace {agent} start {file} 0 mr", {"customer"}, {"agent", "file"}),
        ("uuid_displace {customer} start {file} 0 m", {"customer"}, {"agent", "file"}),
        ("uuid_displace {customer} start {file} 0", set(), {"file"}),
        ("uuid_broadcast {agent} {file} aleg", {"file"}, set()),
        ("uuid_broadcast {agent} {file} bleg", set(), {"file"}),
        ("uuid_broadcast {agent} {file} both", {"file"}, {"file"}),
    ],
)
@BOTH_FIRST
def test_what_each_party_hears_while_a_command_is_in_force(
    bench: Bench, first: str, command: str, agent_hears: set[str], customer_hears: set[str]
) -> None:
    agent, customer = bench.call(first)
    assert bench.hears(agent, customer) == [{"customer"}, {"agent"}]
    answer = bench.api(command.format(agent=agent.uuid, customer=customer.uuid, file=bench.file))
    assert answer.startswith("+OK")
    assert bench.hears(agent, customer) == [agent_hears, customer_hears]


def test_files_end_and_the_call_goes_on(bench: Bench) -> None:
    agent, customer = bench.call()
    for command in ("uuid_displace {} start {} 0 m", "uuid_broadcast {} {} both"):
        assert bench.api(command.format(agent.uuid, bench.file)).startswith("+OK")
        assert bench.hears(agent, customer, settle=1.3) == [{"customer"}, {"agent"}]


def test_an_announcement_over_a_muted_agent_is_all_the_customer_hears(bench: Bench) -> None:
    agent, customer = bench.call()
    bench.api(f"uuid_audio {customer.uuid} start write mute -4")
    bench.api(f"uuid_displace {customer.uuid} start {bench.file} 0 m")
    assert bench.hears(agent, customer) == [{"customer"}, {"file"}]


def test_second_mutes_and_second_stops_are_no_errors(bench: Bench) -> None:
    _, customer = bench.call()
    for command in ("start write mute -4", "start write mute -4", "stop", "stop"):
        assert bench.api(f"uuid_audio {customer.uuid} {command}") == "+OK"
    assert bench.names(customer).count("MEDIA_BUG_START") == bench.names(customer).count("MEDIA_BUG_STOP") == 1


def test_a_file_can_displace_a_leg_only_once_and_its_end_frees_the_name(bench: Bench) -> None:
    agent, _ = bench.call()
    start = f"uuid_displace {agent.uuid} start {bench.file} 0 m"
    assert bench.api(start) == "+OK Success"
    assert bench.api(start) == "-ERR Cannot displace session!"
    bench.run(1.2)
    assert bench.api(f"uuid_displace {agent.uuid} stop {bench.file}") == "-ERR Cannot stop displace session!"
    assert bench.api(start) == "+OK Success"


def test_a_displacement_ends_at_its_limit(bench: Bench) -> None:
    agent, customer = bench.call()
    bench.api(f"uuid_displace {agent.uuid} start {bench.file} 2 ml")
    assert bench.hears(agent, customer)[0] == {"customer", "file"}
    assert bench.hears(agent, customer, settle=2.5)[0] == {"customer"}


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("uuid_audio nobody stop", "-ERR No such channel!"),
        ("uuid_audio {leg} start write", "-USAGE"),
        ("uuid_audio {leg} start sideways mute -4", "-USAGE"),
        ("uuid_displace nobody start x 0 m", "-ERR Cannot locate session!"),
        ("uuid_displace {leg} start /nowhere/x.wav 0 m", "-ERR Cannot displace session!"),
        ("uuid_broadcast nobody x aleg", "-ERR invalid uuid"),
        ("uuid_record nobody start x", "-ERR Cannot locate session!"),
        ("uuid_record {leg} stop /nowhere/x.r8", "-ERR Cannot stop record session!"),
        ("uuid_record {leg} mask /nowhere/x.r8", "-ERR Cannot mask recording session!"),
        ("uuid_record {leg} start /proc/nope.r8", "-ERR Cannot record session!"),
        ("uuid_audio_fork {leg} start ws://127.0.0.1:9/x quadro 8000 bug", "-ERR Operation Failed"),
        ("uuid_audio_fork {leg} start ws://127.0.0.1:9/x stereo 16000 bug", "-ERR Operation Failed"),
        ("uuid_audio_fork {leg} stop bug", "-ERR Operation Failed"),
        ("uuid_audio_fork nobody stop bug", "-ERR Operation Failed"),
    ],
)
def test_what_cannot_be_done_is_refused_in_the_switchs_words(bench: Bench, command: str, answer: str) -> None:
    agent, _ = bench.call()
    assert bench.api(command.format(leg=agent.uuid)).startswith(answer)


# --- what a recording hears ------------------------------------------------------------------------------------------
def record(bench: Bench, leg: Leg) -> Path:
    path = bench.directory / f"{leg.uuid}.r8"
    for variable in ("RECORD_STEREO true", "enable_file_write_buffering false"):
        bench.api(f"uuid_setvar {leg.uuid} {variable}")
    assert bench.api(f"uuid_record {leg.uuid} start {path}") == "+OK Success"
    return path


def recorded(bench: Bench, path: Path) -> tuple[set[str], set[str]]:
    """Left and right of the last 0.3 seconds of the next half."""
    bench.run(0.5)
    left, right = stereo(path)
    return heard(left[-2400:]), heard(right[-2400:])


@BOTH_FIRST
@pytest.mark.parametrize(
    ("leg", "command", "left", "right"),
    [
        ("agent", "", {"agent"}, {"customer"}),
        ("customer", "", {"customer"}, {"agent"}),
        ("customer", "uuid_audio {customer} start write mute -4", {"customer"}, {"agent"}),
        ("customer", "uuid_audio {agent} start read mute -4", {"customer"}, set()),
        ("customer", "uuid_displace {agent} start {file} 0 m", {"customer"}, {"agent"}),
        ("customer", "uuid_displace {customer} start {file} 0 m", {"customer"}, {"agent"}),
        ("customer", "uuid_displace {agent} start {file} 0 mr", {"customer"}, {"agent", "file"}),
        ("customer", "uuid_displace {customer} start {file} 0", set(), {"agent"}),
    ],
)
def test_what_a_recording_hears(
    bench: Bench, first: str, leg: str, command: str, left: set[str], right: set[str]
) -> None:
    agent, customer = bench.call(first)
    path = record(bench, {"agent": agent, "customer": customer}[leg])
    bench.run(0.6)
    if command:
        assert bench.api(command.format(agent=agent.uuid, customer=customer.uuid, file=bench.file)).startswith("+OK")
    assert recorded(bench, path) == (left, right)


def test_a_recording_begun_under_a_mute_is_deaf_to_the_agent(bench: Bench) -> None:
    _, customer = bench.call()
    bench.api(f"uuid_audio {customer.uuid} start write mute -4")
    path = record(bench, customer)
    bench.run(0.6)
    assert recorded(bench, path) == ({"customer"}, set())


def test_the_first_half_second_comes_in_one_piece_and_then_640_bytes_a_frame(bench: Bench) -> None:
    _, customer = bench.call()
    path = record(bench, customer)
    sizes = []
    for _ in range(40):
        bench.run(0.02)
        sizes.append(path.stat().st_size)
    grown = np.diff([0, *sizes])
    burst = int(np.argmax(grown))
    assert sizes[burst - 1] == 640
    assert grown[burst] >= 24 * 640
    assert 0.45 <= (burst + 1) * 0.02 <= 0.55
    assert set(grown[burst + 1 :]) == {640}


def test_without_the_buffering_variable_a_file_grows_by_64_kib(bench: Bench) -> None:
    _, customer = bench.call()
    path = bench.directory / "buffered.r8"
    bench.api(f"uuid_setvar {customer.uuid} RECORD_STEREO true")
    bench.api(f"uuid_record {customer.uuid} start {path}")
    bench.run(1.5)
    assert path.stat().st_size == 0
    bench.run(1.0)
    assert 65536 <= path.stat().st_size < 65536 + 640


def test_a_mask_writes_silence_and_keeps_the_timing(bench: Bench) -> None:
    _, customer = bench.call()
    path = record(bench, customer)
    bench.run(1.0)
    before = path.stat().st_size
    assert bench.api(f"uuid_record {customer.uuid} mask {path}") == "+OK Success"
    bench.run(0.5)
    assert bench.api(f"uuid_record {customer.uuid} unmask {path}") == "+OK Success"
    bench.run(0.5)
    left, right = stereo(path)
    masked = slice(before // 4, before // 4 + 4000)
    assert len(left) * 4 == before + 2 * 25 * 640
    assert not left[masked].any()
    assert not right[masked].any()
    assert (heard(left[masked.stop :]), heard(right[masked.stop :])) == ({"customer"}, {"agent"})


def test_recordings_small_print(bench: Bench) -> None:
    _, customer = bench.call()
    made = bench.directory / "missing" / "directories" / "call.r8"
    assert bench.api(f"uuid_record {customer.uuid} start {made}") == "+OK Success"
    assert made.exists()
    assert bench.api(f"uuid_record {customer.uuid} start {made}") == "+OK Success"
    assert bench.names(customer).count("RECORD_START") == 1

    there = bench.directory / "there.r8"
    there.write_bytes(b"old")
    there.chmod(0o660)
    inode = there.stat().st_ino
    assert bench.api(f"uuid_record {customer.uuid} start {there}") == "+OK Success"
    bench.run(0.1)
    assert (there.stat().st_ino, there.stat().st_mode & 0o777) == (inode, 0o660)

    bare = bench.directory / "without-extension"
    assert bench.api(f"uuid_record {customer.uuid} start {bare}") == "+OK Success"
    bench.run(1.0)
    assert not bare.exists()


def test_the_end_of_a_recording_is_told_with_its_length(bench: Bench) -> None:
    _, customer = bench.call()
    path = record(bench, customer)
    bench.run(1.8)
    assert bench.api(f"uuid_record {customer.uuid} stop {path}") == "+OK Success"
    stop = next(event for event in bench.events if event["Event-Name"] == "RECORD_STOP")
    assert stop["Record-File-Path"] == str(path)
    assert stop["Record-Completion-Cause"] == "success-maxtime"
    assert int(str(stop["variable_record_ms"])) == path.stat().st_size * 1000 // 32000
    assert bench.names(customer)[-2:] == ["RECORD_STOP", "MEDIA_BUG_STOP"]


def test_a_fifo_takes_a_recording_while_it_has_a_reader(bench: Bench) -> None:
    _, customer = bench.call()
    path = bench.directory / "pipe.r8"
    os.mkfifo(path)
    assert bench.api(f"uuid_record {customer.uuid} start {path}") == "-ERR Cannot record session!"
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        record(bench, customer)
        bench.api(f"uuid_record {customer.uuid} start {path}")
        bench.run(0.8)
        assert len(os.read(reader, 65536)) > 16000
    finally:
        os.close(reader)
    bench.run(0.5)  # nobody reads any more: the call goes on


def test_a_second_fork_of_one_name_is_refused_and_held_against_the_caller(bench: Bench) -> None:
    _, customer = bench.call()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        start = f"uuid_audio_fork {customer.uuid} start ws://127.0.0.1:{nobody.getsockname()[1]}/x stereo 8000 bug"
        assert bench.api(start) == "+OK Success"
        assert bench.api(start) == "-ERR Operation Failed"
    assert "crash" in bench.core.faults.pop()
