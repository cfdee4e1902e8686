"""The machine of a call: a table (phase, fact) -> (state, orders). Pure: the same facts give the same state and the
same orders with the same ids, which is what makes the journal enough. What is not in the table changes nothing. Knows
no switch, no clock and no journal; what a violation leads to is in acting.py, what is written down at the end in
book.py."""

from collections.abc import Callable
from dataclasses import replace

from eslbot.act import alert, mask, mute
from eslbot.call import acting, book
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
        return state, []
    given: list[Order] = []
    customer = state.roles_known
    if state.closes and not state.closing.armed and not _awaits(state, orders.ArmClosing):
        given.append(orders.ArmClosing("", state.id, state.customer))
    if fact.role is Role.CUSTOMER and customer:  # two customers: roles are not known after all
        given = [orders.DisarmClosing("", state.id, state.customer)] if state.closes else []
        state, customer = replace(state, closes=False), False
    if state.closes:
        given.append(orders.GuardHold("", state.id, fact.other))
    first = not state.listening
    state = replace(
        state, phase=Phase.UP, other=fact.other, other_role=fact.role, roles_known=customer, listening=True,
        bridged=fact.at if state.bridged is None else state.bridged, closing=closing.joined(state.closing),
    )
    if first:
        known = customer and fact.role in (Role.AGENT, Role.SUPERVISOR)
        state = replace(state, rate=fact.rate, sides_known=known)
        given += [*_listen(state), orders.SetTimer("", state.id, RECORDING, fact.at + policy.recording_wait)]
    return state, given


def _parted(state: CallState, fact: facts.Parted, policy: Policy) -> Step:
    mutes, given = mute.lift(state.mutes, state.id, state.customer)
    return replace(
        state, phase=Phase.ALONE, other=None, other_role=Role.UNKNOWN, mutes=mutes,
        closing=closing.left_alone(state.closing, fact.at),
    ), list(given)


def _merged(state: CallState, fact: facts.Merged, policy: Policy) -> Step:
    given: list[Order] = [orders.DisarmClosing("", state.id, state.customer)] if state.closes else []
    state, lift = _parted(state, facts.Parted(state.id, fact.at), policy)
    state = replace(state, phase=Phase.ENDED, closes=False, ended=("merged", fact.at))
    return state, [
        *given, *lift, orders.SetTimer("", state.id, RECORDING, None), *book.ended(state), *book.stop_listening(state),
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
    return state, [*given, *book.stop_listening(state)]


# --- the closing -----------------------------------------------------------------------------------------------------
def _closing_started(state: CallState, fact: facts.ClosingStarted, policy: Policy) -> Step:
    return replace(state, closing=closing.started(state.closing, fact.at)), []


def _closing_stopped(state: CallState, fact: facts.ClosingStopped, policy: Policy) -> Step:
    return replace(state, closing=closing.stopped(state.closing, fact.at, fact.complete)), []


# --- audio -----------------------------------------------------------------------------------------------------------
def _audio_arrived(state: CallState, fact: facts.AudioArrived, policy: Policy) -> Step:
    return replace(state, heard=True), [orders.SetTimer("", state.id, RECORDING, None)]


def _audio_lost(state: CallState, fact: facts.AudioLost, policy: Policy) -> Step:
    return state, [alert.of_trouble(state.id, "audio-lost", fact.reason)]


def _rate_changed(state: CallState, fact: facts.RateChanged, policy: Policy) -> Step:
    """A recording that runs goes on at the new rate, and nothing in it says so."""
    if not state.listening or fact.rate == state.rate:
        return state, []
    reason = f"the codec changed from {state.rate} to {fact.rate} Hz in mid-recording"
    return state, [alert.of_trouble(state.id, "audio-lost", reason)]


def _audio_ended(state: CallState, fact: facts.AudioEnded, policy: Policy) -> Step:
    return replace(state, sealed=True), []


# --- the link, the restart, the outcome of orders -------------------------------------------------------------------
def _link_lost(state: CallState, fact: facts.LinkLost, policy: Policy) -> Step:
    return replace(state, closing=replace(state.closing, blind=True)), []


def _link_back(state: CallState, fact: facts.LinkBack, policy: Policy) -> Step:
    if not state.closing.blind:  # it was told of by this very link: nothing was missed
        return state, []
    given: list[Order] = []
    if state.phase is Phase.UP and not fact.bridged:  # it was left alone while we could not see
        state, given = _parted(state, facts.Parted(state.id, fact.at), policy)
    elif state.phase is not Phase.ALONE:  # nothing was missed: the closing is still to come
        state = replace(state, closing=replace(state.closing, blind=False))
    return state, given + _listen(state)


def _resumed(state: CallState, fact: facts.Resumed, policy: Policy) -> Step:
    """What was under way stays `unknown` and is not sent again, releases and the arming of the closing excepted."""
    again = dict(state.pending)
    state = replace(
        state, generation=state.generation + 1, pending=(), heard=False,
        closing=replace(state.closing, blind=state.closing.blind or state.phase is not Phase.ENDED),
    )
    given: list[Order] = []
    if state.mutes.group is not None and state.mutes.until is not None:
        given.append(orders.SetTimer("", state.id, mute.TIMER, state.mutes.until))
    elif orders.Unmute.__name__ in again.values():
        given.append(orders.Unmute("", state.id, state.customer, mute.last_group(state.mutes, state.id)))
    if state.mask is not None:  # the recording knows what it covers
        given.append(orders.SetTimer("", state.id, mask.TIMER, state.mask.ends))
    if state.phase is Phase.ENDED:
        return state, [*given, *book.ended(state), *book.stop_listening(state)]
    if orders.ArmClosing.__name__ in again.values():
        given.append(orders.ArmClosing("", state.id, state.customer))
    if orders.GuardHold.__name__ in again.values() and state.closes and state.other is not None:
        given.append(orders.GuardHold("", state.id, state.other))
    return state, given


def _listen(state: CallState) -> list[Order]:
    """Recording commands are idempotent: after a lost link or a restart they are given again."""
    if not state.listening:
        return []
    return [
        orders.Listen(
            "", state.id, state.customer, state.switch, state.rate, state.sides_known, state.generation,
        )
    ]


def _performed(state: CallState, fact: facts.Performed, policy: Policy) -> Step:
    kind = dict(state.pending).get(fact.order)
    state = replace(state, pending=tuple(p for p in state.pending if p[0] != fact.order))
    if kind == orders.ArmClosing.__name__:
        state = replace(state, closing=replace(state.closing, armed=fact.outcome == "done"))
        failed = fact.outcome != "done" and state.phase is Phase.UP
        return state, [alert.of_trouble(state.id, "closing-failed", fact.detail or "not armed")] if failed else []
    if kind == orders.GuardHold.__name__ and fact.outcome != "done" and state.phase is Phase.UP:
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


def _timer(state: CallState, fact: facts.TimerFired, policy: Policy) -> Step:
    if fact.name == RECORDING and not state.heard:
        return state, [alert.of_trouble(state.id, "recording-missing", "answered, and no audio has come")]
    return acting.timer(state, fact)


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
        ((up,), facts.Parted, _parted),
        (living, facts.Merged, _merged),
        (living, facts.Gone, _gone),
        ((up, alone), facts.ClosingStarted, _closing_started),
        ((up, alone), facts.ClosingStopped, _closing_stopped),
        (all_phases, facts.AudioArrived, _audio_arrived),
        (all_phases, facts.AudioLost, _audio_lost),
        (all_phases, facts.AudioEnded, _audio_ended),
        (living, facts.LinkLost, _link_lost),
        (living, facts.LinkBack, _link_back),
        (all_phases, facts.Resumed, _resumed),
        (all_phases, facts.Performed, _performed),
        (living, facts.TimerFired, _timer),
        (all_phases, facts.ShadowSet, acting.shadow_set),
        (living, facts.RateChanged, _rate_changed),
        ((up, alone, ended), facts.Violated, acting.violated),
        ((up, alone, ended), facts.Retracted, acting.retracted),
        ((up, alone, ended), facts.DisclosureChanged, acting.disclosure_changed),
        (living, facts.Commanded, acting.commanded),
    ]
    return {(phase, fact): handler for phases, fact, handler in rows for phase in phases}


TABLE: dict[tuple[Phase, type], Handler] = _table()
