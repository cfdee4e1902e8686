"""A consult by the switch's own att_xfer, and the customer's guard as eslbot sets it. Knows the rig; judges nothing."""

from eslbot.model.call import CallId, LegId
from eslbot.model.orders import GuardConsult
from eslbot.switch.commands import CommandOptions, commands_of
from tests.conformance.rig import Rig
from tests.conformance.score import Played

OPTIONS = CommandOptions("eslbot_closing", "default", lambda prompt: f"/{prompt}")


def att_xfer(rig: Rig, played: Played, number: str) -> int:
    """The agent has that number called; a place in the stream of events before it."""
    since = rig.mark()
    command = f"uuid_broadcast {played.call.agent.uuid} att_xfer::{rig.address(number)} aleg"
    assert rig.api(command).startswith("+OK")
    return since


def guard(rig: Rig, played: Played, on: bool = True) -> None:
    """Without it a customer who is the A leg is hung up, in most runs, before the two who stay are joined."""
    customer = played.call.customer.uuid
    for command in commands_of(GuardConsult("", CallId(customer), LegId(customer), closes=True, on=on), OPTIONS):
        assert rig.api(command.text).startswith("+OK")
