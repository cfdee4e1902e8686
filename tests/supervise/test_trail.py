"""What people do gets into the chain, once, whether or not the store is there just now."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
import pytest

from eslbot.greenlets import Greenlets
from eslbot.store import Ledger, Store, chain
from eslbot.store.chain import Entry
from eslbot.store.engine import StoreProblem
from eslbot.supervise import trail
from eslbot.supervise.trail import FILE, Trail


class Rig:
    def __init__(self, directory: Path) -> None:
        self.url = f"sqlite:///{directory / 'eslbot.db'}"
        self.directory = directory / "journal"
        self.directory.mkdir()
        self.told: list[str] = []
        self.groups: list[Greenlets] = []
        group = Greenlets()
        Store(self.url, group).stop()
        group.stop()

    def start(self, **more: Any) -> Trail:
        self.groups.append(Greenlets())
        return Trail(self.url, self.directory, "n1", self.groups[-1], self.told.append, **more)

    def rows(self) -> list[Any]:
        return list(Ledger(self.url).rows())


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    monkeypatch.setattr(trail, "RETRY_SECONDS", 0.02)
    one = Rig(tmp_path)
    yield one
    for group in one.groups:
        group.stop()


def test_what_is_added_is_in_the_chain_with_its_time_and_node(rig: Rig) -> None:
    one = rig.start(wall_us=lambda: 77)
    one.add(Entry("mute", "b", "c1"))
    one.add(Entry("hang-up", "b", "c1"))
    assert one.flush(30)
    assert [(row.what, row.at_us, row.node) for row in rig.rows()] == [("mute", 77, "n1"), ("hang-up", 77, "n1")]
    assert not (rig.directory / FILE).exists()
    one.stop()


def test_while_the_audit_cannot_be_written_it_is_told_once_and_nothing_is_lost(
        rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    away = True
    real = Trail._append

    def flaky(self: Trail, batch: list[Entry]) -> None:
        if away:
            raise StoreProblem("the audit cannot be written: away")
        real(self, batch)

    monkeypatch.setattr(Trail, "_append", flaky)
    one = rig.start()
    one.add(Entry("mute", "b"))
    gevent.sleep(0.1)
    one.add(Entry("unmute", "b"))
    assert (one.down, one.waiting) == (True, 2)
    assert len(rig.told) == 1
    assert len((rig.directory / FILE).read_bytes().splitlines()) == 2
    away = False
    assert one.flush(30)
    assert not one.down
    assert [row.what for row in rig.rows()] == ["mute", "unmute"]
    one.stop()


def test_what_waited_when_we_died_is_appended_by_the_next_process(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Trail, batch: list[Entry]) -> None:
        raise StoreProblem("away")

    with monkeypatch.context() as patch:
        patch.setattr(Trail, "_append", refuse)
        one = rig.start()
        one.add(Entry("mute", "b", at_us=5))
        gevent.sleep(0.05)
        rig.groups[-1].stop()
    two = rig.start()
    assert two.flush(30)
    assert [(row.what, row.at_us) for row in rig.rows()] == [("mute", 5)]
    two.stop()


def test_what_was_appended_before_we_could_forget_it_is_not_appended_twice(rig: Rig) -> None:
    one = rig.start()
    one.add(Entry("mute", "b"))
    kept = (rig.directory / FILE).read_bytes()
    assert one.flush(30)
    one.stop()
    rig.groups[-1].stop()
    (rig.directory / FILE).write_bytes(kept + b'{"what": "mute", "wh')
    two = rig.start()
    two.add(Entry("unmute", "b"))
    assert two.flush(30)
    assert [row.what for row in rig.rows()] == ["mute", "unmute"]
    assert chain.walk(rig.rows()).fault is None
    two.stop()


def test_a_directory_that_cannot_be_written_stops_nobody(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Trail, entry: Entry) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Trail, "_note", refuse)
    one = rig.start()
    one.add(Entry("mute", "b"))
    assert rig.told == ["cannot be written down beforehand: No space left on device"]
    assert one.flush(30)
    assert [row.what for row in rig.rows()] == ["mute"]
    one.stop()


def test_the_file_is_its_owners_alone(rig: Rig) -> None:
    one = rig.start()
    one.add(Entry("mute", "b"))
    assert (rig.directory / FILE).stat().st_mode & 0o777 == 0o600
    assert json.loads((rig.directory / FILE).read_text())["what"] == "mute"
    one.stop()
