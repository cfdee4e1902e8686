"""A recording played from any place: bytes of a WAV file that is written nowhere, of which only the chunks asked for
are opened. For whoever holds an identity. Knows the reader and the view; knows no HTTP (wav.byte_range reads its
header), asks nobody and audits nothing: whoever calls does that first.

    playable = Playable(Recording(row, directory, identities), "both")
    start, stop = byte_range(header, playable.size) or (0, playable.size)
    for piece in playable.read(start, stop): ...

Each step blocks for a disk and for at most one chunk (64 KiB) of decryption: a service calls it off its hub. One object
serves one listener at a time."""

from collections.abc import Iterator

from eslbot.record.reader import Damaged, Recording
from eslbot.record.wav import HEADER, LIMIT, Side, WavView

MEDIA_TYPE = "audio/wav"


class Playable:
    """One part of a call, as it stood when the recording was opened (of a call that goes on, what was durable then).
    Gaps are silence, so time stays true: second t of the view is the call's sample `first + t * rate`."""

    def __init__(self, recording: Recording, side: Side = "both") -> None:
        """`side`: `both` (stereo, left customer, right agent), `customer` or `agent` (mono). Raises Damaged for what is
        longer than a WAV file can be."""
        self._recording = recording
        self._view = WavView(recording.row.rate, recording.end - recording.first, side)
        if self._view.size - HEADER > LIMIT:
            raise Damaged(f"{recording.row.call}: longer than a WAV file can be")

    @property
    def size(self) -> int:
        """Bytes of the whole view."""
        return self._view.size

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self._view.rate

    @property
    def first(self) -> int:
        """The call's sample that second 0 is."""
        return self._recording.first

    @property
    def tag(self) -> str:
        """Another for other bytes, for an ETag without its quotes: `If-Range` must not join two states of a call that
        goes on."""
        row = self._recording.row
        return f"{row.call}.{row.part}.{self._view.side}.{self.size}"

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` to before `stop` (None: to the end), piece by piece, clipped to what there is. Raises
        Damaged where a chunk is not what was sealed; what was given before it is good."""
        stop = self.size if stop is None else min(stop, self.size)
        start = max(0, start)
        if start < min(HEADER, stop):
            yield self._view.header()[start:stop]
        at = (max(0, start - HEADER) // self._view.frame) * self._view.frame + HEADER
        for span in self._view.spans(start, stop):
            piece = self._view.shown(self._recording.chunk(span.chunk)[span.first : span.end])
            yield piece[max(0, start - at) : stop - at]
            at += len(piece)
