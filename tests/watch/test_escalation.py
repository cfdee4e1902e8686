"""When an alert is told to others, by a clock that the test moves."""

from collections.abc import Iterator

import gevent
import pytest

from eslbot.greenlets import Greenlets
from eslbot.model.call import Severity
from eslbot.store.rows import AlertRow
from eslbot.watch.escalation import Escalation, EscalationOptions


def row(name: str, at: float = 100.0, severity: str = "severe", **more: float) -> AlertRow:
    return AlertRow(name, "a-call", at, "violation", severity, **more)  # type: ignore[arg-type]


class Scene:
    def __init__(self) -> None:
        self.now, self.told = 100.0, list[str]()
        self.greenlets = Greenlets(lambda name, error: None)
        options = EscalationOptions(60.0, Severity.WARNING)
        self.escalation = Escalation(
            options, self.greenlets, lambda: self.now, lambda row: self.told.append(row.id))

    def at(self, now: float) -> list[str]:
        """What was told by then. Another alert wakes it, as time does."""
        self.now = now
        self.escalation.raised(row("later", at=now))
        gevent.sleep(0.01)
        return self.told


@pytest.fixture
def scene() -> Iterator[Scene]:
    scene = Scene()
    yield scene
    scene.greenlets.stop()


def test_an_alert_is_told_once_when_its_time_is_up(scene: Scene) -> None:
    scene.escalation.start([])
    scene.escalation.raised(row("one"))
    assert scene.at(159.9) == []
    assert scene.at(160.0) == ["one"]
    assert scene.at(170.0) == ["one"]


def test_what_was_acknowledged_or_weighs_too_little_is_not_told(scene: Scene) -> None:
    scene.escalation.start([])
    for name, severity in (("taken", "severe"), ("small", "notice"), ("bigger", "warning")):
        scene.escalation.raised(row(name, severity=severity))
    scene.escalation.acknowledged("taken")
    scene.escalation.acknowledged("never-heard-of")
    assert scene.at(161.0) == ["bigger"]


def test_after_a_restart_what_nobody_was_told_of_is_told_however_long_it_took_and_nothing_twice(scene: Scene) -> None:
    scene.now = 100_000.0
    scene.escalation.start([
        row("old", at=10_000.0), row("due", at=40_000.0), row("told", at=99_000.0, escalated=99_060.0),
        row("young", at=99_990.0), row("taken", at=99_990.0, acknowledged=99_991.0)])
    assert scene.at(100_001.0) == ["due"]
    assert scene.at(100_050.0) == ["due", "young"]


def test_what_a_store_knows_of_before_comes_before_what_was_raised_since(scene: Scene) -> None:
    scene.escalation.raised(row("since", at=150.0))   # the switch was a while in coming
    scene.escalation.start([row("before", at=100.0)])
    assert scene.at(161.0) == ["before"]
    assert scene.at(211.0) == ["before", "since"]
