"""Where decoded audio stood in the call: silence is skipped and audio can be lost, so a recogniser's time and the
call's sample clock drift apart by jumps. Pure."""

from bisect import bisect_right


class Timeline:
    """A table of runs: from this decoded sample on, the audio was the call's from that sample on."""

    __slots__ = ("_call", "_decoded", "end")

    def __init__(self) -> None:
        self._decoded: list[int] = []
        self._call: list[int] = []
        self.end = 0
        """Decoded samples in all."""

    def add(self, first: int, samples: int) -> None:
        """The next `samples` decoded ones are the call's from `first` on."""
        if not self._call or self._call[-1] + self.end - self._decoded[-1] != first:
            self._decoded.append(self.end)
            self._call.append(first)
        self.end += samples

    def sample(self, decoded: int) -> int:
        """The call's sample that this decoded one was; one before the first run or after the last counts on from it.
        Raises LookupError while nothing has been added."""
        return self._at(bisect_right(self._decoded, decoded) - 1, decoded)

    def until(self, decoded: int) -> int:
        """The call's sample after the last of `decoded` ones: at a jump the end of the run before it."""
        return self._at(bisect_right(self._decoded, decoded - 1) - 1, decoded)

    def run_of(self, decoded: int) -> int:
        """First sample, in the call, of the run that the last of `decoded` ones is in."""
        if not self._call:
            raise LookupError("nothing was decoded yet")
        return self._call[max(0, bisect_right(self._decoded, decoded - 1) - 1)]

    def _at(self, run: int, decoded: int) -> int:
        if not self._call:
            raise LookupError("nothing was decoded yet")
        run = max(run, 0)
        return self._call[run] + decoded - self._decoded[run]

    def forget(self, decoded: int) -> None:
        """No question will be about samples before this decoded one."""
        run = bisect_right(self._decoded, decoded) - 1
        if run > 0:
            del self._decoded[:run], self._call[:run]
