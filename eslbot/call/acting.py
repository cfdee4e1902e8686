"""The part of the machine that touches the call: what a violation, its retraction, a person's command and a timer lead
to. Pure. Knows when acts are withheld (shadow mode, unknown roles, no leave, an agent's words who is gone); each verb
has its own file in act/."""

from collections.abc import Callable
from dataclasses import replace

from eslbot.act import alert, announce, due, hang_up, mask, mute, remind, supervise
from eslbot.act.whose import REACHES, Whose, whose
from eslbot.call import supervising
from eslbot.call.state import CallState, Phase, Policy
from eslbot.model.call import LegId, Role
from eslbot.model.facts import Commanded, DisclosureChanged, Performed, Retracted, ShadowSet, TimerFired, Violated
from eslbot.model.judgement import FLOOR, MISSED, Act, Action, Disclosure, disclosure_key
from eslbot.model.orders import BookAct, DisarmClosing, GuardHold, Order, Unmute

Step = tuple[CallState, list[Order]]
RELEASE = "release"
"""Name of the timer that sends a release again whose outcome is unknown."""
RELEASE_AGAIN = 0.5
HANDED_OVER = "handed-over"
"""Why an act is withheld whose words another agent said."""


def violated(state: CallState, fact: Violated, policy: Policy) -> Step:
    said = dict(state.disclosures).get(disclosure_key(fact.hit.rule, fact.hit.ordinal))
    if fact.hit.utterance == MISSED and said in (Disclosure.SAID, Disclosure.UNKNOWN):
        return state, []  # it was said, or lost, before a restart made us forget the words
    orders: list[Order] = []
    if fact.confirm >= FLOOR[Act.MASK] and mask.ended_by(state.mask, fact.hit.rule, fact.end):
        masking, orders = mask.lift(state.mask, state.id, mask.RULE)
        state = replace(state, mask=masking)
    for mark, action in due.due(fact, state.done, state.generation, state.rate):
        if fact.outranked and action.act is not Act.MASK:
            continue  # recorded only; should the other rule's words be taken back, this one is told again
        state = replace(state, done=(*state.done, mark))
        reason = _withheld(state, fact, action.act, policy)
        if reason is not None:
            orders.append(BookAct("", state.id, action.act.value, reason, fact.hit.rule))
            if reason == HANDED_OVER and action.act is Act.SUPERVISOR and not _alerts(fact):
                orders.append(alert.of_violation(fact))
            continue
        state, more = DEEDS[action.act](state, fact, action, policy)
        orders += more
    return state, orders


def _withheld(state: CallState, fact: Violated, act: Act, policy: Policy) -> str | None:
    """Why an automatic act is not done that is due now; None: it is."""
    if act is Act.MASK:  # it touches our own recording and no call: roles and shadow mode do not matter
        return None if state.listening and state.phase is not Phase.ENDED else "too-late"
    if state.shadow:
        return "shadow"
    if act is Act.ALERT:
        return None
    if state.phase is not Phase.UP:
        return "too-late"
    if not state.actable:
        return "role-unknown"
    if act not in REACHES[_whose(state, fact)]:
        return HANDED_OVER
    if act is Act.HANG_UP and not policy.allow_hang_up:
        return "not-allowed"
    reminded = state.stay.reminded
    if act is Act.REMIND and reminded is not None and fact.at < reminded + policy.remind_gap:
        return "suppressed"
    return None


def _whose(state: CallState, fact: Violated) -> Whose:
    return whose(state.stay, fact.hit, fact.start, fact.end)


def _alerts(fact: Violated) -> bool:
    """Whether the rule tells people anyway."""
    return any(action.act is Act.ALERT for action in fact.verdict.actions)


def _remind(state: CallState, fact: Violated, action: Action, policy: Policy) -> Step:
    state = replace(state, stay=replace(state.stay, reminded=fact.at))
    return state, [remind.remind(state.id, _agent(state), action.prompt or policy.remind_default)]


def _alert(state: CallState, fact: Violated, action: Action, policy: Policy) -> Step:
    return state, [alert.of_violation(fact)]


def _mute(state: CallState, fact: Violated, action: Action, policy: Policy) -> Step:
    seconds = mute.DEFAULT_SECONDS if action.seconds is None else action.seconds
    return _begin_mute(state, fact.hit.key, seconds, fact.at)


def _begin_mute(state: CallState, cause: str, seconds: float, at: float) -> Step:
    mutes, orders = mute.begin(state.mutes, state.id, state.customer, cause, seconds, at)
    return replace(state, mutes=mutes), list(orders)


def _announce(state: CallState, fact: Violated, action: Action, policy: Policy) -> Step:
    return state, [announce.announce(state.id, state.customer, action.prompt)]


def _hang_up(state: CallState, fact: Violated, action: Action, policy: Policy) -> Step:
    return state, [hang_up.hang_up(state.id, _agent(state))]


def _supervisor(state: CallState, fact: Violated, action: Action, policy: Policy) -> Step:
    state, rings = supervising.summon(state, fact.at, policy)
    theirs = _whose(state, fact) is Whose.PRESENT and fact.hit.role is not Role.CUSTOMER
    stay = replace(state.stay, summoned=theirs and (state.stay.summoned or bool(rings)))
    return replace(state, stay=stay), [alert.for_supervisor(fact), *rings]


def _mask(state: CallState, fact: Violated, action: Action, policy: Policy) -> Step:
    """From the end of the words that asked for it."""
    why = fact.hit.key, action.until or ""
    masking, orders = mask.begin(
        state.mask, state.id, mask.RULE, fact.at, action.seconds, policy.mask, fact.end, *why)
    return replace(state, mask=masking), orders


DEEDS: dict[Act, Callable[[CallState, Violated, Action, Policy], Step]] = {
    Act.REMIND: _remind, Act.ALERT: _alert, Act.MUTE: _mute, Act.ANNOUNCE: _announce, Act.HANG_UP: _hang_up,
    Act.SUPERVISOR: _supervisor, Act.MASK: _mask,
}


def retracted(state: CallState, fact: Retracted, policy: Policy) -> Step:
    mutes, orders = mute.retract(state.mutes, state.id, state.customer, fact.hit.key)
    masking, more = mask.retract(state.mask, state.id, fact.hit.key)
    return replace(state, mutes=mutes, mask=masking), [*orders, *more]


def disclosure_changed(state: CallState, fact: DisclosureChanged, policy: Policy) -> Step:
    key = disclosure_key(fact.rule, fact.ordinal)
    if dict(state.disclosures).get(key) is Disclosure.SAID and fact.state is Disclosure.UNKNOWN:
        return state, []  # a restart forgot that it was said
    kept = tuple((other, how) for other, how in state.disclosures if other != key)
    now = () if fact.state is Disclosure.VOID else ((key, fact.state),)
    return replace(state, disclosures=(*kept, *now)), []


def shadow_set(state: CallState, fact: ShadowSet, policy: Policy) -> Step:
    """Going into shadow mode lifts what we did by ourselves; a person's mute stays."""
    state = replace(state, shadow=fact.on)
    if not fact.on:
        return state, []
    orders: list[Order] = []
    for cause, _ in state.mutes.causes:
        if cause != mute.PERSON:
            mutes, more = mute.retract(state.mutes, state.id, state.customer, cause)
            state, orders = replace(state, mutes=mutes), orders + list(more)
    return state, orders


def commanded(state: CallState, fact: Commanded, policy: Policy) -> Step:
    """A person's command ignores shadow mode and policy; without a known agent there is no one to mute."""
    if fact.verb in ("mask", "unmask", "mask_key"):
        return _masked(state, fact, policy)
    if fact.id in state.commands or not (state.actable or fact.verb in ("disarm", supervising.LEAVE)):
        return state, []
    state = replace(state, commands=(*state.commands, fact.id))
    if fact.verb in supervising.VERBS:
        return supervising.commanded(state, fact, policy)
    if fact.verb == "disarm":
        disarm: list[Order] = [DisarmClosing("", state.id, state.customer)] if state.closes else []
        if state.closes and state.other is not None:
            disarm.append(GuardHold("", state.id, state.other, on=False))
        return replace(state, closes=False), disarm
    if fact.verb == "mute":
        return _begin_mute(state, mute.PERSON, fact.seconds or mute.DEFAULT_SECONDS, fact.at)
    if fact.verb == "unmute":
        mutes, orders = mute.lift(state.mutes, state.id, state.customer)
        return replace(state, mutes=mutes), list(orders)
    if fact.verb == "hang_up":
        return state, [hang_up.hang_up(state.id, _agent(state))]
    if fact.verb == "correct":
        return state, [announce.announce(state.id, state.customer, fact.prompt or None)]
    return state, []


def _masked(state: CallState, fact: Commanded, policy: Policy) -> Step:
    """Of any call that is recorded, whoever is on the line."""
    if fact.id in state.commands or not state.listening:
        return state, []
    state = replace(state, commands=(*state.commands, fact.id))
    by = mask.KEY if fact.verb == "mask_key" else mask.PERSON
    if fact.verb == "unmask" or (by == mask.KEY and state.mask is not None):
        masking, orders = mask.lift(state.mask, state.id, by)
    else:
        masking, orders = mask.begin(state.mask, state.id, by, fact.at, fact.seconds, policy.mask)
    return replace(state, mask=masking), orders


def mute_failed(state: CallState, fact: Performed, policy: Policy) -> Step:
    """The customer may go on hearing it: people are told, and the next act follows where an admin wants one, and where
    it does not reach another agent than the mute was for."""
    orders: list[Order] = [alert.of_trouble(state.id, "mute-failed", fact.detail)]
    if not state.actable or state.shadow:
        return state, orders
    reaches = REACHES[Whose.PRESENT if state.stay.gave(fact.order) else Whose.BEFORE]
    if policy.mute_fallback == "hang_up" and policy.allow_hang_up and Act.HANG_UP in reaches:
        orders.append(hang_up.hang_up(state.id, _agent(state)))
    elif policy.mute_fallback == "announce" and Act.ANNOUNCE in reaches:
        orders.append(announce.announce(state.id, state.customer, None))
    return state, orders


def timer(state: CallState, fact: TimerFired, policy: Policy) -> Step:
    if fact.name == supervise.LEFT or fact.name.startswith(supervise.TIMER):
        return supervising.timer(state, fact, policy)
    if fact.name == mute.TIMER:
        mutes, orders = mute.lift(state.mutes, state.id, state.customer)
        return replace(state, mutes=mutes), list(orders)
    if fact.name == mask.TIMER:
        masking, given = mask.timed(state.mask, state.id)
        return replace(state, mask=masking), given
    if fact.name == RELEASE and state.mutes.group is None:
        return state, [Unmute("", state.id, state.customer, mute.last_group(state.mutes, state.id))]
    return state, []


def _agent(state: CallState) -> LegId:
    assert state.other is not None  # actable says so
    return state.other
