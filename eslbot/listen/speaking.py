"""When a leg's voice was heard, from what a voice detector says of each 20 ms: spans with a beginning and an end. Short
pauses do not part a span, clicks are none, and the detector's own delay is taken off its end. Pure: time is samples."""

HANGOVER = 0.14
"""Seconds for which webrtcvad says voiced after the voice has ended (measured: 0.12 to 0.16)."""
PAUSE = 0.3
"""Seconds; a shorter pause is part of the talk."""
LEAST = 0.1
"""Seconds; less is a click."""


class Speaking:
    """One leg."""

    __slots__ = ("_done", "_first", "_hangover", "_last", "_least", "_pause", "_rate", "known")

    def __init__(self, rate: int) -> None:
        """`rate`: samples a second."""
        self._rate = rate
        self._hangover, self._pause, self._least = (round(seconds * rate) for seconds in (HANGOVER, PAUSE, LEAST))
        self._first: int | None = None
        self._last = 0
        self._done: list[tuple[int, int]] = []
        self.known = 0
        """Before this sample all is known."""

    def frame(self, first: int, end: int, voiced: bool) -> None:
        """The next frame of the call is [first, end)."""
        if voiced:
            if self._first is None:
                self._first = first
            self._last = end
        elif self._first is not None and end - self._last > self._pause:
            self.cut()
        self.known = end if self._first is None or self._long() else self._first

    def cut(self) -> None:
        """What is going on ends here: the audio does, or has a hole."""
        if self._first is not None and self._long():
            self._done.append((self._first, self._last - self._hangover))
        self._first = None

    def _long(self) -> bool:
        assert self._first is not None
        return self._last - self._hangover - self._first >= self._least

    def take(self) -> tuple[tuple[tuple[int, int], ...], bool]:
        """The spans since the last time, and whether the last of them still goes on: it will be given again, longer,
        with the same beginning."""
        spans, self._done = tuple(self._done), []
        if self._first is not None and self._long():
            return (*spans, (self._first, self._last - self._hangover)), True
        return spans, False
