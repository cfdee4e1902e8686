"""A recording seen as a WAV file that nobody ever writes: which byte of it is which sample, which sealed chunks a range
of its bytes needs, and what an HTTP `Range` asks for. Pure: knows no file and no key."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from eslbot.model.audio import BYTES_PER_SAMPLE
from eslbot.record.stream import CHUNK

HEADER = 44
"""Bytes before the first sample."""
LIMIT = (1 << 32) - 4096
"""Bytes of audio that a WAV file can say it holds."""
Side = Literal["both", "customer", "agent"]
_WIDTH = 2
_CHANNELS: dict[Side, int] = {"both": 2, "customer": 1, "agent": 1}
_OF_RANGE = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE | re.ASCII)


class Unsatisfiable(ValueError):
    """The range begins behind the end: HTTP's 416."""


@dataclass(frozen=True, slots=True)
class Span:
    """Plain bytes of one sealed chunk that a range needs; whole stereo samples."""

    chunk: int
    first: int
    """Within the chunk."""
    end: int


@dataclass(frozen=True, slots=True)
class WavView:
    """PCM s16le behind a 44-byte header."""

    rate: int
    """Samples a second."""
    samples: int
    """Of each channel, in the sealed file: always stereo there."""
    side: Side = "both"
    """`both`: stereo, left customer, right agent; else one of them, mono."""

    @property
    def frame(self) -> int:
        """Bytes of one sample of all channels shown."""
        return _CHANNELS[self.side] * _WIDTH

    @property
    def size(self) -> int:
        """Bytes in all, header and samples."""
        return HEADER + self.samples * self.frame

    def header(self) -> bytes:
        """The first 44 bytes. Raises ValueError for more than a WAV file can hold."""
        data = self.samples * self.frame
        if data > LIMIT:
            raise ValueError(f"{data} bytes of audio are more than a WAV file can be")
        return struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", HEADER - 8 + data, b"WAVE", b"fmt ", 16, 1,
                           _CHANNELS[self.side], self.rate, self.rate * self.frame, self.frame, _WIDTH * 8, b"data",
                           data)

    def spans(self, start: int, stop: int) -> Iterator[Span]:
        """The chunks that hold the view's bytes from `start` to before `stop`, in order, and what of each is needed.
        Bytes of the header need none. What begins or ends inside a sample takes the whole sample."""
        if start >= stop:
            return
        at = max(0, start - HEADER) // self.frame * BYTES_PER_SAMPLE
        end = -(-(min(stop, self.size) - HEADER) // self.frame) * BYTES_PER_SAMPLE
        while at < end:
            chunk, first = divmod(at, CHUNK)
            yield Span(chunk, first, min(CHUNK, first + end - at))
            at = (chunk + 1) * CHUNK

    def shown(self, stereo: bytes) -> bytes:
        """What the view shows of whole stereo samples."""
        if self.side == "both":
            return stereo
        return memoryview(stereo).cast("H")[0 if self.side == "customer" else 1 :: 2].tobytes()


def byte_range(text: str | None, size: int) -> tuple[int, int] | None:
    """Start and stop (excluded) of what a `Range` header asks for, out of `size` bytes. None: there is none, or one
    that may be passed over (another unit, several ranges, malformed), and all is to be given, with 200. Raises
    Unsatisfiable."""
    found = _OF_RANGE.fullmatch(text) if text is not None else None
    if found is None or not (found[1] or found[2]) or max(map(len, found.groups())) > 20:
        return None
    if not found[1]:   # the last so many
        if int(found[2]) == 0 or size == 0:
            raise Unsatisfiable("no byte is asked for")
        return max(0, size - int(found[2])), size
    start = int(found[1])
    if found[2] and int(found[2]) < start:
        return None
    if start >= size:
        raise Unsatisfiable(f"byte {start} of {size}")
    return start, min(size, int(found[2]) + 1 if found[2] else size)
