"""How a leg's audio is asked of its switch: recorded into the spool, or forked to our WebSocket. Knows the commands of
both ways and nothing of what becomes of the audio."""

from collections.abc import Callable, Iterable

from eslbot.call.runner import Outcome
from eslbot.model.call import CallId
from eslbot.model.orders import Listen, StopListening
from eslbot.switch.commands import Command, Refused, fork_start, fork_stop, record_start

Send = Callable[[str, Iterable[Command]], Outcome]
"""Send commands to a switch by name."""
BUG = "eslbot"
"""Name of our media bug where audio is forked."""


class SpoolTap:
    """`uuid_record` into a file of the spool. A second start of the same file records nothing twice."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def start(self, order: Listen, target: str) -> Outcome:
        try:
            return self._send(order.switch, record_start(order.leg, target))
        except Refused as refused:
            return "failed", str(refused)

    def stop(self, order: StopListening, target: str) -> None:
        """The switch ends a recording with its leg: there is nothing to send."""


class ForkTap:
    """`uuid_audio_fork` to a URL of ours. A second start under one name is reported to have crashed FreeSWITCH, so
    whatever may still stand is stopped first."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._started: set[CallId] = set()

    def start(self, order: Listen, target: str) -> Outcome:
        again = order.call in self._started or order.generation > 0
        try:
            commands = fork_start(order.leg, target, order.rate, BUG, f'{{"call":"{order.call}"}}')
            if again:
                commands = (*fork_stop(order.leg, BUG), *commands)
        except Refused as refused:
            return "failed", str(refused)
        self._started.add(order.call)
        return self._send(order.switch, commands)

    def stop(self, order: StopListening, target: str) -> None:
        """The fork ends with its leg."""
        self._started.discard(order.call)
