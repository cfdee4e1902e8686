"""A runner journals before it performs, keeps its timers, and outlives what fails."""

from pathlib import Path
from typing import Any

import gevent
import pytest
from gevent.event import AsyncResult

from eslbot.call.journal import Journal
from eslbot.call.machine import open_call
from eslbot.call.runner import Outcome, Runner
from eslbot.call.state import CallState, Policy
from eslbot.clock import SteadyClock
from eslbot.model import facts, orders
from eslbot.model.facts import Fact
from eslbot.model.judgement import Act, Action
from eslbot.model.orders import Order
from tests.call.score import JOINED, OPENED
from tests.words import CALL, verdict, violated

PERFORMED = (
    orders.ArmClosing, orders.GuardHold, orders.Listen, orders.StopListening, orders.Mute, orders.Unmute, orders.Alert,
    orders.BookCall, orders.BookClosing, orders.BookAct, orders.Remind,
)


class Seen:
    """Observer and performers in one; keeps everything in order."""

    def __init__(self) -> None:
        self.order_log: list[str] = []
        self.troubles: list[str] = []
        self.refuse: dict[str, Outcome | Exception] = {}
        self.journal: Journal | None = None
        self.journaled_when_performed: list[bool] = []

    def fact(self, fact: Fact, state: CallState | None) -> None:
        pass

    def order(self, order: Order, outcome: Outcome | None, state: CallState, cause: facts.CallFact) -> None:
        pass

    def trouble(self, where: str, error: BaseException) -> None:
        self.troubles.append(where)

    def perform(self, order: Any) -> Outcome:
        self.order_log.append(type(order).__name__)
        if self.journal is not None:
            entries = list(self.journal.read(order.call))
            self.journaled_when_performed.append(any(order in entry.orders for entry in entries))
        answer = self.refuse.get(type(order).__name__, ("done", ""))
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def seen() -> Seen:
    return Seen()


def runner_of(seen: Seen, tmp_path: Path, policy: Policy | None = None) -> Runner:
    journal = Journal(tmp_path)
    seen.journal = journal
    performers = dict.fromkeys(PERFORMED, seen.perform)
    return Runner(open_call(OPENED), policy or Policy(), journal, performers, SteadyClock(), seen)


def run(runner: Runner, *told: facts.CallFact) -> None:
    for fact in told:
        runner.tell(fact)
    runner.tell(facts.Gone(CALL, 50.0, "hung-up"))
    runner.tell(facts.AudioEnded(CALL, 51.0, 1, "complete"))
    with gevent.Timeout(30):
        runner.run()


def test_every_order_stands_in_the_journal_before_it_is_performed(seen: Seen, tmp_path: Path) -> None:
    run(runner_of(seen, tmp_path), OPENED, JOINED, violated(verdict(Action(Act.MUTE, 0.05), Action(Act.ALERT))))
    assert seen.order_log[:4] == ["ArmClosing", "GuardHold", "Listen", "Mute"]
    assert all(seen.journaled_when_performed)


def test_a_settled_call_drops_its_journal(seen: Seen, tmp_path: Path) -> None:
    run(runner_of(seen, tmp_path), OPENED, JOINED)
    assert list(tmp_path.iterdir()) == []


def test_a_mute_is_lifted_by_the_calls_own_timer(seen: Seen, tmp_path: Path) -> None:
    runner = runner_of(seen, tmp_path)
    clock = SteadyClock()
    for fact in (OPENED, JOINED, violated(verdict(Action(Act.MUTE, 0.05)), at=clock())):
        runner.tell(fact)
    greenlet = gevent.Greenlet(runner.run)
    greenlet.start()
    with gevent.Timeout(30):
        while "Unmute" not in seen.order_log:
            gevent.sleep(0.01)
    greenlet.kill()


def test_a_performer_that_raises_is_told_and_the_machine_goes_on(seen: Seen, tmp_path: Path) -> None:
    seen.refuse["Mute"] = RuntimeError("no such thing")
    run(runner_of(seen, tmp_path), OPENED, JOINED, violated(verdict(Action(Act.MUTE, 0.05))))
    assert seen.troubles == [f"Mute of call {CALL}"]
    assert "Alert" in seen.order_log


def test_a_disk_that_refuses_the_journal_does_not_stop_a_mute(
    seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    runner = runner_of(seen, tmp_path)
    assert seen.journal is not None

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(seen.journal, "append", full)
    seen.journal = None
    run(runner, OPENED, JOINED, violated(verdict(Action(Act.MUTE, 0.05))))
    assert "Mute" in seen.order_log
    assert "journal" in seen.troubles


def test_whoever_asked_hears_what_became_of_it(seen: Seen, tmp_path: Path) -> None:
    runner, answer = runner_of(seen, tmp_path), AsyncResult()
    runner.tell(OPENED)
    runner.tell(JOINED)
    runner.tell(facts.Commanded(CALL, 3.0, "1", "root", "mute", 30.0), answer)
    run(runner)
    assert answer.get(block=False) == [("Mute", ("done", "")), ("SetTimer", None)]
