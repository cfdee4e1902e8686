"""A leg's thread: from ringing through its applications to its end, one step per frame. Knows the order in which things
happen and are told; does not know what an application does."""

from eslbot.sim.leg import Leg, Step, Thread
from eslbot.sim.profile import CAUSES
from eslbot.sim.sound import FRAMES_A_SECOND

_RINGS_AT_ONCE = 3
"""A phone that answers within so many frames is not reported as ringing."""


def live(leg: Leg, *steps: Step) -> Thread:
    """The thread: does the steps, and what is planned meanwhile, until the leg is hung up or nothing is left to do."""
    leg.plan.extend(steps)
    while leg.up:
        if not leg.plan:
            leg.hangup("NORMAL_CLEARING")
            break
        leg.breaking = False
        step = leg.plan.popleft()
        yield from step(leg)
    yield from _end(leg)


def _end(leg: Leg) -> Thread:
    leg.state = "CS_HANGUP"
    if leg.bridge is not None:
        leg.bridge.alive = False
    leg.bugs.clear()
    yield
    leg.state, leg.call_state = "CS_REPORTING", "HANGUP"
    leg.variables |= {"hangup_cause": leg.cause, "hangup_cause_q850": str(min(CAUSES.get(leg.cause, 16), 127))}
    leg.variables |= _durations(leg)
    leg.fire("CHANNEL_HANGUP_COMPLETE")
    yield
    leg.fire("CHANNEL_DESTROY")
    leg.gone = True
    leg.core.drop(leg)


def _durations(leg: Leg) -> dict[str, str]:
    times, ended = leg.profile.times, leg.core.now
    created, answered = times.get("Channel-Created", 0) / 1e6, times.get("Channel-Answered", 0) / 1e6
    talked = ended - answered if answered else 0.0
    return {
        "start_epoch": str(int(created)),
        "answer_epoch": str(int(answered)),
        "end_epoch": str(int(ended)),
        "duration": str(int(ended - created)),
        "billsec": str(int(talked)),
        "mduration": str(int((ended - created) * 1000)),
        "billmsec": str(int(talked * 1000)),
    }


def ring(leg: Leg) -> Thread:
    """An outbound leg: created, ringing, and answered or refused as its phone likes."""
    leg.state = "CS_CONSUME_MEDIA"
    waits = max(1, round(leg.party.answers_after * FRAMES_A_SECOND))
    if leg.party.refuses:
        yield
        leg.hangup(leg.party.refuses)
        return
    if waits > _RINGS_AT_ONCE or leg.party.never_answers:
        leg.call_state = "RINGING"
        leg.mark("Channel-Progress")
        leg.fire("CHANNEL_PROGRESS")
    while leg.ready and (waits > 0 or leg.party.never_answers):
        waits -= 1
        yield
    if leg.up:
        leg.answer()


def consume(leg: Leg) -> Thread:
    """Waits, with its audio going nowhere, until there is something to do."""
    while leg.ready and not leg.plan:
        leg.read()
        yield
