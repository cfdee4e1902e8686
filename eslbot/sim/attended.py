"""A phone's attended transfer: REFER with Replaces, as mod_sofia does it. Knows two legs of one phone; the application
att_xfer is in consult.py."""

from eslbot.sim.bridging import uuid_bridge
from eslbot.sim.leg import Leg


def refer(leg: Leg, line: Leg) -> bool:
    """The phone of both legs joins those whom it talks to on them, and is out; False: on one of them it talks to
    nobody. Who talked to it on the first is the A leg afterwards."""
    stays, second = leg.partner, line.partner
    if stays is None or second is None:
        return False
    uuid_bridge(stays, second)
    return True
