"""One call's greenlet: takes its facts in order, steps the machine, journals, performs, and hands what came of it back
to the machine. Knows no other call and no switch: orders go to performers by their class, and what happens is shown to
an observer."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import gevent.queue
from gevent.event import AsyncResult

from eslbot.call.journal import Journal
from eslbot.call.machine import step
from eslbot.call.state import CallState, Policy
from eslbot.model import facts
from eslbot.model.facts import CallFact, Fact
from eslbot.model.orders import Order, SetTimer

Outcome = tuple[str, str]
"""(`done` | `failed` | `unknown`, detail)."""
Performer = Callable[[Any], Outcome | None]
"""Does one order. May wait, within a deadline of its own. None: the outcome is of no consequence."""


class Observer(Protocol):
    """Is shown what happens, after it was journaled; must not wait and must not fail."""

    def fact(self, fact: Fact, state: CallState | None) -> None:
        """A fact was taken in; `state` is the call's after it."""

    def order(self, order: Order, outcome: Outcome | None, state: CallState, cause: CallFact) -> None:
        """An order was performed that `cause` led to."""

    def trouble(self, where: str, error: BaseException) -> None:
        """Something of ours failed; the call goes on."""


class Runner:
    """One call."""

    def __init__(
        self, state: CallState, policy: Policy, journal: Journal, performers: Mapping[type, Performer],
        clock: Callable[[], float], observer: Observer,
    ) -> None:
        self.state = state
        self._policy, self._journal, self._performers = policy, journal, performers
        self._clock, self._observer = clock, observer
        self._inbox: gevent.queue.Queue[tuple[CallFact, AsyncResult | None]] = gevent.queue.Queue()
        self._timers: dict[str, float] = {}

    def tell(self, fact: CallFact, answer: AsyncResult | None = None) -> None:
        """Take a fact in; never waits. `answer` is set to [(order's class name, outcome)] once they were performed."""
        self._inbox.put((fact, answer))

    def run(self) -> None:
        """Until the call is settled."""
        while not self.state.settled:
            fact, answer = self._next()
            outcomes = self._transition(fact)
            if answer is not None:
                answer.set(outcomes)
        self._journal.drop(self.state.id)

    def _next(self) -> tuple[CallFact, AsyncResult | None]:
        """The next fact: one from outside, or the timer that is due first."""
        name = min(self._timers, key=self._timers.__getitem__, default=None)
        wait = None if name is None else max(0.0, self._timers[name] - self._clock())
        try:
            fact, answer = self._inbox.get(timeout=wait)
            return fact, answer
        except gevent.queue.Empty:
            assert name is not None  # without a timer there is no time-out
            del self._timers[name]
            return facts.TimerFired(self.state.id, self._clock(), name), None

    def _transition(self, fact: CallFact) -> list[tuple[str, Outcome | None]]:
        state, orders = step(self.state, fact, self._policy)
        if state != self.state or orders:
            self._write_down(fact, orders)
        self.state = state
        self._observer.fact(fact, state)
        outcomes: list[tuple[str, Outcome | None]] = []
        for order in orders:
            outcome = self._perform(order)
            outcomes.append((type(order).__name__, outcome))
            self._observer.order(order, outcome, state, fact)
            if outcome is not None:
                self.tell(facts.Performed(state.id, self._clock(), order.id, *outcome))
        return outcomes

    def _write_down(self, fact: CallFact, orders: tuple[Order, ...]) -> None:
        """The call comes first: where the disk refuses the journal, its orders are sent and people are told."""
        try:
            self._journal.append(self.state.id, fact, orders)
        except OSError as error:
            self._observer.trouble("journal", error)

    def _perform(self, order: Order) -> Outcome | None:
        if isinstance(order, SetTimer):
            self._timers.pop(order.name, None)
            if order.when is not None:
                self._timers[order.name] = order.when
            return None
        try:
            return self._performers[type(order)](order)
        except Exception as error:  # noqa: BLE001 - it is told, and the machine decides what follows
            self._observer.trouble(f"{type(order).__name__} of call {self.state.id}", error)
            return "failed", type(error).__name__
