"""A reminder as a text, too: what the prompt says, sent to the phone that is in the call. Knows what prompts say; the
prompt itself comes first, and a text that a phone does not take is nobody's trouble."""

from collections.abc import Callable, Mapping

from eslbot.call.runner import Outcome, Performer
from eslbot.config import Settings
from eslbot.greenlets import Greenlets
from eslbot.model.call import CallId
from eslbot.model.orders import Remind
from eslbot.service import options
from eslbot.service.orders import SwitchHand
from eslbot.switch import supervising


class Reminders:
    """Performs Remind."""

    def __init__(
        self, texts: Mapping[str, str], hand: SwitchHand, switch_of: Callable[[CallId], str], greenlets: Greenlets
    ) -> None:
        """`texts`: what each prompt says."""
        self._texts, self._hand, self._switch_of, self._greenlets = texts, hand, switch_of, greenlets

    def remind(self, order: Remind) -> Outcome:
        outcome = self._hand(order)
        text = self._texts.get(order.prompt)
        if text:
            commands = supervising.message_in_call(order.leg, text)
            self._greenlets.spawn("text", self._hand.send, self._switch_of(order.call), commands)
        return outcome


def reminders(
    settings: Settings, hand: SwitchHand, switch_of: Callable[[CallId], str], greenlets: Greenlets
) -> dict[type, Performer]:
    """What performs Remind, where texts are wanted."""
    if not settings.message.reminders:
        return {}
    return {Remind: Reminders(options.prompt_texts(settings), hand, switch_of, greenlets).remind}
