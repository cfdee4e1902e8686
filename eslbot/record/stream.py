"""The payload of an age file: a 16-byte nonce, then chunks of 64 KiB under ChaCha20-Poly1305 (STREAM). Pure. Knows
where a chunk lies and how it is sealed and opened; knows no file and no header.

The last chunk is marked as such in its nonce, so a cut payload shows. It may be full, and is empty only where the whole
payload is: a writer therefore holds a full chunk back until the next byte is there. A chunk's key and nonce must never
seal two different plaintexts; that is the caller's duty (see writer.py)."""

from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from eslbot.record.container import BadPayload, derive

CHUNK = 65536
"""Bytes of plaintext in every chunk but the last; 2.05 s of stereo at 8 kHz."""
TAG = 16
SEALED = CHUNK + TAG
"""Bytes of a full chunk as it lies in the file."""
NONCE = 16
"""Bytes of random nonce that the payload begins with."""


def payload_key(file_key: bytes, nonce: bytes) -> bytes:
    """The 32-byte key of the chunks."""
    if len(nonce) != NONCE:
        raise ValueError(f"a payload's nonce has {NONCE} bytes")
    return derive(file_key, nonce, b"payload")


def offset(index: int) -> int:
    """Where chunk `index` (from 0) begins in the payload file."""
    return NONCE + index * SEALED


def whole(size: int) -> int:
    """How many full chunks a payload file of `size` bytes holds."""
    return max(0, size - NONCE) // SEALED


class Stream:
    """Seals and opens the chunks of one payload."""

    def __init__(self, key: bytes) -> None:
        self._aead = ChaCha20Poly1305(key)

    def seal(self, index: int, plain: bytes, last: bool = False) -> bytes:
        """The sealed chunk. All but the last hold exactly CHUNK bytes; an empty one is the only one of its payload."""
        if len(plain) > CHUNK or (len(plain) < CHUNK and not last) or (not plain and index):
            raise ValueError(f"chunk {index} cannot hold {len(plain)} bytes{' as the last' if last else ''}")
        return self._aead.encrypt(_nonce(index, last), plain, None)

    def open(self, index: int, sealed: bytes, last: bool = False) -> bytes:
        """The plaintext of one chunk. Raises BadPayload, which names the chunk."""
        if len(sealed) > SEALED or (len(sealed) < SEALED and not last):
            raise BadPayload(f"chunk {index} has {len(sealed)} bytes")
        try:
            plain = self._aead.decrypt(_nonce(index, last), sealed, None)
        except InvalidTag:
            raise BadPayload(f"chunk {index} does not open: cut, changed or out of place") from None
        if not plain and index:
            raise BadPayload(f"chunk {index} is empty")
        return plain

    def seal_all(self, plain: bytes) -> Iterator[bytes]:
        """Every chunk of a whole plaintext, the last one marked."""
        count = max(1, -(-len(plain) // CHUNK))
        for index in range(count):
            yield self.seal(index, plain[index * CHUNK : (index + 1) * CHUNK], last=index == count - 1)

    def open_all(self, sealed: bytes) -> Iterator[bytes]:
        """The plaintext chunk by chunk; `sealed` is the payload after its nonce. Raises BadPayload at the first chunk
        that is wrong, after everything before it has been given."""
        count = max(1, -(-len(sealed) // SEALED))
        for index in range(count):
            chunk = sealed[index * SEALED : (index + 1) * SEALED]
            last = index == count - 1
            misplaced = False
            try:
                plain = self.open(index, chunk, last)
            except BadPayload:
                if len(chunk) != SEALED:
                    raise
                plain = self.open(index, chunk, not last)   # genuine, and only the end is in the wrong place
                misplaced = True
            yield plain
            if misplaced:
                raise BadPayload(f"cut after chunk {index}" if last else f"bytes follow the last chunk, {index}")


def _nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
