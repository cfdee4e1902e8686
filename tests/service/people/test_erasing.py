"""Recordings held, released and erased by people: over a real store and real sealed files, of calls that are theirs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eslbot.greenlets import Greenlets
from eslbot.service.people import reasons
from eslbot.service.people.erasing import Erasing, eraser
from eslbot.service.people.reasons import NoReason
from eslbot.store import Ledger, Store
from eslbot.store.rows import StayRow
from eslbot.supervise.access import Denied, NoSuch, Permission, Person, Staff
from eslbot.supervise.records import Records
from eslbot.supervise.wire import Refused
from tests.record.keeping import CALLS, Kept

ONE, TWO = CALLS[:2]
BOSS = Person("boss", Staff.ADMIN, "session")
NORTH = Person("nora", Staff.ADMIN, "session", frozenset({"north"}))


class Scene:
    def __init__(self, directory: Path) -> None:
        self.kept = Kept(directory, f"sqlite:///{directory}/eslbot.db")
        self.kept.record(ONE, TWO)
        self.greenlets = Greenlets()
        self.store = Store(self.kept.url, self.greenlets)
        self.store.stays.put(StayRow(TWO, 1, "leg", 10.0, "seat7", "south", ended=20.0))
        assert self.store.flush(30)
        self.up: set[str] = set()
        options = self.kept.options
        self.erasing = Erasing(
            eraser(self.kept.url, options.directory, directory / "live", self.kept.node, lambda: self.kept.now),
            self.store, Records(self.store, lambda: self.kept.now, lambda entry: None), self.up.__contains__)
        self.handlers = reasons.asked(self.erasing.handlers, ())

    def ask(self, verb: str, call: str = ONE, person: Person = BOSS, reason: str = "they asked") -> dict[str, Any]:
        return self.handlers[verb]({"call": call, "reason": reason}, person)

    def audited(self) -> list[tuple[str, str, str, str]]:
        return [(row.what, row.who, row.call, row.reason) for row in Ledger(self.kept.url).rows()]

    def stop(self) -> None:
        self.erasing.stop()
        self.store.stop()
        self.greenlets.stop()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.stop()


def test_a_hold_is_kept_as_it_was_first_and_ends_once(scene: Scene) -> None:
    held = scene.ask("hold", reason="court, 13800138000")
    assert held["hold"]["by"] == "account:boss"
    assert "138" not in held["hold"]["reason"]
    assert scene.ask("hold", reason="another")["hold"] == held["hold"]
    with pytest.raises(Refused, match="legal hold"):
        scene.ask("erase")
    assert scene.kept.opens(ONE)
    assert scene.ask("release", reason="over")["hold"] is None
    assert scene.ask("release", reason="over")["hold"] is None
    assert [row[:3] for row in scene.audited()] == [("hold", "account:boss", ONE), ("release", "account:boss", ONE)]


def test_what_was_erased_is_gone_and_gives_the_same_receipt_again(scene: Scene) -> None:
    receipt = scene.ask("erase", reason="by right")["erased"]
    assert (receipt["by"], receipt["reason"], receipt["left"]) == ("account:boss", "by right", [])
    assert receipt["finished"]
    assert scene.ask("erase", reason="again")["erased"] == scene.ask("keeping")["erased"] == receipt
    assert scene.kept.row(ONE).state == "erased"
    assert not any(ONE in file.name for file in scene.kept.options.directory.rglob("*"))
    assert scene.kept.opens(TWO)
    assert scene.audited() == [("erase", "account:boss", ONE, "by right")]
    with pytest.raises(Refused, match="erased already"):
        scene.ask("hold")


def test_nothing_is_done_without_a_reason_to_a_call_that_is_up_or_by_who_may_not(scene: Scene) -> None:
    for verb in ("hold", "release", "erase"):
        with pytest.raises(NoReason):
            scene.ask(verb, reason=" ")
        with pytest.raises(NoSuch) as hidden:
            scene.ask(verb, TWO, NORTH)
        with pytest.raises(NoSuch) as none:
            scene.ask(verb, CALLS[5], NORTH)
        assert str(hidden.value).replace(TWO, "") == str(none.value).replace(CALLS[5], "")
        for role in Staff:
            if role is not Staff.ADMIN:
                with pytest.raises(Denied):
                    scene.ask(verb, ONE, Person("x", role, "session"))
        with pytest.raises(Denied):
            scene.ask(verb, ONE, Person("boss", Staff.ADMIN, "token", scopes=frozenset({Permission.LIST})))
    scene.up.add(ONE)
    with pytest.raises(Refused, match="is up"):
        scene.ask("erase")
    assert scene.audited() == []
    assert scene.kept.opens(ONE)
    scene.ask("hold", TWO, Person("sue", Staff.ADMIN, "session", frozenset({"south"})))


def test_a_file_that_cannot_be_removed_is_told_and_the_next_who_asks_removes_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = Path.unlink
    with monkeypatch.context() as patched:
        def refuse(path: Path, missing_ok: bool = False) -> None:
            raise PermissionError(13, "Permission denied", str(path)) if ONE in path.name else real(path, missing_ok)

        patched.setattr(Path, "unlink", refuse)
        with pytest.raises(Exception, match="keys are destroyed"):
            scene.ask("erase")
    assert scene.kept.row(ONE).state == "erased"
    assert scene.ask("erase")["erased"]["finished"]
    assert not any(ONE in file.name for file in scene.kept.options.directory.rglob("*"))
