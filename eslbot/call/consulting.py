"""The part of the machine about consults: the agent has the switch call somebody else (`att_xfer`) while the customer
waits. Pure. Knows when the customer needs to be kept, and that nobody listens meanwhile; what a guard is the switch
room knows."""

from dataclasses import replace

from eslbot.call import supervising
from eslbot.call.state import CallState, Phase, Policy
from eslbot.model import facts
from eslbot.model.orders import GuardConsult, Order, PlayClosing, SetTimer

TIMER = "consult"
"""Name of the timer that ends a customer's waiting for somebody whom the switch does not bring."""
PATIENCE = 3.0
"""Seconds from the agent's end, in a consult, in which the switch has joined the two who stay, or has begun the closing
by itself (after switch/commands.GRACE). It keeps the customer for a little longer (PARKED there)."""
Step = tuple[CallState, list[Order]]


def began(state: CallState, fact: facts.ConsultBegan, policy: Policy) -> Step:
    """Told again, it changes nothing."""
    if state.consulting:
        return state, []
    state = replace(state, consulting=True)
    guard = _guard(state)
    state, more = supervising.consult(state, state.seats, fact.at)
    return state, [*guard, *more]


def ended(state: CallState, fact: facts.ConsultEnded | facts.Joined, policy: Policy) -> Step:
    """The agent and the customer have each other again."""
    if not state.consulting:
        return state, []
    state, given = over(state)
    state, more = supervising.rejoined(state, fact.at, policy)
    return state, [*given, *more]


def over(state: CallState) -> Step:
    """Somebody faces the customer again, whoever it is."""
    if not state.consulting:
        return state, []
    return replace(state, consulting=False), [SetTimer("", state.id, TIMER, None), *_guard(state, on=False)]


def parted(state: CallState, at: float) -> list[Order]:
    """The agent has left in mid-consult: the second one is there in a moment, or never."""
    return [SetTimer("", state.id, TIMER, at + PATIENCE)] if state.consulting and state.closes else []


def timer(state: CallState) -> Step:
    """Nobody came, and the switch plays nothing by itself: the agent had hung up while the second one's phone rang."""
    wanted = state.phase is Phase.ALONE and state.consulting and state.closes and state.closing.started is None
    return state, [PlayClosing("", state.id, state.customer)] if wanted else []


def resumed(state: CallState) -> list[Order]:
    """Whether the guard was set before we died is not known; set twice is set once."""
    return _guard(state) if state.consulting else []


def _guard(state: CallState, on: bool = True) -> list[Order]:
    return [GuardConsult("", state.id, state.customer, state.closes, on)] if state.roles_known else []
