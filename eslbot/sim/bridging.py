"""Two legs hearing each other: the bridge application, the far leg's side of it, uuid_bridge, and what happens after
(execute_on_post_bridge, park_after_bridge, transfer_after_bridge). As switch_ivr_bridge.c orders it."""

from dataclasses import replace

from eslbot.sim import exchange
from eslbot.sim.dial import DialError
from eslbot.sim.leg import Bridge, Leg, Step, Thread
from eslbot.sim.session import consume
from eslbot.sim.sound import FRAMES_A_SECOND

_LEAD_FRAMES = 5
_RING_SECONDS = 60.0
_WAIT_FRAMES = 5 * FRAMES_A_SECOND
_PARK_SECONDS = "3"
_LAGS = 3
"""Event orders across legs are no promise: the near leg's end of a bridge is told 0 to 2 frames late, call by call."""


def bridge(leg: Leg, data: str) -> Thread:
    """The application: dials, waits for the answer, and joins. A leg whose bridge fails is hung up with that cause,
    unless continue_on_fail says otherwise."""
    try:
        far = exchange.dial(leg.core, data, leg)
    except DialError as error:
        _failed(leg, error.cause)
        return
    limit = float(far.variables.get("originate_timeout") or leg.variables.get("call_timeout") or _RING_SECONDS)
    waited = 0
    while leg.ready and far.up and not far.answered:
        leg.read()
        waited += 1
        if waited > limit * FRAMES_A_SECOND:
            far.hangup("NO_ANSWER")
        yield
    if not leg.ready:
        far.hangup("ORIGINATOR_CANCEL")
    elif not far.up:
        _failed(leg, far.cause)
    else:
        if not leg.answered:
            leg.answer_state = "early"
            leg.mark("Channel-Progress-Media")
            leg.fire("CHANNEL_PROGRESS_MEDIA")
            leg.call_state = "EARLY"
            leg.answer()
        leg.variables |= {"originate_disposition": "SUCCESS", "DIALSTATUS": "SUCCESS"}
        yield from joined(leg, far)


def _failed(leg: Leg, cause: str) -> None:
    leg.variables |= {"originate_disposition": cause, "bridge_hangup_cause": cause, "DIALSTATUS": cause}
    if not leg.true("continue_on_fail"):
        leg.hangup(cause)


def joined(near: Leg, far: Leg) -> Thread:
    """The near leg's side, from CHANNEL_BRIDGE to what comes after CHANNEL_UNBRIDGE."""
    link = near.bridge = far.bridge = Bridge(near, far)
    ids = {"Bridge-A-Unique-ID": near.uuid, "Bridge-B-Unique-ID": far.uuid}
    near.profile.callee_name = near.profile.callee_number = far.profile.destination
    far.profile.callee_name = far.profile.callee_number = far.profile.destination
    for leg, other, kind in ((near, far, "originatee"), (far, near, "originator")):
        if leg is near or leg.other_profile is None or leg.other_profile.uuid != other.uuid:
            leg.other_profile, leg.other_type = replace(other.profile), kind
        leg.mark("Channel-Bridged")
        leg.party.was_bridged()
        leg.variables["signal_bond"] = other.uuid
    near.fire("CHANNEL_BRIDGE", ids)
    for leg, other in ((near, far), (far, near)):
        leg.variables |= {
            "bridge_to": other.uuid,
            "last_bridge_to": other.uuid,
            "bridge_channel": other.profile.channel_name,
            "bridge_uuid": other.uuid,
        }
    far.plan.append(far_side(link))
    yield from _loop(near, link)
    yield from _executed(near)
    deserted = _deserted(near)
    for _ in range(_WAIT_FRAMES):
        if link.in_loop <= 0 or far.gone or deserted:
            break
        yield
    for _ in range(0 if deserted else near.serial % _LAGS):
        yield
    near.variables.pop("bridge_to", None)
    if far.cause:
        near.variables |= {"bridge_hangup_cause": far.cause, "last_bridge_hangup_cause": far.cause}
    near.fire("CHANNEL_UNBRIDGE", ids)
    if deserted:
        return
    if near.ready and near.variables.get("hangup_after_bridge", "").lower() == "explicit":
        near.hangup(far.cause or "NORMAL_CLEARING")
    _after(near)
    if near.ready and not near.plan and near.true("hangup_after_bridge"):
        near.hangup(far.cause or "NORMAL_CLEARING")


def far_side(link: Bridge) -> Step:
    """The far leg's side."""

    def step(leg: Leg) -> Thread:
        leg.state = "CS_EXCHANGE_MEDIA"
        yield from _loop(leg, link)
        yield from _executed(leg)
        if _deserted(leg):
            yield from parked(leg)
            return
        leg.variables.pop("bridge_to", None)
        if link.a.cause:
            leg.variables["last_bridge_hangup_cause"] = link.a.cause
        _after(leg)
        if leg.ready and not leg.plan:
            leg.hangup("NORMAL_CLEARING")

    return step


def _executed(leg: Leg) -> Thread:
    """What a leg is to run when its bridge has ended, whatever the variables' names go on with."""
    for name, value in tuple(leg.variables.items()):
        if leg.ready and name.startswith("execute_on_post_bridge"):
            application, _, data = value.partition(" ")
            yield from leg.core.execute(leg, application, data)


def _deserted(leg: Leg) -> bool:
    """Who consulted somebody is gone, and nobody has fetched this leg yet: neither the closing nor a hang-up follows
    its bridge, only what its dialplan has next."""
    return leg.ready and leg.waits_for is not None and not leg.waits_for.up


def parked(leg: Leg) -> Thread:
    """For the seconds in which somebody is to fetch it (park_timeout); then its end."""
    leg.fire("CHANNEL_PARK")
    for _ in range(int(leg.variables.pop("park_timeout", _PARK_SECONDS)) * FRAMES_A_SECOND):
        if not leg.ready:
            return
        leg.read()
        yield
    leg.hangup("NORMAL_CLEARING")


def _after(leg: Leg) -> None:
    if not leg.ready or leg.plan:
        return
    if leg.true("park_after_bridge"):
        leg.go(leg.core.application("park", ""))
    elif "transfer_after_bridge" in leg.variables:
        extension, _, rest = leg.variables.pop("transfer_after_bridge").partition(":")
        dialplan, _, context = rest.partition(":")
        leg.core.transfer(leg, extension, dialplan or "XML", context or leg.profile.context)


def _loop(leg: Leg, link: Bridge) -> Thread:
    other, frames = link.other(leg), 0
    while leg.ready and link.alive and other.up:
        if frames > _LEAD_FRAMES and leg.told:
            other.suspended = True
            yield from leg.core.run_told(leg)
            other.suspended = False
            continue
        frames += 1
        said = leg.read()
        while leg.keys:
            leg.keys.popleft()  # passed on to the other phone, which makes nothing of it
        if not (leg.suspended or other.suspended or leg.held or other.held):
            other.write(said)
        yield
    link.alive = False
    leg.suspended = other.suspended = False
    link.in_loop -= 1


def uuid_bridge(near: Leg, far: Leg) -> None:
    """Takes both out of what they do and joins them."""

    def near_side(leg: Leg) -> Thread:
        leg.state = "CS_SOFT_EXECUTE"
        _told_soft(leg, far)
        for _ in range(_WAIT_FRAMES):
            if far.state == "CS_SOFT_EXECUTE" or not far.up:
                break
            yield
        if far.up and leg.up:
            yield from joined(leg, far)

    def waiting_side(leg: Leg) -> Thread:
        leg.state = "CS_SOFT_EXECUTE"
        _told_soft(leg, near)
        yield from consume(leg)

    near.waits_for = far.waits_for = None
    near.go(near_side)
    far.go(waiting_side)


def _told_soft(leg: Leg, other: Leg) -> None:
    leg.other_profile, leg.other_type = replace(other.profile), "originatee"
    own = {"Application": "uuid_bridge", "Application-Data": other.uuid}
    leg.variables |= {"current_application": "uuid_bridge", "current_application_data": other.uuid}
    leg.fire("CHANNEL_EXECUTE", own)
