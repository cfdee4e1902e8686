"""The packs in force while the service runs: what is taken up, when, and what a broken pack does."""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from eslbot.judge import PackErrors, kept
from eslbot.model.orders import Alert
from eslbot.service.rules import RulesInForce
from eslbot.supervise.access import unix
from eslbot.supervise.wire import Refused
from tests.improve.test_publish import pack, put
from tests.judge.test_outdated import MINE, mine

__all__ = ["mine"]
TODAY = date(2026, 11, 26)
ADMIN = unix("root")


class Counted:
    """Metrics and alerts, kept."""

    def __init__(self) -> None:
        self.results: list[str] = []
        self.severities: dict[str, str] = {}
        self.due: dict[str, float] = {}
        self.alerts: list[Alert] = []

    def reloaded(self, result: str) -> None:
        self.results.append(result)

    def rules(self, severities: Mapping[str, str]) -> None:
        self.severities = dict(severities)

    def reviews(self, due: Mapping[str, float]) -> None:
        self.due = dict(due)


class Rig:
    def __init__(self, directory: Path, known: tuple[str, ...] = ()) -> None:
        self.directory, self.told, self.day = directory, Counted(), TODAY
        self.file = pack(directory, "0")
        self.rules = RulesInForce(
            (str(self.file),), directory / "packs", lambda: self.told, self.told.alerts.append,
            lambda name: name in known, lambda: self.day,
        )

    @property
    def in_force(self) -> list[str]:
        return [one.version for one in self.rules.packs.packs]

    def write(self, text: str) -> None:
        self.file.write_text(text)


def test_a_command_takes_what_is_there_now_and_says_what_is_in_force(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.write(rig.file.read_text().replace('"0"', '"0.1"').replace("promise", "vow"))
    before = rig.rules.packs
    assert rig.rules.asked({}, ADMIN) == {"packs": [{"pack": "money", "version": "0.1", "effective": None}]}
    assert rig.told.results == ["done"]
    assert rig.told.severities == {"vow": "severe"}
    assert [one.version for one in before.packs] == ["0"]  # what a call that is up was given stays as it is


def test_a_broken_pack_leaves_the_old_one_in_force_and_people_are_told(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.write(rig.file.read_text().replace("severe", "sever"))
    with pytest.raises(Refused, match=r"draft-0\.yaml:7: rule promise"):
        rig.rules.asked({}, ADMIN)
    assert rig.in_force == ["0"]
    assert rig.told.results == ["failed"]
    (alert,) = rig.told.alerts
    assert (alert.kind, alert.severity, alert.call) == ("packs-broken", "severe", "")
    assert "rule promise" in alert.detail
    assert rig.rules.reload("again")
    assert len({one.id for one in rig.told.alerts}) == 2


def test_a_service_does_not_start_without_its_rules(tmp_path: Path) -> None:
    with pytest.raises(PackErrors):
        RulesInForce(("none.yaml",), tmp_path, Counted, lambda alert: None)


def test_a_second_start_does_not_read_the_packs_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def start() -> RulesInForce:
        kept._in_memory.cache_clear()   # as in another process
        told = Counted()
        return RulesInForce((str(pack(tmp_path, "0")), "cn-marketing"), tmp_path / "packs", lambda: told,
                            told.alerts.append, kept=tmp_path / "kept")

    first = start().packs
    monkeypatch.setattr(kept, "read", lambda *_: pytest.fail("a file was read again"))
    assert start().packs.verdicts == first.verdicts
    assert len(list((tmp_path / "kept").glob("*.pack"))) == 3   # with the one that cn-marketing takes rules of


def test_a_cache_that_cannot_be_written_keeps_no_service_from_its_rules(tmp_path: Path) -> None:
    told = Counted()
    (tmp_path / "file").touch()
    rules = RulesInForce((str(pack(tmp_path, "0")),), tmp_path / "packs", lambda: told, told.alerts.append,
                         kept=tmp_path / "file/kept")
    assert [one.version for one in rules.packs.packs] == ["0"]


def test_what_is_published_is_taken_up_by_itself_and_looked_at_once(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.rules.look()
    assert rig.told.results == []
    put(tmp_path, pack(tmp_path, "1"), configured=(str(rig.file),))
    rig.rules.look()
    rig.rules.look()
    assert rig.in_force == ["1"]
    assert rig.told.results == ["done"]


def test_a_published_pack_that_was_tampered_with_alarms_once_and_nothing_changes(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    made = put(tmp_path, pack(tmp_path, "1"), configured=(str(rig.file),))
    rig.rules.look()
    made.file.chmod(0o644)
    made.file.write_text("pack: money")
    os.utime(made.file.with_suffix(".json"), (5, 5))
    rig.rules.look()
    rig.rules.look()
    assert rig.in_force == ["1"]
    assert [one.kind for one in rig.told.alerts] == ["packs-broken"]


def test_an_edited_file_comes_into_force_only_where_a_person_asks(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.write(rig.file.read_text().replace('"0"', '"0.1"'))
    rig.rules.look()
    assert rig.in_force == ["0"]


def test_a_pack_comes_into_force_when_its_day_begins(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    put(tmp_path, pack(tmp_path, "1", effective="2026-11-27"), configured=(str(rig.file),))
    rig.rules.look()
    assert rig.in_force == ["0"]
    rig.day = date(2026, 11, 27)
    rig.rules.look()
    assert rig.in_force == ["1"]


def test_a_review_that_is_due_is_told_once_and_its_day_is_measured(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.write(rig.file.read_text().replace("title: money", "review: 2026-12-01"))
    rig.rules.asked({}, ADMIN)
    assert list(rig.told.due) == ["money"]
    assert rig.told.alerts == []
    rig.day = date(2026, 12, 1)
    rig.rules.look()
    rig.rules.look()
    (alert,) = rig.told.alerts
    assert (alert.kind, alert.severity, alert.rule) == ("review-due", "warning", "money")
    assert "2026-12-01" in alert.detail


def test_a_review_that_an_earlier_life_told_of_is_not_told_again(tmp_path: Path) -> None:
    rig = Rig(tmp_path, known=("review-due/money/0-2026-11-01",))
    rig.write(rig.file.read_text().replace("title: money", "review: 2026-11-01"))
    rig.rules.asked({}, ADMIN)
    assert rig.told.alerts == []


def test_a_service_starts_after_an_upgrade_with_the_rules_it_had_and_tells_once(mine: Path, tmp_path: Path) -> None:
    told = Counted()
    rules = RulesInForce((str(mine),), tmp_path / "packs", lambda: told, told.alerts.append)
    assert [rule.id for rule in rules.packs.rules] == ["threat", "abuse", "same", "own"]
    rules.look_at_taken()
    assert rules.reload("again") == ()
    [alert] = told.alerts
    assert (alert.kind, alert.severity, alert.rule) == ("pack-outdated", "warning", "mine")
    assert f"{mine}:7" in alert.detail
    mine.write_text(MINE.replace('version: "1"', 'version: "2"'))
    assert rules.reload("repinned") == ()
    assert len(told.alerts) == 1


def test_what_the_files_say_is_not_kept_in_memory_once_they_are_in_force(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    assert kept._in_memory.cache_info().currsize == 0
    rig.rules.reload("asked")
    assert kept._in_memory.cache_info().currsize == 0
