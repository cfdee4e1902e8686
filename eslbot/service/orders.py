"""Performs the orders that go to a switch: turned into commands, sent over the link of the call's switch, their answers
read as an outcome. Knows no call's state but which switch it is on."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from eslbot.call.runner import Outcome
from eslbot.model.call import CallId
from eslbot.model.orders import SwitchOrder, Unmute
from eslbot.switch.commands import Command, CommandOptions, Refused, Reply, commands_of
from eslbot.switch.link import LinkDown, Unanswered

WITHIN = 0.8
"""Seconds an answer may take: a mute that fails has to be followed by its fallback within a second."""


class Line(Protocol):
    """A link to a switch, as far as orders need it."""

    def api(self, text: str, timeout: float = ...) -> Reply: ...
    def event(self, name: str, headers: Mapping[str, str], body: str = ..., timeout: float = ...) -> Reply: ...


class SwitchHand:
    """One hand for all switches."""

    def __init__(self, lines: Mapping[str, Line], options: CommandOptions, switch_of: Callable[[CallId], str]) -> None:
        self._lines, self._options, self._switch_of = lines, options, switch_of

    def __call__(self, order: SwitchOrder) -> Outcome:
        """Performs any SwitchOrder. A release whose fate cannot be known is `unknown`, so that it is sent again."""
        try:
            commands = commands_of(order, self._options)
        except Refused as refused:
            return "failed", str(refused)
        outcome = self.send(self._switch_of(order.call), commands)
        return ("unknown", outcome[1]) if isinstance(order, Unmute) and outcome == LINK_DOWN else outcome

    def send(self, switch: str, commands: Iterable[Command]) -> Outcome:
        """In order; the first that is refused ends it."""
        line = self._lines[switch]
        for command in commands:
            try:
                reply = _sent(line, command)
            except LinkDown:
                return LINK_DOWN
            except Unanswered:
                return "unknown", "no answer"
            if not command.done(reply):
                return "failed", reply.text[:120]
        return "done", ""


LINK_DOWN: Outcome = ("failed", "the link is down")


def _sent(line: Line, command: Command) -> Reply:
    if command.headers:
        return line.event(command.text, dict(command.headers), command.body, timeout=WITHIN)
    return line.api(command.text, timeout=WITHIN)
