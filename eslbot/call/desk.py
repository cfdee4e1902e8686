"""The desk: routes every fact to the calls it concerns, opens them, takes them up again after a restart, and answers
who is on the line. Knows neither how a call changes (machine) nor how it runs (runner)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from gevent.event import AsyncResult

from eslbot.call.journal import Journal, JournalError
from eslbot.call.legs import LegBook
from eslbot.call.machine import open_call, step
from eslbot.call.runner import Observer, Outcome, Performer, Runner
from eslbot.call.state import CallState, Phase, Policy
from eslbot.greenlets import Greenlets
from eslbot.model import facts
from eslbot.model.call import CallId, LegId, Role
from eslbot.model.facts import BridgeFact, CallFact, Commanded, Fact, LegFact, Opened
from eslbot.model.orders import Order

_UNFOLDABLE = (ArithmeticError, AssertionError, LookupError, TypeError, ValueError)
"""What the machine raises over facts that no call can have had. Such a journal must not keep us from starting."""


class Desk:
    """All calls of all switches."""

    def __init__(
        self, policy: Policy, legs: LegBook, journal: Journal, performers: Mapping[type, Performer],
        greenlets: Greenlets, clock: Callable[[], float], observer: Observer, shadow: bool = False,
    ) -> None:
        self._policy, self._legs, self._journal, self._performers = policy, legs, journal, performers
        self._greenlets, self._clock, self._observer = greenlets, clock, observer
        self._calls: dict[CallId, Runner] = {}
        self._cores: dict[str, str] = {}
        self.shadow = shadow

    # --- facts in ----------------------------------------------------------------------------------------------------
    def tell(self, fact: Fact) -> None:
        """Take a fact in; never waits. Facts of one switch must come in order, from one greenlet."""
        if isinstance(fact, facts.SwitchUp):
            self._switch_up(fact)
        elif isinstance(fact, facts.SwitchDown):
            self._observer.fact(fact, None)
            self._legs.restarted(fact.switch)
            self._give_all(fact.switch, lambda call: facts.LinkLost(call, fact.at))
        elif isinstance(fact, LegFact | BridgeFact):
            self._observer.fact(fact, None)
            for meant in self._legs.tell(fact, self.shadow):
                self._give(meant)
        else:
            self._give(fact)

    def _switch_up(self, fact: facts.SwitchUp) -> None:
        self._observer.fact(fact, None)
        outcome = "aborted" if self._cores.get(fact.switch, fact.core) != fact.core else "lost"
        self._cores[fact.switch] = fact.core
        for gone in self._legs.missing(fact.switch, fact.legs, fact.at, outcome):
            self._give(gone)
        self._give_all(fact.switch, lambda call: facts.LinkBack(call, fact.at, self._legs.joined(call)))

    def _give_all(self, switch: str, fact: Callable[[CallId], CallFact]) -> None:
        for call, runner in list(self._calls.items()):
            if runner.state.switch == switch:
                self._give(fact(call))

    def _give(self, fact: CallFact) -> None:
        runner = self._calls.get(fact.call)
        if runner is None:
            if not isinstance(fact, Opened):
                return
            runner = self._begin(open_call(fact))
        runner.tell(fact)

    def _begin(self, state: CallState) -> Runner:
        runner = Runner(state, self._policy, self._journal, self._performers, self._clock, self._observer)
        self._calls[state.id] = runner
        self._greenlets.spawn(f"call {state.id}", self._run, runner)
        return runner

    def _run(self, runner: Runner) -> None:
        try:
            runner.run()
        finally:
            self._calls.pop(runner.state.id, None)

    def command(self, fact: Commanded, timeout: float = 5.0) -> list[tuple[str, Outcome | None]]:
        """A person's command: takes it in and waits until its orders were performed.

        Returns (order's class name, outcome) of each; empty where the machine saw nothing to do.
        Raises KeyError for an unknown call, gevent.Timeout.
        """
        answer: AsyncResult = AsyncResult()
        runner = self._calls.get(fact.call)
        if runner is None:
            raise KeyError(fact.call)
        if fact.leg is not None:
            self._legs.seat(runner.state.switch, fact.leg, fact.call, fact.phone)
        runner.tell(fact, answer)
        outcomes: list[tuple[str, Outcome | None]] = answer.get(timeout=timeout)
        return outcomes

    def set_shadow(self, on: bool) -> None:
        """All calls, and those to come."""
        self.shadow = on
        for call in list(self._calls):
            self._give(facts.ShadowSet(call, self._clock(), on))

    def disarm(self, by: str) -> int:
        """Take the closing back from every call that is up, and arm no more: before its dialplan is removed. Returns
        of how many."""
        self._policy = replace(self._policy, closing=False)
        calls = [runner.state.id for runner in self._calls.values() if runner.state.closes]
        for call in calls:
            self.command(Commanded(call, self._clock(), f"disarm {call}", by, "disarm"))
        return len(calls)

    # --- after a restart ---------------------------------------------------------------------------------------------
    def restore(self) -> list[CallId]:
        """Take up the calls that were up when we died, from their journals. To be called before the links start."""
        restored = []
        for call in self._journal.live():
            try:
                state = self._folded(call)
            except JournalError as error:
                self._journal.set_aside(call)
                self._observer.trouble("journal", error)
                continue
            if state is None or state.settled:
                self._journal.drop(call)
                continue
            if state.phase is not Phase.ENDED:
                role = Role.CUSTOMER if state.roles_known else Role.UNKNOWN
                self._legs.adopt(state.switch, call, state.customer, role, state.other, state.other_role)
                for seat in state.seats:
                    self._legs.seat(state.switch, seat.leg, call, seat.phone)
            self._begin(state)
            self._give(facts.Resumed(call, self._clock()))
            self._give(facts.ShadowSet(call, self._clock(), self.shadow))
            restored.append(call)
        return restored

    def _folded(self, call: CallId) -> CallState | None:
        """The state a journal leads to; None where it holds nothing."""
        state: CallState | None = None
        for entry in self._journal.read(call):
            if isinstance(entry.fact, Opened):
                state = open_call(entry.fact)
            if state is None:
                raise JournalError(f"{call}: the journal begins with {type(entry.fact).__name__}")
            try:
                state, _ = step(state, entry.fact, self._policy)
                state = _past(state, entry.orders)
            except _UNFOLDABLE as error:
                what = f"{type(error).__name__}: {error}"
                raise JournalError(f"{call}: {type(entry.fact).__name__} does not follow: {what}") from error
        return state

    # --- looking in --------------------------------------------------------------------------------------------------
    def states(self) -> list[CallState]:
        """All calls as they stand."""
        return [runner.state for runner in self._calls.values()]

    def state(self, call: CallId) -> CallState | None:
        runner = self._calls.get(call)
        return None if runner is None else runner.state

    def call_of(self, leg: LegId) -> CallId | None:
        """As LegBook's."""
        return self._legs.call_of(leg)

    def number_of(self, leg: LegId) -> str:
        """As LegBook's."""
        return self._legs.number_of(leg)

    def on_the_phone(self, number: str) -> bool:
        """Whether a phone of that number is in a call that we know of."""
        return self._legs.on_the_phone(number)

    def find(self, prefix: str, seen: Callable[[CallState], bool] = lambda state: True) -> CallState:
        """A call by any of its legs' uuids, or an unambiguous prefix of six or more characters, among those that
        `seen` lets through: the others are not there.

        Raises LookupError with a sentence that says what is wrong.
        """
        if len(prefix) < 6:
            raise LookupError(f"{prefix!r} is too short: give six or more characters of a leg's uuid")
        calls = {self._legs.call_of(leg) for leg in self._legs.legs if leg.startswith(prefix)}
        calls |= {call for call in self._calls if call.startswith(prefix)}
        found = [state for call in calls if call in self._calls and seen(state := self._calls[call].state)]
        if not found:
            raise LookupError(f"no call is up with a leg {prefix!r}")
        if len(found) > 1:
            raise LookupError(f"{prefix!r} names {len(found)} calls: give more of it")
        return found[0]


def _past(state: CallState, orders: tuple[Order, ...]) -> CallState:
    """Never give an id again that a journal holds, even where another policy made it give other orders."""
    used = [int(order.id.rpartition("#")[2]) + 1 for order in orders]
    return replace(state, numbered=max([state.numbered, *used]))
