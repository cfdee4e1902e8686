"""One payload (audio or words) while it is being written: plain bytes in, sealed batches out. Knows which bytes go into
which chunk and what is durable; writes nothing itself but the tail in memory.

The rule everything here serves: a chunk's number is used for one plaintext, ever. Therefore plain bytes only ever grow
at the end, and change (`amend`) only where no chunk can have been sealed of them yet; every byte is in the tail, which
outlives us, before it is sealed (and for audio at most `slack` bytes later than it was taken); a full chunk is held
back until the next byte is there; the last chunk is sealed only after the tail is frozen; and a chunk that has to be
written again is sealed from the same bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eslbot.record.live import Tail
from eslbot.record.stream import CHUNK, Stream, offset

BATCH_CHUNKS = 16
"""Chunks in one write at most, 1 MiB."""


class Foreign(Exception):
    """The file holds bytes that this payload cannot have written, or lacks some that it has: sealing on would give a
    chunk's number to a second plaintext, or build on sand."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Sealed chunks that are to be written in one go."""

    index: int
    """Of the first."""
    chunks: int
    """Whole ones, the last chunk of the payload not counted."""
    last: bool
    """The payload ends with this batch."""
    data: bytes

    @property
    def at(self) -> int:
        """Where in the file."""
        return offset(self.index)


class Payload:
    """Grows by `append`, is drained by `batch` and `wrote`."""

    def __init__(
        self, key: bytes, nonce: bytes, tail: Tail, held: bytes | None = None, slack: int = 0, keep: int = 0,
    ) -> None:
        """Goes on from where the tail was left. `held`: begin with these bytes instead (a fresh tail). `slack`: how
        many bytes may wait before they are put into the tail, and be lost by a crash; 0: none. `keep`: how many of the
        last bytes are not sealed before it is frozen, so that they can be amended."""
        self.nonce = nonce
        self._stream = Stream(key)
        self._tail = tail
        self._held = bytearray(tail.held if held is None else held)
        self.index = tail.index
        """Whole chunks that are durable."""
        self.frozen = tail.frozen
        """Nothing is added any more."""
        self.finished = False
        """The last chunk is durable too."""
        self.broken = False
        """The tail could not take what it was given: a crash now would cost what is not durable."""
        self.digest: Any = None
        """Running SHA-256 of what is durable; None until the file has been looked at."""
        self._slack, self._keep = slack, keep
        self._given = 0 if held is not None else self._full(len(self._held), 0)
        """So many of the held bytes may have been sealed already, by us or by who held this tail before."""
        self._behind = len(held or b"")   # bytes that the tail has still to be given
        self.catch_up()

    @property
    def length(self) -> int:
        """Plain bytes taken in all."""
        return self.index * CHUNK + len(self._held)

    @property
    def durable(self) -> int:
        """Plain bytes that are safe on the disk."""
        return self.length if self.finished else self.index * CHUNK

    @property
    def held(self) -> int:
        """Plain bytes that are not."""
        return 0 if self.finished else len(self._held)

    @property
    def rest(self) -> bytes:
        """Those bytes."""
        return b"" if self.finished else bytes(self._held)

    @property
    def ready(self) -> bool:
        """There is something to write."""
        return not self.finished and (self.frozen or len(self._held) - self._keep > CHUNK)

    @property
    def amendable(self) -> int:
        """The first byte, counted from the payload's beginning, that can still be amended."""
        return self.length if self.frozen else self.index * CHUNK + self._given

    @staticmethod
    def _full(size: int, keep: int) -> int:
        """Bytes of the whole chunks that may be sealed of so many: one byte stays behind, and what is kept."""
        return max(0, size - 1 - keep) // CHUNK * CHUNK

    def amend(self, change: Callable[[bytearray, int], None]) -> None:
        """Change bytes that no chunk was sealed of. `change(bytes, place)`: those that can be, which it changes in
        place, and may make more or fewer; `place`: where they begin in the payload. Not for a frozen payload."""
        if self.frozen:
            return
        fresh = self._held[self._given :]
        change(fresh, self.amendable)
        self._held[self._given :] = fresh
        self.broken, self._behind = False, 0   # the tail is replaced as a whole
        self._remember(self._tail.advance, self.index, bytes(self._held))
        if self.broken:   # what it holds must not be sealed by whoever comes after: better nothing than another text
            self._remember(self._tail.forget)
            self.broken = True

    def append(self, data: bytes) -> None:
        """Take more bytes. Never raises for want of room in memory: see `broken`."""
        if self.frozen:
            raise ValueError("the payload is frozen")
        self._held += data
        self._behind += len(data)
        if self._behind > self._slack:
            self.catch_up()

    def freeze(self) -> None:
        """This was all."""
        if not self.frozen:
            self.frozen = True
            self.catch_up()
            if not self.broken:
                self._remember(self._tail.freeze)

    def batch(self) -> Batch | None:
        """The next chunks to write, sealed; None if there is nothing to write yet. Gives the same again until
        `wrote`."""
        if not self.ready:
            return None
        self.catch_up()
        whole = min(BATCH_CHUNKS, self._full(len(self._held), 0 if self.frozen else self._keep) // CHUNK)
        self._given = max(self._given, whole * CHUNK)
        last = self.frozen and len(self._held) - whole * CHUNK <= CHUNK
        parts = [self._stream.seal(self.index + n, bytes(self._held[n * CHUNK : (n + 1) * CHUNK]))
                 for n in range(whole)]
        if last:
            parts.append(self._stream.seal(self.index + whole, bytes(self._held[whole * CHUNK :]), last=True))
        return Batch(self.index, whole, last, b"".join(parts))

    def wrote(self, batch: Batch) -> None:
        """The batch is durable (and in the digest)."""
        if batch.last:
            self.finished = True
        if batch.chunks and not batch.last:
            self.index += batch.chunks
            del self._held[: batch.chunks * CHUNK]
            self._given = max(0, self._given - batch.chunks * CHUNK)
            self.broken, self._behind = False, 0   # a fresh tail holds all there is
            self._remember(self._tail.advance, self.index, bytes(self._held))
            if self.frozen and not self._tail.frozen and not self.broken:
                self._remember(self._tail.freeze)

    @property
    def whole_chunks(self) -> int:
        """Chunks of full length and not the last that are durable."""
        return self.index + (max(0, len(self._held) - 1) // CHUNK if self.finished else 0)

    def recognise(self, nonce: bytes, last: bytes, beyond: bytes) -> None:
        """Hold what the file has against what it should have: `last` is its last durable chunk, `beyond` what follows.
        What follows must be how our own next chunks begin, written before we died. Raises Foreign."""
        if nonce != self.nonce:
            raise Foreign("the file begins with another nonce")
        if self.index:
            self._stream.open(self.index - 1, last)
        ours = self._expected(len(beyond))
        if not ours.startswith(beyond):
            raise Foreign(f"{len(beyond)} bytes after chunk {self.index - 1} are not what was to be written there")

    def _expected(self, length: int) -> bytes:
        """At least `length` bytes, if there are as many, of what has still to be written."""
        sealed = b""
        count = max(0, len(self._held) - 1) // CHUNK
        for n in range(count + 1):
            if len(sealed) >= length:
                break
            plain = bytes(self._held[n * CHUNK : (n + 1) * CHUNK])
            if n < count:
                sealed += self._stream.seal(self.index + n, plain)
            elif self.frozen:
                sealed += self._stream.seal(self.index + n, plain, last=True)
        return sealed

    def catch_up(self) -> None:
        """Put into the tail what it has not been given yet. A tail that once failed is left alone until it is made
        anew: it must never have a hole."""
        if self._behind and not self.broken:
            behind, self._behind = self._behind, 0
            self._remember(self._tail.append, bytes(self._held[-behind:]))

    def _remember(self, work: Any, *args: Any) -> None:
        try:
            work(*args)
        except OSError:
            self.broken = True

    def close(self) -> None:
        """Let the tail's file go."""
        self._tail.close()
