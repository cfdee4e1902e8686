"""The application att_xfer: a leg talks to somebody it has called while its partner waits, and then is gone, has its
partner back, or all three talk. As mod_dptools orders it, and as it goes wrong there: whoever waits as the near leg of
its bridge leaves that at once when the consulting leg is hung up, and is gone before the two who stay are joined,
unless something holds it up (execute_on_post_bridge). Knows legs; who called whom first it reads from their bridge."""

from eslbot.sim import exchange
from eslbot.sim.bridging import parked, uuid_bridge
from eslbot.sim.dial import DialError
from eslbot.sim.leg import Bridge, Leg, Step, Thread

_HANG_UP, _CANCEL, _ALL = "*", "#", "0"
"""The consulting phone's keys: hand over, give it up, all three."""


def att_xfer(leg: Leg, data: str) -> Thread:
    waiting, outer = leg.partner, leg.bridge
    if waiting is None:
        return
    try:
        second = exchange.dial(leg.core, data, leg)
    except DialError:
        return
    waiting.waits_for = leg
    while leg.ready and second.up and not second.answered:
        leg.read()
        yield
    if not leg.up:  # the switch would hand over to a leg that has not answered, and ends both
        second.hangup("DESTINATION_OUT_OF_ORDER")
        if waiting.true("uuid_bridge_park_on_cancel") and waiting.up:
            waiting.waits_for = None
            waiting.go(parked)
        else:
            waiting.hangup("ORIGINATOR_CANCEL")
        return
    if not second.up:
        waiting.waits_for = None
        return
    yield from _talk(leg, second)
    leg.bridge = outer
    leg.fire("CHANNEL_UNBRIDGE", {"Bridge-A-Unique-ID": leg.uuid, "Bridge-B-Unique-ID": second.uuid})
    if leg.up:
        waiting.waits_for = None
    if waiting.up and (leg.up or second.up):
        uuid_bridge(leg if leg.up else second, waiting)


def _talk(leg: Leg, second: Leg) -> Thread:
    """Until one of them is gone, or all three are to talk."""
    link = leg.bridge = second.bridge = Bridge(leg, second)
    leg.fire("CHANNEL_BRIDGE", {"Bridge-A-Unique-ID": leg.uuid, "Bridge-B-Unique-ID": second.uuid})
    leg.variables["bridge_to"], second.variables["bridge_to"] = second.uuid, leg.uuid
    second.plan.append(_second_side(link))
    while leg.ready and link.alive and second.up:
        said = leg.read()
        if leg.keys:
            _pressed(leg, second, leg.keys.popleft())
        second.write(said)
        yield
    link.alive = False


def _pressed(leg: Leg, second: Leg, key: str) -> None:
    if key == _HANG_UP:
        leg.hangup("NORMAL_CLEARING")
    elif key == _CANCEL:
        second.hangup("NORMAL_CLEARING")
    elif key == _ALL:
        second.go(leg.core.application("three_way", leg.uuid))


def _second_side(link: Bridge) -> Step:
    def step(second: Leg) -> Thread:
        second.state = "CS_EXCHANGE_MEDIA"
        while second.ready and link.alive and link.a.up:
            said = second.read()
            second.keys.clear()
            link.a.write(said)
            yield
        link.alive = False
        if second.ready and not second.plan:
            yield from parked(second)

    return step
