"""The age v1 header: stanzas that each wrap the file key, and the MAC over them (c2sp.org/age). Pure: bytes in, bytes
out; whoever calls brings the random bytes. Knows no type of stanza (x25519.py, hybrid.py and passphrase.py do), no
file, no store and no payload (stream.py does). Parses strictly: what the specification forbids is refused and never
repaired."""

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FILE_KEY_BYTES = 16
KEY_BYTES = 32
"""Of every derived key."""
COLUMNS = 64
"""Width of a full line of a stanza's body."""
HEADER_LIMIT = 1 << 20
"""Bytes; a longer header is refused. Room for thousands of recipients."""

_VERSION = b"age-encryption.org/v1"
_ARGUMENT = re.compile(rb"[\x21-\x7e]+")
WRAPPED_BYTES = FILE_KEY_BYTES + 16
"""Of a wrapped file key with its tag, in every type of stanza."""


class ContainerError(Exception):
    """A container that is not what it should be."""


class BadHeader(ContainerError):
    """The header breaks the specification."""


class NoMatch(ContainerError):
    """The header is well formed and no stanza opens with any of the identities given."""


class BadMac(ContainerError):
    """A stanza opened, and the header was changed after it was made."""


class BadPayload(ContainerError):
    """The payload was cut, changed, lengthened, or belongs to another header."""


@dataclass(frozen=True, slots=True)
class Stanza:
    """One way to the file key."""

    arguments: tuple[bytes, ...]
    """At least one, visible ASCII; the first names the type."""
    body: bytes
    """As decoded."""


@dataclass(frozen=True, slots=True)
class Header:
    """A parsed header."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    covered: bytes
    """What the MAC is computed over: the header up to and including `---`."""
    length: int
    """Bytes of the whole header; the payload begins there."""


class Opener(Protocol):
    """Somebody's secret, of whatever type."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key by the first of the stanzas that answers to it. Raises BadHeader for a malformed one of its
        type."""


def derive(key: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA-256 to 32 bytes."""
    return HKDF(SHA256(), KEY_BYTES, salt or None, info).derive(key)


def build(file_key: bytes, stanzas: Sequence[Stanza]) -> bytes:
    """The header's bytes, up to and including the newline after the MAC."""
    if not stanzas:
        raise ValueError("an age header needs a recipient")
    lines = [_VERSION]
    for stanza in stanzas:
        body = b64(stanza.body)
        lines.append(b" ".join((b"->", *stanza.arguments)))
        lines += [body[at : at + COLUMNS] for at in range(0, len(body) + 1, COLUMNS)]
    covered = b"\n".join([*lines, b"---"])
    return covered + b" " + b64(_mac(file_key, covered)) + b"\n"


def parse(data: bytes) -> Header:
    """Parse the header that `data` begins with; what follows it is not looked at. Raises BadHeader."""
    lines = _Lines(data)
    if lines.next("the version line") != _VERSION:
        raise BadHeader("not an age v1 file")
    stanzas = []
    while True:
        start = lines.at
        line = lines.next("a stanza or the MAC")
        if line.startswith(b"---"):
            break
        stanzas.append(_stanza(line, lines))
    if not stanzas:
        raise BadHeader("no recipient stanza")
    if not line.startswith(b"--- "):
        raise BadHeader("no space before the MAC")
    mac = unb64(line[4:], "the MAC")
    if len(mac) != KEY_BYTES:
        raise BadHeader("the MAC is not 32 bytes")
    if len(stanzas) > 1 and any(stanza.arguments[0] == b"scrypt" for stanza in stanzas):
        raise BadHeader("an scrypt stanza must stand alone")
    return Header(tuple(stanzas), mac, data[: start + 3], lines.at)


def open_with(header: Header, openers: Iterable[Opener]) -> bytes:
    """The file key (16 bytes), by the first opener that a stanza answers to. Raises BadHeader, NoMatch, or BadMac."""
    for opener in openers:
        file_key = opener.unwrap(header.stanzas)
        if file_key is not None:
            if not hmac.compare_digest(_mac(file_key, header.covered), header.mac):
                raise BadMac("the header was changed: its MAC does not fit")
            return file_key
    raise NoMatch("sealed for other recipients: none of the identities opens it")


class _Lines:
    """Takes line after line off the bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def next(self, what: str) -> bytes:
        end = self._data.find(b"\n", self.at, HEADER_LIMIT)
        if end < 0:
            raise BadHeader(f"the header ends (or passes {HEADER_LIMIT} bytes) where {what} should be")
        line = self._data[self.at : end]
        self.at = end + 1
        return line


def _stanza(line: bytes, lines: _Lines) -> Stanza:
    """`line` is the argument line; the body's lines are taken up to the first short one."""
    mark, *arguments = line.split(b" ")
    if mark != b"->" or not arguments or not all(_ARGUMENT.fullmatch(argument) for argument in arguments):
        raise BadHeader("a stanza must begin with -> and arguments of visible ASCII, one space between them")
    body = bytearray()
    while True:
        row = lines.next("a stanza's last, short body line")
        if len(row) > COLUMNS:
            raise BadHeader(f"a body line is longer than {COLUMNS} columns")
        body += row
        if len(row) < COLUMNS:
            return Stanza(tuple(arguments), unb64(bytes(body), "a stanza's body"))


def arguments_of(stanza: Stanza, what: str, *sizes: int) -> list[bytes]:
    """The binary arguments of a stanza that takes as many as there are sizes, and wraps a file key. Raises BadHeader,
    also where its body is of another length: age wants that looked at before anything is decrypted."""
    if len(stanza.arguments) != 1 + len(sizes):
        raise BadHeader(f"{what} takes {len(sizes)} argument{'s' * (len(sizes) != 1)}")
    found = [unb64(text, f"an argument of {what}") for text in stanza.arguments[1:]]
    for data, size in zip(found, sizes, strict=True):
        if len(data) != size:
            raise BadHeader(f"{what} has an argument of {len(data)} bytes, not {size}")
    if len(stanza.body) != WRAPPED_BYTES:
        raise BadHeader(f"{what} does not hold a file key of 16 bytes")
    return found


def _mac(file_key: bytes, covered: bytes) -> bytes:
    return hmac.digest(derive(file_key, b"", b"header"), covered, "sha256")


def b64(data: bytes) -> bytes:
    """Base64 without padding."""
    return base64.b64encode(data).rstrip(b"=")


def unb64(text: bytes, what: str) -> bytes:
    """Unpadded and canonical, or BadHeader."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise BadHeader(f"{what} is not base64") from error
    if b64(data) != text:   # padding in the text, or bits set that the encoding leaves over
        raise BadHeader(f"{what} is not canonical base64")
    return data
