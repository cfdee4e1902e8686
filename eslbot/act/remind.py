"""The reminder: a prompt mixed into the agent's ear, which the customer does not hear. It ends by itself: there is
nothing to undo. Knows no command."""

from eslbot.model.call import CallId, LegId
from eslbot.model.orders import Remind


def remind(call: CallId, agent: LegId, prompt: str) -> Remind:
    """`prompt`: a prompt's name."""
    return Remind("", call, agent, prompt)
