"""The machine of a call: a table (phase, fact) -> (state, orders). Pure: the same facts give the same state and the
same orders with the same ids, which is what makes the journal enough. What is not in the table changes nothing. Knows
no switch, no clock and no journal; what a violation leads to is in acting.py, who supervises in supervising.py, what
another agent's coming leads to in handing.py, an agent's consult in consulting.py, a lost link, a restart and a failure
in mending.py, what is written down at the end in book.py."""

from collections.abc import Callable
from dataclasses import replace

from eslbot.act import alert, mask, mute, unheard
from eslbot.call import acting, book, consulting, handing, mending, supervising
from eslbot.call.state import CallState, Phase, Policy
from eslbot.close import closing
from eslbot.model import facts, orders
from eslbot.model.call import Role
from eslbot.model.facts import CallFact
from eslbot.model.orders import Order

Step = tuple[CallState, list[Order]]
RECORDING = "recording"
"""Name of the timer that misses a recording."""
AWAITED = (
    orders.ArmClosing | orders.DisarmClosing | orders.GuardHold | orders.Listen | orders.StopListening
    | orders.Mute | orders.Unmute | orders.Mask
)
"""Orders whose outcome changes what comes next; the call is settled when each has been heard of."""


def open_call(fact: facts.Opened) -> CallState:
    """The state in which a call begins, before `step` has seen its facts.Opened."""
    return CallState(fact.call, fact.switch, fact.leg, roles_known=fact.roles_known, shadow=fact.shadow)


def step(state: CallState, fact: CallFact, policy: Policy) -> tuple[CallState, tuple[Order, ...]]:
    """One fact. Orders come numbered: an order's id is the call's id, `#`, and a running number."""
    handler = TABLE.get((state.phase, type(fact)))
    if handler is None:
        return state, ()
    state, drafts = handler(state, fact, policy)
    given = tuple(replace(draft, id=f"{state.id}#{state.numbered + i}") for i, draft in enumerate(drafts))
    awaited = tuple((order.id, type(order).__name__) for order in given if isinstance(order, AWAITED))
    return replace(state, numbered=state.numbered + len(given), pending=state.pending + awaited), given


# --- the life of the call --------------------------------------------------------------------------------------------
def _opened(state: CallState, fact: facts.Opened, policy: Policy) -> Step:
    closes = state.roles_known and policy.closing
    return replace(state, closes=closes), [orders.ArmClosing("", state.id, state.customer)] if closes else []


def _answered(state: CallState, fact: facts.Answered, policy: Policy) -> Step:
    if state.heard:
        return state, []
    return state, [orders.SetTimer("", state.id, RECORDING, fact.at + policy.recording_wait)]


def _joined(state: CallState, fact: facts.Joined, policy: Policy) -> Step:
    if state.phase is Phase.UP and state.other == fact.other:
        return consulting.ended(state, fact, policy)
    state, given = handing.over(state, fact.other, fact.role)
    state, over = consulting.over(state)
    given += over
    customer = state.roles_known
    if state.closes and not state.closing.armed and not _awaits(state, orders.ArmClosing):
        given.append(orders.ArmClosing("", state.id, state.customer))
    if fact.role is Role.CUSTOMER and customer:  # two customers: roles are not known after all
        given = [one for one in given if not isinstance(one, orders.ArmClosing)]
        given += [orders.DisarmClosing("", state.id, state.customer)] if state.closes else []
        state, customer = replace(state, closes=False), False
    if state.closes:
        given.append(orders.GuardHold("", state.id, fact.other))
    first = not state.listening
    state = replace(
        state, phase=Phase.UP, other=fact.other, other_role=fact.role, faced=state.faced + 1, roles_known=customer,
        listening=True, bridged=fact.at if state.bridged is None else state.bridged,
        closing=closing.joined(state.closing),
    )
    if first:
        known = customer and fact.role in (Role.AGENT, Role.SUPERVISOR)
        state = replace(state, rate=fact.rate, sides_known=known)
        given += [*mending.listen(state), orders.SetTimer("", state.id, RECORDING, fact.at + policy.recording_wait)]
    state, more = supervising.rejoined(state, fact.at, policy)
    return state, [*given, *more]


def _merged(state: CallState, fact: facts.Merged, policy: Policy) -> Step:
    given: list[Order] = [orders.DisarmClosing("", state.id, state.customer)] if state.closes else []
    state, lift = mending.parted(state, facts.Parted(state.id, fact.at), policy)
    state = replace(state, phase=Phase.ENDED, closes=False, ended=("merged", fact.at))
    return state, [
        *given, *lift, *supervising.send_away(state),
        orders.SetTimer("", state.id, RECORDING, None), *book.ended(state), *book.stop_listening(state),
    ]


def _gone(state: CallState, fact: facts.Gone, policy: Policy) -> Step:
    outcome = fact.outcome
    if outcome == "hung-up":
        outcome = "unanswered" if state.bridged is None else "completed"
    blind = state.closing.blind or fact.outcome != "hung-up"
    state = replace(
        state, phase=Phase.ENDED, other=None, ended=(outcome, fact.at), closing=replace(state.closing, blind=blind),
    )
    given: list[Order] = [orders.SetTimer("", state.id, name, None) for name in (RECORDING, mute.TIMER, mask.TIMER)]
    given += book.ended(state)
    if any(isinstance(one, orders.BookClosing) and one.outcome == "failed" for one in given):
        given.append(alert.of_trouble(state.id, "closing-failed", "the customer was alone and nothing was played"))
    return state, [*given, *supervising.send_away(state), *book.stop_listening(state)]


# --- the closing -----------------------------------------------------------------------------------------------------
def _closing_started(state: CallState, fact: facts.ClosingStarted, policy: Policy) -> Step:
    return replace(state, closing=closing.started(state.closing, fact.at)), []


def _closing_stopped(state: CallState, fact: facts.ClosingStopped, policy: Policy) -> Step:
    return replace(state, closing=closing.stopped(state.closing, fact.at, fact.complete)), []


# --- audio -----------------------------------------------------------------------------------------------------------
def _audio_arrived(state: CallState, fact: facts.AudioArrived, policy: Policy) -> Step:
    return replace(state, heard=True), [orders.SetTimer("", state.id, RECORDING, None)]


def _audio_lost(state: CallState, fact: facts.AudioLost, policy: Policy) -> Step:
    untold, given = unheard.lost(state.unheard, fact)
    return replace(state, unheard=untold), given


def _rate_changed(state: CallState, fact: facts.RateChanged, policy: Policy) -> Step:
    """A recording that runs goes on at the new rate, and nothing in it says so."""
    if not state.listening or fact.rate == state.rate:
        return state, []
    reason = f"the codec changed from {state.rate} to {fact.rate} Hz in mid-recording"
    return state, [alert.of_trouble(state.id, "audio-lost", reason)]


def _audio_ended(state: CallState, fact: facts.AudioEnded, policy: Policy) -> Step:
    untold, given = unheard.end(state.unheard, state.id)
    return replace(state, sealed=True, unheard=untold), given


def _timer(state: CallState, fact: facts.TimerFired, policy: Policy) -> Step:
    if fact.name == RECORDING and not state.heard:
        return state, [alert.of_trouble(state.id, "recording-missing", "answered, and no audio has come")]
    if fact.name.startswith(mending.AGAIN):
        return state, mending.once_more(state, fact.name)
    if fact.name == consulting.TIMER:
        return consulting.timer(state)
    if fact.name == unheard.TIMER:
        untold, given = unheard.due(state.unheard, state.id, fact.at)
        return replace(state, unheard=untold), given
    return acting.timer(state, fact, policy)


def _awaits(state: CallState, kind: type) -> bool:
    return any(name == kind.__name__ for _, name in state.pending)


Handler = Callable[[CallState, "CallFact", Policy], Step]


def _table() -> dict[tuple[Phase, type], Handler]:
    dialling, up, alone, ended = Phase.DIALLING, Phase.UP, Phase.ALONE, Phase.ENDED
    living, all_phases = (dialling, up, alone), tuple(Phase)
    rows: list[tuple[tuple[Phase, ...], type, Callable[..., Step]]] = [
        ((dialling,), facts.Opened, _opened),
        (living, facts.Answered, _answered),
        (living, facts.Joined, _joined),
        ((up,), facts.ConsultBegan, consulting.began),
        ((up,), facts.ConsultEnded, consulting.ended),
        ((up,), facts.Parted, mending.parted),
        (living, facts.Merged, _merged),
        (living, facts.Gone, _gone),
        ((up, alone), facts.ClosingStarted, _closing_started),
        ((up, alone), facts.ClosingStopped, _closing_stopped),
        (living, facts.Placed, handing.placed),
        (all_phases, facts.AudioArrived, _audio_arrived),
        (all_phases, facts.AudioLost, _audio_lost),
        (all_phases, facts.AudioEnded, _audio_ended),
        (living, facts.LinkLost, mending.link_lost),
        (living, facts.LinkBack, mending.link_back),
        (all_phases, facts.Resumed, mending.resumed),
        (all_phases, facts.Performed, mending.performed),
        (living, facts.TimerFired, _timer),
        (all_phases, facts.ShadowSet, acting.shadow_set),
        (living, facts.RateChanged, _rate_changed),
        ((up, alone, ended), facts.Violated, acting.violated),
        ((up, alone, ended), facts.Retracted, acting.retracted),
        ((up, alone, ended), facts.DisclosureChanged, acting.disclosure_changed),
        (living, facts.Commanded, acting.commanded),
        (living, facts.SupervisorJoined, supervising.joined),
        (living, facts.SupervisorMode, supervising.mode_set),
        (all_phases, facts.SupervisorLeft, supervising.left),
    ]
    return {(phase, fact): handler for phases, fact, handler in rows for phase in phases}


TABLE: dict[tuple[Phase, type], Handler] = _table()
