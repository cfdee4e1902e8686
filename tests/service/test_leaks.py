"""Nothing lies around in plain: not in the store, its write-ahead log, the log, the journal, the recordings, a core
dump or what is left of spool and live directory. And a leak that is planted on purpose is found."""

import io
import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import gevent

from eslbot.watch import logs
from tests.record.leak import leaks
from tests.service.rig import ANSWER, PROMISE, RATE, Rig, line, party

WORDS = ("稳赚不赔", "每月都有收益", "9001", "1001")
"""What was said, and who said it."""


def marker() -> list[int]:
    """A run of samples from the middle of the promise, as the recording has it."""
    spoken = line(PROMISE, 0.0)
    middle = len(spoken.pcm) // 2
    return [int(sample) for sample in spoken.pcm[middle : middle + 64]]


def test_after_a_call_no_file_of_ours_holds_its_words_its_sound_or_its_numbers(rig: Rig) -> None:
    out = io.StringIO()
    logs.configure("debug", "json", out)
    rig.start()
    rig.place(party(line(PROMISE, 0.3), hangs_up_at=5.0), party(line(ANSWER, 0.2)))
    rig.settled()
    log = rig.directory / "eslbot.log"
    log.write_text(out.getvalue())
    (rig.directory / "eslbot.toml").unlink()  # its patterns of numbers are no one's number, and are an admin's own
    shutil.rmtree(rig.directory / "packs-kept")  # what the packs look for, heard from nobody
    [row] = rig.rows("recordings")
    assert "稳赚不赔" in rig.words(row)  # it was said and heard: there was something to leak
    assert row.samples > 5 * RATE
    assert leaks([rig.directory], WORDS, marker()) == []


def test_a_planted_leak_is_found(rig: Rig) -> None:
    samples = marker()
    (rig.directory / "a").write_bytes(b"".join(s.to_bytes(2, "little", signed=True) for s in samples))
    (rig.directory / "b").write_text("he said 稳赚不赔 to 9001")
    found = {leak.path.name for leak in leaks([rig.directory], WORDS, samples)}
    assert found == {"a", "b"}


def test_a_service_that_is_aborted_leaves_no_core(rig: Rig) -> None:
    """Where the system would write one: the limit of the running process is zero."""
    victim = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.victim", str(rig.directory / "eslbot.toml"), "0", "after"],
        env={**os.environ, "PASSWORD": rig.switch.password}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        rig.switch.wait(lambda: rig.switch.connections >= 2 or victim.poll() is not None, 60.0, "it did not connect")
        limits = Path(f"/proc/{victim.pid}/limits").read_text()
        [core] = [limit for limit in limits.splitlines() if limit.startswith("Max core file size")]
        assert core.split()[4:6] == ["0", "0"]
        workers = [
            int(pid) for pid in Path(f"/proc/{victim.pid}/task/{victim.pid}/children").read_text().split()
        ]
        for worker in workers:
            assert resource.prlimit(worker, resource.RLIMIT_CORE) == (0, 0)
    finally:
        victim.send_signal(signal.SIGKILL)
        while victim.poll() is None:
            gevent.sleep(0.01)
