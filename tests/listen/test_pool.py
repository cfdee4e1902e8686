"""Workers of our own: real processes that are killed, stopped, and replaced."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest

from eslbot import data
from eslbot.greenlets import Greenlets
from eslbot.listen.client import Connection
from eslbot.listen.endpoint import Fleet
from eslbot.listen.pool import Pool, PoolOptions, WorkerChanged
from tests.listen.collected import until

MODEL = data.model("demo-zh")
LONG = 30.0
"""Only to bound a hang: a loaded machine takes seconds to start a process."""


class Rig:
    def __init__(self, model: Path = MODEL, workers: int = 1, streams: int = 500) -> None:
        self.failures: list[BaseException] = []
        self.greenlets = Greenlets(lambda name, error: self.failures.append(error))
        self.fleet = Fleet(time.monotonic)
        self.changes: list[WorkerChanged] = []
        self.pool = Pool(PoolOptions(model, workers, streams), self.fleet, self.greenlets, self.changes.append)
        self.pool.start()

    def states(self, name: str) -> list[str]:
        return [change.state for change in self.changes if change.name == name]

    def stop(self) -> None:
        self.greenlets.stop()
        self.pool.stop()


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    made.stop()
    assert made.failures == []


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(("sent", "detail"), [(signal.SIGKILL, "SIGKILL"), (signal.SIGSEGV, "SIGSEGV")])
def test_one_that_dies_is_replaced_and_its_death_told(rig: Rig, sent: signal.Signals, detail: str) -> None:
    until(lambda: rig.fleet.ready, LONG)
    os.kill(rig.pool.pids["worker-1"], sent)
    until(lambda: rig.states("worker-2") == ["ready"], LONG)
    assert WorkerChanged("worker-1", "died", detail) in rig.changes
    assert [one.name for one in rig.fleet.endpoints] == ["worker-2"]


def test_one_that_answers_nobody_is_killed_even_if_it_is_stopped(rig: Rig) -> None:
    until(lambda: rig.fleet.ready, LONG)
    pid = rig.pool.pids["worker-1"]
    os.kill(pid, signal.SIGSTOP)
    rig.fleet.endpoints[0].suspected = True
    until(lambda: rig.states("worker-2") == ["ready"], LONG)
    assert rig.states("worker-1") == ["ready", "silent"]
    assert not alive(pid)


def test_after_enough_streams_a_successor_takes_over_and_the_old_one_ends_with_its_last() -> None:
    rig = Rig(streams=3)
    until(lambda: rig.fleet.ready, LONG)
    (first,) = rig.fleet.endpoints
    pid = rig.pool.pids["worker-1"]
    first.streams, first.served = 1, 3
    until(lambda: rig.states("worker-2") == ["ready"], LONG)
    assert first.retiring
    chosen = rig.fleet.choose()
    assert chosen is not None
    assert chosen.name == "worker-2"
    gevent.sleep(0.3)
    assert alive(pid)
    first.streams = 0
    until(lambda: rig.states("worker-1") == ["ready", "retired"], LONG)
    assert not alive(pid)
    assert rig.failures == []
    rig.stop()


def test_several_share_the_streams() -> None:
    rig = Rig(workers=2)
    until(lambda: len(rig.fleet.endpoints) == 2, LONG)
    names = set()
    for _ in range(2):
        chosen = rig.fleet.choose()
        assert chosen is not None
        chosen.streams += 1
        names.add(chosen.name)
        Connection(chosen.address, 8000, 5.0).close()
    assert names == {"worker-1", "worker-2"}
    rig.stop()


def test_a_model_that_cannot_be_loaded_is_told_and_tried_again(tmp_path: Path) -> None:
    rig = Rig(model=tmp_path)
    until(lambda: [change.state for change in rig.changes] == ["failed", "failed"], LONG)
    assert not rig.fleet.ready
    assert rig.changes[0].detail == "exit 1"
    rig.stop()


def test_stopping_leaves_neither_a_process_nor_a_file(rig: Rig) -> None:
    until(lambda: rig.fleet.ready, LONG)
    pids = list(rig.pool.pids.values())
    directory = rig.pool._directory
    assert directory is not None
    assert directory.stat().st_mode & 0o777 == 0o700
    rig.pool.stop()
    rig.greenlets.stop()
    assert [change.state for change in rig.changes] == ["ready"]
    assert not any(map(alive, pids))
    assert not directory.exists()
