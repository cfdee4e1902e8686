"""A call's machine read like a score: facts in, orders out, without ids and timers unless asked for."""

from dataclasses import replace

from eslbot.call.machine import open_call, step
from eslbot.call.state import CallState, Policy
from eslbot.model import facts
from eslbot.model.call import Role
from eslbot.model.facts import CallFact, Opened
from eslbot.model.orders import Order, SetTimer
from tests.words import AGENT, CALL, CUSTOMER

OPENED = Opened(CALL, 0.0, "pbx", CUSTOMER, roles_known=True, shadow=False)
JOINED = facts.Joined(CALL, 2.0, AGENT, Role.AGENT, 8000)


class Score:
    """Plays facts into one machine."""

    def __init__(self, *played: CallFact, opened: Opened = OPENED, policy: Policy | None = None) -> None:
        self.policy = policy or Policy()
        self.state: CallState = open_call(opened)
        self.given: list[Order] = []
        self.play(opened, *played)

    def play(self, *played: CallFact) -> list[Order]:
        """The orders they gave, ids blanked, timers left out."""
        before = len(self.given)
        for fact in played:
            self.state, orders = step(self.state, fact, self.policy)
            self.given += orders
        return [replace(o, id="") for o in self.given[before:] if not isinstance(o, SetTimer)]

    def outcome_of(self, kind: type, outcome: str = "done", detail: str = "", at: float = 10.0) -> list[Order]:
        """Tell what became of the last order of that kind."""
        order = next(o for o in reversed(self.given) if isinstance(o, kind))
        return self.play(facts.Performed(CALL, at, order.id, outcome, detail))

    @property
    def timers(self) -> dict[str, float | None]:
        return {o.name: o.when for o in self.given if isinstance(o, SetTimer)}


def answered_call(policy: Policy | None = None) -> Score:
    """A call that is up between a known agent and a known customer, its closing armed, its audio arriving."""
    from eslbot.model.orders import ArmClosing, GuardHold, Listen

    score = Score(policy=policy)
    score.outcome_of(ArmClosing)
    score.play(facts.Answered(CALL, 1.0), JOINED)
    score.outcome_of(GuardHold)
    score.outcome_of(Listen)
    score.play(facts.AudioArrived(CALL, 2.5))
    return score
