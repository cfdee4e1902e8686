"""The `socket` application: the switch calls a program and does with the leg what that tells it. Knows the leg's side;
the connection itself is in connection.py and esl.py."""

from dataclasses import dataclass

from eslbot.sim.leg import Leg, Thread


@dataclass(slots=True)
class Visit:
    """How an outbound connection stands."""

    refused: bool = False
    """Nobody listens there: the dialplan goes on."""
    connected: bool = False
    over: bool = False
    resume: bool = False
    """The dialplan goes on after it; without, the leg is hung up."""
    linger: bool = False


def socket_application(leg: Leg, data: str) -> Thread:
    """`<host>:<port> [async] [full]`."""
    address, _, _ = data.partition(" ")
    visit = leg.core.visit(leg, address)
    while leg.ready and not (visit.refused or visit.connected or visit.over):
        leg.read()
        yield
    if visit.refused:
        leg.core.note(f"Socket Error connecting to {address}")
        return
    leg.fire("CHANNEL_PARK")
    while leg.ready and (leg.told or not visit.over):  # what it was told before the end is still run
        if leg.told:
            yield from leg.core.run_told(leg)
            continue
        leg.read()
        yield
    if leg.ready and not visit.resume:
        leg.hangup("NORMAL_CLEARING")
