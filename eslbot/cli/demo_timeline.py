"""The demo's timeline: what happens, one line each, as it happens. Knows facts, orders and words, and how they read;
knows nothing of the stage, and decides nothing."""

import re
from collections.abc import Callable
from typing import Any

from rich.cells import set_cell_size
from rich.console import Console
from rich.text import Text

from eslbot.model import facts, orders
from eslbot.model.call import Confirm
from eslbot.model.judgement import Disclosure
from eslbot.model.words import Hypothesis

_STYLES = ("cyan", "magenta", "green")
_SEVERITY = {"notice": "yellow", "warning": "bold yellow", "severe": "bold red"}
_CLOSING = {"played": "green", "impossible": "dim"}


def readable(text: str) -> str:
    """Recognised words for eyes: a recogniser's spaces between Chinese words mean nothing."""
    return re.sub(r"(?<=[\u3000-\u9fff]) (?=[\u3000-\u9fff])", "", " ".join(text.split()))


class Timeline:
    """A follower and a listener of the service."""

    def __init__(self, console: Console, clock: Callable[[], float]) -> None:
        self._console, self._clock = console, clock
        self._began = clock()
        self._titles: dict[str, tuple[str, str]] = {}
        self._shown: set[tuple[str, str]] = set()

    def entitle(self, call: str, title: str) -> None:
        """Gives a call its name and colour."""
        self._titles[call] = (title, _STYLES[len(self._titles) % len(_STYLES)])
        self._line(call, "bridged", "the two parties hear each other; the recording begins", "bold")

    def hear(self, hypothesis: Hypothesis) -> None:
        """Words: the final ones are shown."""
        if hypothesis.final and hypothesis.text:
            self._line(hypothesis.call, hypothesis.role.value, readable(hypothesis.text), "")

    def follow(self, what: Any, state: Any) -> None:
        """A fact, or an order that was performed."""
        show = _SHOWN.get(type(what))
        if show is not None:
            show(self, what)

    # --- facts -------------------------------------------------------------------------------------------------------
    def _violated(self, fact: facts.Violated) -> None:
        if not self._once(fact.hit.key, "partial" if fact.confirm is Confirm.PARTIAL else "sure"):
            return
        verdict = fact.verdict
        source = "".join(f"; {law.source} ({law.sure})" for law in verdict.laws)
        what = "suspected" if fact.confirm is Confirm.PARTIAL else "violation"
        missed = "not said: " if fact.hit.utterance < 0 else ""
        rule = f"{verdict.rule}, {verdict.pack} {verdict.version}{source}"
        text = f"{verdict.severity.label}: {missed}{verdict.title} [{rule}]"
        self._line(fact.call, what, text, _SEVERITY[verdict.severity.label])

    def _retracted(self, fact: facts.Retracted) -> None:
        self._line(fact.call, "retracted", fact.verdict.title, "dim")

    def _disclosure(self, fact: facts.DisclosureChanged) -> None:
        style = {Disclosure.SAID: "green", Disclosure.MISSING: "bold yellow"}.get(fact.state, "dim")
        self._line(fact.call, "disclosure", f"{fact.rule}: {fact.state.value}", style)

    def _parted(self, fact: facts.Parted) -> None:
        self._line(fact.call, "parted", "the agent is gone", "bold")

    def _closing(self, fact: facts.ClosingStarted) -> None:
        self._line(fact.call, "closing", "the customer hears the announcement", "green")

    def _sealed(self, fact: facts.AudioEnded) -> None:
        self._line(fact.call, "sealed", f"recording {fact.state}", "green")

    # --- orders ------------------------------------------------------------------------------------------------------
    def _mute(self, order: orders.Mute) -> None:
        self._line(order.call, "muted", f"the customer does not hear the agent for {order.seconds:g} s", "bold red")

    def _unmute(self, order: orders.Unmute) -> None:
        self._line(order.call, "unmuted", "the customer hears the agent again", "bold")

    def _remind(self, order: orders.Remind) -> None:
        self._line(order.call, "reminder", f"{order.prompt}, in the agent's ear only", "bold yellow")

    def _announce(self, order: orders.Announce) -> None:
        self._line(order.call, "announced", f"{order.prompt}, to the customer", "bold yellow")

    def _alert(self, order: orders.Alert) -> None:
        self._line(order.call, "alert", f"{order.kind}: {order.rule}", "bold yellow")

    def _hang_up(self, order: orders.HangUp) -> None:
        self._line(order.call, "hung up", "the agent's leg is ended", "bold red")

    def _armed(self, order: orders.ArmClosing) -> None:
        self._line(order.call, "armed", "the closing, in the switch", "dim")

    def _booked(self, order: orders.BookClosing) -> None:
        self._line(order.call, "closing", order.outcome, _CLOSING.get(order.outcome, "bold red"))

    # --- a line ------------------------------------------------------------------------------------------------------
    def _once(self, hit: str, what: str) -> bool:
        fresh = (hit, what) not in self._shown
        self._shown.add((hit, what))
        return fresh

    def _line(self, call: str, what: str, text: str, style: str) -> None:
        title, colour = self._titles.get(call, ("", "dim"))
        if not title:
            return
        shown = Text(f"{self._clock() - self._began:6.1f}  ", "dim")
        shown.append(set_cell_size(title, 20) + " ", colour)
        shown.append(f"{what:<11}", style or colour)
        shown.append(text, style)
        self._console.print(shown)


_SHOWN: dict[type, Callable[[Timeline, Any], None]] = {
    facts.Violated: Timeline._violated,
    facts.Retracted: Timeline._retracted,
    facts.DisclosureChanged: Timeline._disclosure,
    facts.Parted: Timeline._parted,
    facts.ClosingStarted: Timeline._closing,
    facts.AudioEnded: Timeline._sealed,
    orders.Mute: Timeline._mute,
    orders.Unmute: Timeline._unmute,
    orders.Remind: Timeline._remind,
    orders.Announce: Timeline._announce,
    orders.Alert: Timeline._alert,
    orders.HangUp: Timeline._hang_up,
    orders.ArmClosing: Timeline._armed,
    orders.BookClosing: Timeline._booked,
}
