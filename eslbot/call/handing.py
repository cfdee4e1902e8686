"""The part of the machine about a call that changes hands: what was done, or is under way, for the words of who was
there does not reach who comes. Pure. Which acts reach whom afterwards stands in act/whose."""

from dataclasses import replace

from eslbot.act import mute, supervise
from eslbot.act.whose import Stay
from eslbot.call.state import CallState, Policy
from eslbot.model.call import LegId, Role
from eslbot.model.facts import Placed
from eslbot.model.orders import Order

Step = tuple[CallState, list[Order]]


def over(state: CallState, leg: LegId, role: Role) -> Step:
    """`leg` faces the customer now. A mute sits on the customer's leg and is lifted, a person's too; phones that ring
    for a supervisor of who was there stop; reminders are counted anew. Nothing where it is the same one again."""
    before = state.stay
    if before.leg == leg:
        return state, []
    mutes, lift = mute.lift(state.mutes, state.id, state.customer)
    first = 0 if before.leg is None else None
    state = replace(state, mutes=mutes, stay=Stay(leg, first, state.numbered))
    given: list[Order] = list(lift)
    for seat in state.seats if before.summoned and role is Role.AGENT else ():
        if seat.turn is not None and not seat.inside:  # without its turn, the next one does not ring in its place
            state = replace(state, seats=supervise.put(state.seats, replace(seat, turn=None)))
            given += supervise.dismiss(state.id, seat)
    return state, given


def placed(state: CallState, fact: Placed, policy: Policy) -> Step:
    """What is told of an earlier one is not of who is there now."""
    if state.stay.leg != fact.other or state.stay.first is not None:
        return state, []
    return replace(state, stay=replace(state.stay, first=fact.first)), []
