"""What a mask does to the bytes of one recording that can still be changed: its audio becomes silence, its words marks.
Knows samples and the records' lines; no call, no clock and no reason for a mask. Pure."""

from collections.abc import Callable

import orjson

from eslbot.model.audio import BYTES_PER_SAMPLE
from eslbot.redact.masks import Span, mask_record

Change = Callable[[bytearray, int], None]
"""For Payload.amend."""


def silenced(stereo: bytes, first: int, span: Span) -> bytes:
    """The samples from the call's `first` on, with those in the span silent on both sides."""
    length = len(stereo) // BYTES_PER_SAMPLE
    start, end = (max(0, min(at - first, length)) for at in span)
    if start >= end:
        return stereo
    silent = bytes((end - start) * BYTES_PER_SAMPLE)
    return stereo[: start * BYTES_PER_SAMPLE] + silent + stereo[end * BYTES_PER_SAMPLE :]


def of_audio(span: Span, first: int) -> Change:
    """`first`: the call's sample that the payload begins with."""
    def change(data: bytearray, place: int) -> None:
        data[:] = silenced(bytes(data), first + place // BYTES_PER_SAMPLE, span)

    return change


def of_words(span: Span) -> Change:
    """A record whose beginning can no longer be changed is left as it is: it is older than a mask reaches back."""
    def change(data: bytearray, place: int) -> None:
        data[:] = b"".join(_line(line, span) for line in bytes(data).splitlines(keepends=True))

    return change


def _line(line: bytes, span: Span) -> bytes:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:   # the rest of one that began before: no end of an object is one itself
        return line
    masked = mask_record(record, (span,)) if isinstance(record, dict) else record
    return line if masked is record else orjson.dumps(masked, option=orjson.OPT_APPEND_NEWLINE)
