"""Hanging up: ends the agent's leg, never the customer's, so that the closing is still heard. There is no undo,
which is why it wants final words and an admin's leave. Knows no command."""

from eslbot.model.call import CallId, LegId
from eslbot.model.orders import HangUp


def hang_up(call: CallId, agent: LegId) -> HangUp:
    return HangUp("", call, agent)
