"""One call's mask as its ear keeps it: which samples nobody may keep, what the recogniser hears meanwhile, and the
record of it in the sealed transcript. The recording does the masking; this knows when. Knows no order and no source."""

from collections.abc import Callable
from typing import Any, Protocol

from eslbot.model.audio import AudioFrame, Gap
from eslbot.model.call import CallId, Role
from eslbot.record.gaps import MASKED
from eslbot.redact.masks import Span


class Maskable(Protocol):
    """What a mask asks of a recording (record.writer.Writer)."""

    @property
    def masking(self) -> Span | None: ...
    def mask(self, first: int, end: int) -> Span: ...
    def unmask(self, at: int) -> Span | None: ...
    def say(self, record: dict[str, Any]) -> None: ...


class Masked:
    """The mask that stands, or none."""

    def __init__(self, call: CallId, rate: int, recording: Maskable, unheard: Callable[[Gap], None]) -> None:
        """Goes on with the mask that a process before left standing. `unheard` is told, a second ahead, where the
        customer is not heard, in order."""
        self._call, self._rate, self._recording, self._unheard = call, rate, recording, unheard
        self.span = recording.masking
        self._by = "restart"
        self._told = 0
        """Up to this sample it was told that the customer is not heard."""

    def begin(self, first: int, end: int, by: str) -> None:
        """From sample `first` to before `end`, or longer than it stood."""
        if self.span is None:
            self._by = by
        self.span = self._recording.mask(first, end)

    def heard(self, frame: AudioFrame, span: Span) -> AudioFrame:
        """What the recogniser may hear of a frame: not the customer. The agent may say what ends it."""
        self._tell(frame.end, span)
        return frame.silent(Role.CUSTOMER, *span)

    def _tell(self, until: int, span: Span) -> None:
        if until > max(self._told, span[0]):
            first, self._told = max(self._told, span[0]), until + self._rate
            self._unheard(Gap(self._call, first, self._told, MASKED, Role.CUSTOMER))

    def took(self, end: int) -> None:
        """Audio was taken up to this sample: the mask may be over."""
        if self.span is None:
            return
        self._tell(end, self.span)
        if end >= self.span[1]:
            self._over(self.span)

    def lift(self, at: int, end: int) -> None:
        """It ends before sample `at`; audio was taken up to `end`."""
        if self.span is None:
            return
        self.span = self._recording.unmask(at) or (self.span[0], min(self.span[1], end))
        if end >= self.span[1]:
            self._over(self.span)

    def _over(self, span: Span) -> None:
        self.span = None
        self._recording.say({"kind": MASKED, "first": span[0], "end": span[1], "by": self._by})
