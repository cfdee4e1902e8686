"""What a stream of audio was not heard of, or late, told as gaps. Decides what is given up and what is tried again.
Knows no connection. Pure: time is an argument."""

from collections.abc import Callable, Iterable

from eslbot.listen.backlog import Backlog, Piece, runs
from eslbot.listen.pace import Pace
from eslbot.listen.utterance import Utterances
from eslbot.model.audio import Gap


class Losses:
    """Of one leg; `backlog` and `utterances` are the stream's."""

    __slots__ = ("_backlog", "_late", "_on_gap", "_pace", "_retried", "_utterances")

    def __init__(self, backlog: Backlog, utterances: Utterances, pace: Pace, on_gap: Callable[[Gap], None]) -> None:
        self._backlog = backlog
        self._utterances = utterances
        self._pace = pace
        self._on_gap = on_gap
        self._late = False
        self._retried = False

    def look(self, now: float, up: bool) -> None:
        """Is it late, is it too late. `up`: a recogniser is there, and slow; else there is none."""
        oldest = self._backlog.oldest
        age = 0.0 if oldest is None else now - oldest
        if age < self._pace.keep:
            self._late = False
        elif age > self._pace.late_after and not self._late:
            self._late = True
            first, end = self._backlog.span()
            self._tell(first, end, "audio-late")
        if age > self._pace.shed_after:
            self.forgo(self._backlog.shed(now - self._pace.keep), "shed" if up else "recogniser")

    def answered(self) -> None:
        """What was sent last did not kill its recogniser."""
        self._retried = False

    def recogniser(self) -> None:
        """The recogniser is gone: its unfinished utterance is lost; what it had not answered is sent once more, but not
        twice, since it may be what killed it."""
        started = self._utterances.lost()
        if started is not None:
            self._tell(started, self._utterances.decided, "recogniser")
        unanswered = self._backlog.unanswered()
        if self._retried:
            self.forgo(unanswered, "recogniser")
        elif unanswered:
            self._backlog.put_back(unanswered)
            self._retried = True

    def rest(self) -> None:
        """Nobody will hear what is left."""
        self.forgo(self._backlog.unanswered() + self._backlog.shed(float("inf")), "recogniser")

    def forgo(self, pieces: Iterable[Piece], reason: str) -> None:
        """These were given up."""
        for first, end in runs(pieces):
            self._tell(first, end, reason)

    def _tell(self, first: int, end: int, reason: str) -> None:
        self._on_gap(Gap(self._utterances.call, first, end, reason, self._utterances.role))
