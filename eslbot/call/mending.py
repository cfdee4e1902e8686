"""The part of the machine that mends: what is known and ordered anew after a lost link or a restart, and what the
outcome of an order leads to. Pure."""

from dataclasses import replace

from eslbot.act import alert, mask, mute
from eslbot.call import acting, book, consulting, supervising
from eslbot.call.state import CallState, Phase, Policy
from eslbot.close import closing
from eslbot.model import facts, orders
from eslbot.model.call import Role
from eslbot.model.orders import Order

Step = tuple[CallState, list[Order]]
AGAIN = "again "
"""Timers of this name give an order of that kind again."""
GIVEN_AGAIN = 4
"""Times that an order is given again to a switch that does not answer: after 1, 2, 3 and 4 seconds."""
REPEATABLE = {orders.ArmClosing.__name__, orders.GuardHold.__name__, orders.Listen.__name__}
"""To give them twice is to give them once."""


def parted(state: CallState, fact: facts.Parted, policy: Policy) -> Step:
    mutes, given = mute.lift(state.mutes, state.id, state.customer)
    return replace(
        state, phase=Phase.ALONE, other=None, other_role=Role.UNKNOWN, mutes=mutes,
        closing=closing.left_alone(state.closing, fact.at),
    ), [*given, *consulting.parted(state, fact.at), *supervising.parted(state, fact.at)]


def link_lost(state: CallState, fact: facts.LinkLost, policy: Policy) -> Step:
    return replace(state, closing=replace(state.closing, blind=True)), []


def link_back(state: CallState, fact: facts.LinkBack, policy: Policy) -> Step:
    unheard_of = state.listening and bool(state.generation) and not state.heard  # handed over while we were dead
    if not (state.closing.blind or unheard_of):  # it was told of by this very link: nothing was missed
        return state, []
    given: list[Order] = []
    if state.phase is Phase.UP and not (fact.bridged or state.consulting):  # it was left alone while we could not see
        state, given = parted(state, facts.Parted(state.id, fact.at), policy)
    elif state.phase is not Phase.ALONE:  # nothing was missed: the closing is still to come
        state = replace(state, closing=replace(state.closing, blind=False))
    return state, given + listen(state)


def resumed(state: CallState, fact: facts.Resumed, policy: Policy) -> Step:
    """What was under way stays `unknown` and is not sent again, releases and the arming of the closing excepted."""
    again = {**dict(state.pending), **{name: name for name, _ in state.unanswered}}
    state = replace(
        state, generation=state.generation + 1, pending=(), unanswered=(), heard=False,
        closing=replace(state.closing, blind=state.closing.blind or state.phase is not Phase.ENDED),
    )
    given: list[Order] = []
    if state.mutes.group is not None and state.mutes.until is not None:
        given.append(orders.SetTimer("", state.id, mute.TIMER, state.mutes.until))
    elif orders.Unmute.__name__ in again.values():
        given.append(orders.Unmute("", state.id, state.customer, mute.last_group(state.mutes, state.id)))
    given += supervising.resumed(state, fact.at)
    if state.mask is not None:  # the recording knows what it covers
        given.append(orders.SetTimer("", state.id, mask.TIMER, state.mask.ends))
    if state.phase is Phase.ENDED:
        return state, [*given, *book.ended(state), *book.stop_listening(state)]
    if orders.ArmClosing.__name__ in again.values():
        given.append(orders.ArmClosing("", state.id, state.customer))
    given += consulting.resumed(state)
    if orders.GuardHold.__name__ in again.values() and state.closes and state.other is not None:
        given.append(orders.GuardHold("", state.id, state.other))
    return state, given


def listen(state: CallState) -> list[Order]:
    """Recording commands are idempotent: after a lost link or a restart they are given again."""
    if not state.listening:
        return []
    return [
        orders.Listen(
            "", state.id, state.customer, state.switch, state.rate, state.sides_known, state.generation,
        )
    ]


def performed(state: CallState, fact: facts.Performed, policy: Policy) -> Step:
    kind = dict(state.pending).get(fact.order)
    state = replace(state, pending=tuple(p for p in state.pending if p[0] != fact.order))
    if kind in REPEATABLE:
        if fact.outcome == "unknown":
            return _unanswered(state, kind, fact.at)
        state = replace(state, unanswered=tuple(one for one in state.unanswered if one[0] != kind))
    if kind == orders.ArmClosing.__name__:
        state = replace(state, closing=replace(state.closing, armed=fact.outcome == "done"))
        failed = fact.outcome != "done" and state.phase is Phase.UP
        return state, [alert.of_trouble(state.id, "closing-failed", fact.detail or "not armed")] if failed else []
    if kind == orders.GuardHold.__name__ and fact.outcome != "done" and state.closes and state.phase is Phase.UP:
        detail = f"not armed for a hang-up on hold: {fact.detail}"
        return state, [alert.of_trouble(state.id, "closing-failed", detail)]
    if kind == orders.Listen.__name__ and fact.outcome != "done" and state.phase is not Phase.ENDED:
        return state, [alert.of_trouble(state.id, "recording-missing", fact.detail or "the recording did not start")]
    if kind == orders.Mask.__name__ and fact.outcome != "done" and state.phase is not Phase.ENDED:
        return replace(state, mask=None), [alert.of_trouble(state.id, "mask-failed", fact.detail)]
    if kind == orders.Mute.__name__ and fact.outcome != "done":
        return acting.mute_failed(state, fact, policy)
    if kind == orders.Unmute.__name__ and fact.outcome == "unknown" and state.phase in (Phase.UP, Phase.ALONE):
        return state, [orders.SetTimer("", state.id, acting.RELEASE, fact.at + acting.RELEASE_AGAIN)]
    return state, []


def _unanswered(state: CallState, kind: str, at: float) -> Step:
    """Not answered is neither done nor refused: it is given again, and people are told where a switch stays silent.
    That nothing is recorded, the call's own timer finds out."""
    tried = dict(state.unanswered).get(kind, 0) + 1
    state = replace(state, unanswered=(*(one for one in state.unanswered if one[0] != kind), (kind, tried)))
    if tried <= GIVEN_AGAIN:
        return state, [orders.SetTimer("", state.id, AGAIN + kind, at + tried)]
    told = _wanted(state, kind) and kind != orders.Listen.__name__
    why = "the switch does not say whether the closing is armed"
    return state, [alert.of_trouble(state.id, "closing-unknown", why)] if told else []


def once_more(state: CallState, name: str) -> list[Order]:
    """What such a timer gives, where it is wanted still."""
    kind = name.removeprefix(AGAIN)
    return _wanted(state, kind) if kind not in dict(state.pending).values() else []


def _wanted(state: CallState, kind: str) -> list[Order]:
    """The order of that kind that the call needs now."""
    if kind == orders.Listen.__name__:
        return [] if state.heard else listen(state)
    if kind == orders.ArmClosing.__name__ and state.closes and not state.closing.armed:
        return [orders.ArmClosing("", state.id, state.customer)]
    if kind == orders.GuardHold.__name__ and state.closes and state.other is not None:
        return [orders.GuardHold("", state.id, state.other)]
    return []
