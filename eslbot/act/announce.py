"""The correction: a prepared sentence to the customer, mixed into what it hears, and heard alone while the agent is
muted. It enters no recording and ends by itself. Knows no command."""

from eslbot.model.call import CallId, LegId
from eslbot.model.orders import Announce

GENERIC = "correction"
"""The prompt of a plain `announce`."""


def announce(call: CallId, customer: LegId, prompt: str | None) -> Announce:
    """`prompt`: a prompt's name; None: the generic one."""
    return Announce("", call, customer, prompt or GENERIC)
