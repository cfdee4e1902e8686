"""Hold, as mod_sofia does it: neither side hears the other, the held phone sends nothing, and who is hung up while it
holds takes the other leg along. Knows two legs and their variables; plays no music and no phone's part."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eslbot.sim.leg import Leg

ELSEWHERE = "hold_hangup_xfer_exten"
"""On the leg that holds: what the other one is armed with when this one is hung up meanwhile."""


def hold(leg: "Leg", on: bool) -> None:
    """Puts the leg on hold (uuid_hold, or its phone's own key) or takes it back."""
    leg.phone_held = on
    if on:
        leg.held = True
        leg.mark("Last-Hold")
        leg.call_state = "HELD"
        leg.fire("CHANNEL_HOLD")
    else:
        release(leg)


def release(leg: "Leg") -> None:
    """Off hold as far as the switch is concerned; its phone is not told."""
    if not leg.held:
        return
    leg.held = False
    held = round(leg.core.now * 1e6) - leg.profile.times.get("Last-Hold", 0)
    leg.profile.times["Hold-Accum"] = leg.profile.times.get("Hold-Accum", 0) + held
    leg.call_state = "UNHELD"
    leg.fire("CHANNEL_UNHOLD")
    leg.call_state = "ACTIVE"


def take_along(leg: "Leg", other: "Leg | None") -> None:
    """`leg` was hung up while it held `other`."""
    if other is None or not other.ready:
        return
    if elsewhere := leg.variables.get(ELSEWHERE):
        other.variables["transfer_after_bridge"] = elsewhere
    else:
        other.hangup("NORMAL_CLEARING")
