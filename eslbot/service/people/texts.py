"""A reminder as a text, too: what the prompt says, sent to the agent's registered phone. Knows what prompts say and
whose phone it is; the prompt itself comes first, and a text that a phone does not take is nobody's trouble."""

from collections.abc import Callable

from eslbot.call.runner import Outcome, Performer
from eslbot.config import Settings
from eslbot.greenlets import Greenlets
from eslbot.model.call import CallId, LegId
from eslbot.model.orders import Remind
from eslbot.service import options
from eslbot.service.orders import SwitchHand
from eslbot.switch import supervising
from eslbot.switch.building import Refused


class Reminders:
    """Performs Remind."""

    def __init__(
        self, settings: Settings, hand: SwitchHand, switch_of: Callable[[CallId], str],
        number_of: Callable[[LegId], str], greenlets: Greenlets,
    ) -> None:
        """`number_of`: a leg's own number, empty where it is unknown."""
        self._texts, self._message = options.prompt_texts(settings), settings.message
        self._hand, self._switch_of, self._number_of, self._greenlets = hand, switch_of, number_of, greenlets

    def remind(self, order: Remind) -> Outcome:
        outcome = self._hand(order)
        text, number = self._texts.get(order.prompt), self._number_of(order.leg)
        if text and number and self._message.domain:
            try:
                command = supervising.message_to(number, self._message.domain, self._message.profile, text)
            except Refused:
                return outcome  # a number that no phone of the house has
            self._greenlets.spawn("text", self._hand.send, self._switch_of(order.call), (command,))
        return outcome


def reminders(
    settings: Settings, hand: SwitchHand, switch_of: Callable[[CallId], str], number_of: Callable[[LegId], str],
    greenlets: Greenlets,
) -> dict[type, Performer]:
    """What performs Remind, where texts are wanted."""
    if not settings.message.reminders:
        return {}
    return {Remind: Reminders(settings, hand, switch_of, number_of, greenlets).remind}
