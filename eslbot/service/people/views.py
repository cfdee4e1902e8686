"""Who looks on while people speak: shown every hypothesis of every call, without the numbers of cards, identities and
codes. What is sealed stays whole. Knows no call's state but its rate."""

from collections.abc import Callable

from eslbot.model.call import CallId
from eslbot.model.words import Hypothesis
from eslbot.redact import LiveRedactor


class Views:
    """`listeners` are shown what `show` is given. Spoken words: for eyes, never for a log."""

    def __init__(self, rate: Callable[[CallId], int]) -> None:
        """`rate`: samples a second of a call."""
        self._rate = rate
        self._redactors: dict[CallId, LiveRedactor] = {}
        self.listeners: list[Callable[[Hypothesis], None]] = []

    def show(self, hypothesis: Hypothesis) -> None:
        """The next one of its call."""
        if not self.listeners:
            return
        redactor = self._redactors.get(hypothesis.call)
        if redactor is None:
            redactor = self._redactors[hypothesis.call] = LiveRedactor(self._rate(hypothesis.call))
        shown = redactor.shown(hypothesis)
        for listener in self.listeners:
            listener(shown)

    def forget(self, call: CallId) -> None:
        """The call is over."""
        self._redactors.pop(call, None)
