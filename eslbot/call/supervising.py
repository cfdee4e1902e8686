"""The part of the machine about supervisors: what a person's command, a rule that wants one, and what becomes of a
phone lead to. Pure. Knows when somebody may sit down; what a seat is stands in act/supervise."""

from dataclasses import replace

from eslbot.act import alert, remind, supervise
from eslbot.act.supervise import Seat
from eslbot.call.state import CallState, Phase, Policy
from eslbot.model import facts
from eslbot.model.orders import Order, SetTimer
from eslbot.model.supervising import Follow, Mode, TakeOver

Step = tuple[CallState, list[Order]]
SERVICE = "eslbot"
"""Who rings where a rule wants a supervisor."""
LEAVE = "leave"
VERBS = frozenset({*(mode.value for mode in Mode), LEAVE})
"""Of Commanded that are answered here."""


def commanded(state: CallState, fact: facts.Commanded, policy: Policy) -> Step:
    """Asked again by the same person with the same phone, the seat that is there changes: nothing rings twice."""
    seat = supervise.of(state.seats, fact.by, fact.phone)
    if fact.verb == LEAVE:
        return state, list(supervise.dismiss(state.id, seat)) if seat is not None else []
    mode = Mode(fact.verb)
    if state.consulting and (fact.leg is not None or (seat is not None and mode is Mode.TAKEOVER)):
        return _put_off(state, seat, mode)
    if seat is not None and (fact.leg is None or fact.leg == seat.leg):
        if not state.actable:  # nobody to whisper to: they have the call already, or the agent has gone
            return state, []
        seats, given = supervise.change(state.seats, state.id, seat, mode, state.customer, fact.at)
        return replace(state, seats=seats), list(given)
    if not state.actable or len(state.seats) >= supervise.MOST:
        return state, []
    first, then = (Mode.LISTEN, mode) if mode is Mode.TAKEOVER else (mode, None)
    if fact.leg is not None:
        seat = Seat(fact.leg, fact.by, fact.phone, first, then, inside=True, since=fact.at, spied=state.other)
        return _walked_in(state, seat, fact.at, policy)
    return _ring(state, fact.by, fact.phone, first, then, fact.at, policy.ring)


def _put_off(state: CallState, seat: Seat | None, mode: Mode) -> Step:
    """Nobody walks in on a consult, and the customer is nobody's to take over meanwhile: when the consult ends, the
    switch joins them with an agent, whoever has them."""
    if seat is None or not state.actable:
        return state, []
    return replace(state, seats=supervise.put(state.seats, replace(seat, wanted=mode))), []


def _ring(
    state: CallState, by: str, phone: str, mode: Mode, then: Mode | None, at: float, seconds: float,
    turn: int | None = None,
) -> Step:
    assert state.other is not None  # actable says so
    leg = supervise.leg_of(state.id, state.seated)
    seat = Seat(leg, by, phone, mode, then, ends=at + seconds, turn=turn, waits=state.consulting)
    seats, given = supervise.ring(state.seats, state.id, state.other, seat, seconds)
    return replace(state, seats=seats, seated=state.seated + 1), list(given)


def _walked_in(state: CallState, seat: Seat, at: float, policy: Policy) -> Step:
    """They have called in, and the dialplan lets them hear the call as soon as it is told that they may."""
    given: list[Order] = _tell_agent(state, seat, policy)
    if seat.wanted is Mode.TAKEOVER:
        given.append(SetTimer("", state.id, supervise.TIMER + seat.leg, at + supervise.SETTLE))
    return replace(state, seats=supervise.put(state.seats, seat)), given


def joined(state: CallState, fact: facts.SupervisorJoined, policy: Policy) -> Step:
    """One that no order of ours brought in (its journal was lost) is taken up too."""
    seat = supervise.find(state.seats, fact.leg) or Seat(fact.leg, "", "", fact.mode)
    came = not seat.inside
    since, spied = (fact.at if came else seat.since), seat.spied or state.other
    seat = replace(seat, inside=True, mode=fact.mode, since=since, spied=spied)
    state = replace(state, seats=supervise.put(state.seats, seat))
    if not came:
        return state, []
    # it rang while the call went to another agent, or a consult began or ended
    late = seat.wanted is Mode.TAKEOVER or spied != state.other or seat.waits is not state.consulting
    later = fact.at + supervise.SETTLE if late else None
    timer = SetTimer("", state.id, supervise.TIMER + seat.leg, later)
    return state, [timer, *_tell_agent(state, seat, policy)]


def _tell_agent(state: CallState, seat: Seat, policy: Policy) -> list[Order]:
    """Not where the agent is about to be taken out of the call."""
    if not policy.told or not state.actable or state.other is None or seat.wanted is Mode.TAKEOVER:
        return []
    return [remind.remind(state.id, state.other, policy.told)]


def mode_set(state: CallState, fact: facts.SupervisorMode, policy: Policy) -> Step:
    seat = supervise.find(state.seats, fact.leg)
    if seat is None:
        return state, []
    mode = seat.mode if fact.mode is None else fact.mode
    wanted = None if fact.mode in (None, seat.wanted) else seat.wanted
    return replace(state, seats=supervise.put(state.seats, replace(seat, mode=mode, wanted=wanted))), []


def left(state: CallState, fact: facts.SupervisorLeft, policy: Policy) -> Step:
    seat = supervise.find(state.seats, fact.leg)
    if seat is None:
        return state, []
    state = replace(state, seats=tuple(other for other in state.seats if other.leg != fact.leg))
    given: list[Order] = [SetTimer("", state.id, supervise.TIMER + seat.leg, None)]
    if seat.turn is None or seat.inside or state.phase is Phase.ENDED:
        return state, given
    state, more = _next(state, seat.turn + 1, fact.at, policy)
    return state, given + more


def summon(state: CallState, at: float, policy: Policy) -> Step:
    """A rule wants a supervisor: the first on call rings, unless one is in or rings already."""
    if not policy.on_call or state.seats:
        return state, []
    return _next(state, 0, at, policy)


def _next(state: CallState, turn: int, at: float, policy: Policy) -> Step:
    if any(seat.inside for seat in state.seats) or state.shadow or not state.actable:
        return state, []
    if turn >= len(policy.on_call):
        text = f"none of the {len(policy.on_call)} on call has answered"
        return state, [alert.of_trouble(state.id, "supervisor-wanted", text)]
    mode, then = (Mode.LISTEN, Mode.TAKEOVER) if policy.on_call_mode is Mode.TAKEOVER else (policy.on_call_mode, None)
    return _ring(state, SERVICE, policy.on_call[turn], mode, then, at, policy.escalate, turn)


def timer(state: CallState, fact: facts.TimerFired, policy: Policy) -> Step:
    if fact.name == supervise.LEFT:
        return state, send_away(state)
    seat = next((seat for seat in state.seats if supervise.TIMER + seat.leg == fact.name), None)
    if seat is None:
        return state, []
    if seat.inside and state.consulting:
        return consult(state, (seat,), fact.at)
    if seat.inside and state.actable and seat.wanted is Mode.TAKEOVER:
        seats = supervise.put(state.seats, replace(seat, waits=False))
        return replace(state, seats=seats), [TakeOver("", state.id, seat.leg, state.customer)]
    if seat.inside:
        return _follow(state, (seat,), fact.at, policy)
    given = supervise.dismiss(state.id, seat)
    state, more = left(state, facts.SupervisorLeft(state.id, fact.at, seat.leg, "NO_ANSWER"), policy)
    return state, [*given, *more]


def resumed(state: CallState, at: float) -> list[Order]:
    """A phone that rang when we died is not rung again; the switch tells whether it still does. A takeover that was
    under way is not gone on with. Who was to be taken off an agent's leg, or back to it, still is."""
    late: list[Order] = [
        SetTimer("", state.id, supervise.TIMER + seat.leg, at + supervise.SETTLE)
        for seat in state.seats if seat.inside and seat.waits is not state.consulting
    ]
    return late + [
        SetTimer("", state.id, supervise.TIMER + seat.leg, seat.ends + supervise.SLACK)
        for seat in state.seats if not seat.inside
    ]


def parted(state: CallState, at: float) -> list[Order]:
    """The agent has left. It may be a transfer, and the next one is there in a moment; else there is nothing to hear
    any more."""
    return [SetTimer("", state.id, supervise.LEFT, at + supervise.GAP)] if state.seats else []


def consult(state: CallState, seats: supervise.Seats, at: float) -> Step:
    """The agent consults another one, which is no part of the call."""
    now, given = state.seats, list[Order]()
    for seat in seats:
        now, more = supervise.wait(now, state.id, seat, at)
        given += more
    return replace(state, seats=now), given


def rejoined(state: CallState, at: float, policy: Policy) -> Step:
    """Somebody else faces the customer now. Supervisors go along to another agent; an agent's leg that is in another
    call by now, or faces nobody we know, is not theirs to hear."""
    if not state.seats:
        return state, []
    given: list[Order] = [SetTimer("", state.id, supervise.LEFT, None)]
    if not state.actable:
        return state, [*given, *send_away(state)]
    state, more = _follow(state, state.seats, at, policy)
    return state, [*given, *more]


def _follow(state: CallState, seats: supervise.Seats, at: float, policy: Policy) -> Step:
    if not state.actable or state.other is None:
        return state, []
    now, given = state.seats, list[Order]()
    for seat in seats:
        now, more = supervise.follow(now, state.id, seat, state.other, at)
        given += more
    state = replace(state, seats=now)
    gone = [order.leg for order in given if isinstance(order, Follow) and not order.back]
    if not gone:
        return state, given
    return state, [*given, *_tell_agent(state, next(seat for seat in now if seat.leg == gone[0]), policy)]


def send_away(state: CallState) -> list[Order]:
    """There is nothing to hear any more. Who has taken the call over is in it."""
    return [
        order for seat in state.seats
        if state.phase is Phase.ENDED or not (seat.mode is Mode.TAKEOVER or seat.leg == state.other)
        for order in supervise.dismiss(state.id, seat)
    ]
