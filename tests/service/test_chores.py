"""Chores are real processes; the store is a real one."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gevent
import pytest

from eslbot.config import load
from eslbot.greenlets import Greenlets
from eslbot.record.retention import DAY, WITNESS
from eslbot.service import chores
from eslbot.service.chores import Chore, Chores
from eslbot.store import FlagRow, Store
from tests.config.examples import ENVIRON, SMALLEST, write

CHORE = Chore("retention", ("retention", "run"), 100.0, "retention-refused", wants_clock=True)


class Rig:
    def __init__(self, directory: Path) -> None:
        self.greenlets = Greenlets()
        self.store = Store(f"sqlite:///{directory / 'eslbot.db'}", self.greenlets)
        self.failed: list[tuple[str, str]] = []
        self.done: list[tuple[str, bytes]] = []
        self.now, self.apart = 1_795_000_000.0, 0.0

    def chores(self, code: str, *which: Chore) -> Chores:
        command: Callable[[Chore], list[str]] = lambda chore: [sys.executable, "-c", code]  # noqa: E731
        return Chores(which or (CHORE,), command, self.store, lambda: self.now,
                      lambda kind, reason: self.failed.append((kind, reason)),
                      lambda name, output: self.done.append((name, output)), lambda: self.now + self.apart)

    def flag(self, name: str) -> FlagRow | None:
        self.store.flush(30)
        return self.store.flags.get(name)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    one = Rig(tmp_path)
    yield one
    one.store.stop()
    one.greenlets.stop()


def test_what_succeeded_is_written_down_and_its_output_passed_on(rig: Rig) -> None:
    assert rig.chores("print('{}')").perform(CHORE)
    assert (rig.done, rig.failed) == ([("retention", b"{}\n")], [])
    flag = rig.flag("chore-retention")
    assert flag is not None
    assert flag.at == rig.now


def test_what_failed_is_told_with_its_last_words_and_is_not_written_down(rig: Rig) -> None:
    assert not rig.chores("import sys; sys.exit('first\\nthe disk is full')").perform(CHORE)
    assert not rig.chores("import os; os._exit(9)").perform(CHORE)
    assert rig.failed == [("retention-refused", "retention: the disk is full"),
                          ("retention-refused", "retention: exit code 9")]
    assert rig.flag("chore-retention") is None


def test_the_hub_goes_on_meanwhile(rig: Rig) -> None:
    turns = []
    ticking = rig.greenlets.spawn("ticks", lambda: [turns.append(gevent.sleep(0.005)) for _ in range(10)])
    assert rig.chores("import time; time.sleep(0.5)").perform(CHORE)
    assert len(turns) == 10
    ticking.get()


@pytest.mark.parametrize("apart", [-2 * 3600.0, 2 * 3600.0, 9 * DAY])
def test_a_clock_that_was_set_while_we_ran_deletes_nothing(rig: Rig, apart: float) -> None:
    rig.apart = apart
    assert not rig.chores("print()").perform(CHORE)
    [(kind, reason)] = rig.failed
    assert kind == "retention-refused"
    assert "clock" in reason
    rig.chores("").see()
    assert rig.flag(WITNESS) is None


def test_the_witness_goes_with_a_clock_that_is_right_and_stays_where_it_jumped(rig: Rig) -> None:
    one = rig.chores("")
    one.see()
    rig.now += 3600
    one.see()
    flag = rig.flag(WITNESS)
    assert flag is not None
    assert float(flag.value) == rig.now
    rig.now += 3 * DAY   # as after a restart on a machine whose clock is days ahead
    one.see()
    assert rig.flag(WITNESS) == flag


def test_each_is_done_when_it_is_due_again_after_a_restart_too(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        raise gevent.GreenletExit

    monkeypatch.setattr("eslbot.service.chores.gevent.sleep", sleep)
    one = rig.chores("")
    for at, due in ((None, 60.0), (rig.now - 30, 70.0), (rig.now - 1000, 60.0), (rig.now + 10_000, 100.0)):
        if at is not None:
            rig.store.flags.put(FlagRow("chore-retention", "done", at))
            rig.store.flush(30)
        with pytest.raises(gevent.GreenletExit):
            one._keep(CHORE)
        assert waited.pop() == due


def test_a_rehearsal_waits_for_the_first_backup(tmp_path: Path) -> None:
    found = {one.name: one for one in chores.of(load(write(tmp_path, SMALLEST + '[backup]\nto = "b"\n'), ENVIRON))}
    assert sorted(found) == ["backup", "completeness", "rehearsal"]
    assert found["rehearsal"].first > 10 * found["backup"].first


def test_only_what_is_configured_is_done(tmp_path: Path) -> None:
    assert [one.name for one in chores.of(load(write(tmp_path, SMALLEST), ENVIRON))] == ["completeness"]
    text = SMALLEST + '[audit]\nkey = "k"\nevery = "2h"\n[retention]\nkeep = "30d"\nbasis = "b"\n'
    found = chores.of(load(write(tmp_path, text), ENVIRON))
    assert [(one.name, one.every, one.wants_clock) for one in found] == [
        ("completeness", 86400.0, False), ("checkpoint", 7200.0, False), ("retention", 86400.0, True)]


def test_the_command_is_what_a_person_would_type(rig: Rig, made_config: Path) -> None:
    """A real checkpoint, by the real command line."""
    chore = Chore("checkpoint", ("audit", "checkpoint"), 10.0, "audit-down")
    done: list[Any] = []
    one = Chores([chore], chores.command(made_config), rig.store, lambda: 1.0,
                 lambda kind, reason: done.append(reason), lambda name, output: done.append(json.loads(output)))
    assert one.perform(chore), done
    assert done[0]["type"] == "audit.checkpoint"


@pytest.fixture
def made_config(tmp_path: Path) -> Path:
    from eslbot.record.checkpoint import make_key

    make_key(tmp_path / "audit.key")
    return write(tmp_path, SMALLEST + '[audit]\nkey = "audit.key"\n')
