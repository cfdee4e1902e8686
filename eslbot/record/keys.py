"""Identities and recipients as age-keygen writes them: bech32, a comment with the public key; X25519's, and the hybrid
ones that a quantum computer does not open either. Knows no recording. A secret never shows in a repr, a log line or an
error."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from eslbot.record import bech32, container, hybrid, x25519
from eslbot.record.container import Stanza

_IDENTITY, _RECIPIENT = "age-secret-key-", "age"
_HYBRID_IDENTITY, _HYBRID_RECIPIENT = "age-secret-key-pq-", "age1pq"
_SHOWN = 12
"""Characters of a hybrid recipient's two ends that stand for its 1960."""
_TOO_OLD = "the installed cryptography has no ML-KEM-768 with X25519: pip install -U cryptography"


class KeyProblem(ValueError):
    """A key, or a file of keys, that cannot be used; says where and why, never the key."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Someone a recording is sealed for."""

    public: bytes
    """X25519 public key, 32 bytes; a hybrid recipient's has 1216."""

    def __str__(self) -> str:
        return bech32.encode(_RECIPIENT, self.public)

    @property
    def short(self) -> str:
        """As it is shown where room is scarce, and still known again."""
        return str(self)

    def wrap(self, file_key: bytes) -> Stanza:
        """The stanza that gives it a file key. Raises ValueError for a public key that protects nothing."""
        return x25519.wrap(file_key, self.public, secrets.token_bytes(x25519.KEY_BYTES))


@dataclass(frozen=True, slots=True)
class HybridRecipient(Recipient):
    """Someone whose key a quantum computer does not open."""

    def __str__(self) -> str:
        return bech32.encode(_HYBRID_RECIPIENT, self.public)

    @property
    def short(self) -> str:
        """Both ends of it."""
        return f"{str(self)[:7 + _SHOWN]}...{str(self)[-_SHOWN:]}"

    def wrap(self, file_key: bytes) -> Stanza:
        """See Recipient."""
        return hybrid.wrap(file_key, self.public)


@dataclass(frozen=True, slots=True)
class Identity:
    """What opens recordings sealed for `recipient`."""

    secret: bytes = field(repr=False)
    """32 bytes: an X25519 secret, or a hybrid identity's seed."""

    @property
    def recipient(self) -> Recipient:
        """Its public half."""
        return Recipient(x25519.public_key(self.secret))

    def encode(self) -> str:
        """`AGE-SECRET-KEY-...`: the secret itself."""
        return bech32.encode(_IDENTITY, self.secret).upper()

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """See container.Opener."""
        return x25519.unwrap(stanzas, self.secret)


@dataclass(frozen=True, slots=True)
class HybridIdentity(Identity):
    """What opens recordings sealed for a hybrid recipient."""

    @property
    def recipient(self) -> Recipient:
        """Its public half."""
        return HybridRecipient(hybrid.public_key(self.secret))

    def encode(self) -> str:
        """See Identity."""
        return bech32.encode(_HYBRID_IDENTITY, self.secret).upper()

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """See container.Opener."""
        return hybrid.unwrap(stanzas, self.secret)


def new_identity() -> Identity:
    """A fresh one, from the system's randomness."""
    return Identity(secrets.token_bytes(x25519.KEY_BYTES))


def new_hybrid_identity() -> HybridIdentity:
    """A fresh one. Raises KeyProblem where the library has no such keys."""
    if not hybrid.available():
        raise KeyProblem(_TOO_OLD)
    return HybridIdentity(secrets.token_bytes(hybrid.SEED_BYTES))


def recipient(identity: Identity) -> str:
    """`age1...` of an identity."""
    return str(identity.recipient)


def header_for(file_key: bytes, recipients: Sequence[Recipient]) -> bytes:
    """The header that gives the file key to each of them, from fresh randomness."""
    return container.build(file_key, [one.wrap(file_key) for one in recipients])


def parse_recipient(text: str, where: str = "recipient") -> Recipient:
    """Parse `age1...` or `age1pq1...`. Raises KeyProblem that begins with `where` (a field, a file and line)."""
    if text != text.strip() or not text:
        raise KeyProblem(f"{where}: empty, or with spaces around it")
    if text.upper().startswith(_IDENTITY.upper()):
        raise KeyProblem(f"{where}: this is a secret key (AGE-SECRET-KEY-...); give its public key (age1...)")
    if text.startswith(("ssh-", "age1tag")):
        raise KeyProblem(f"{where}: only X25519 and hybrid recipients (age1..., age1pq1...) can be used")
    if text.lower() != text:
        raise KeyProblem(f"{where}: a recipient is written in lower case")
    quantum = text.startswith("age1pq1")
    prefix, size = (_HYBRID_RECIPIENT, hybrid.PUBLIC_BYTES) if quantum else (_RECIPIENT, x25519.KEY_BYTES)
    try:
        found = (HybridRecipient if quantum else Recipient)(bech32.decode(text, prefix, size))
    except ValueError as error:
        raise KeyProblem(f"{where}: {error}") from None
    try:
        found.wrap(bytes(container.FILE_KEY_BYTES))
    except hybrid.Unsupported as error:
        raise KeyProblem(f"{where}: {error}") from None
    except ValueError:   # a point of low order would wrap the key for everybody
        raise KeyProblem(f"{where}: a public key of low order, or none at all, protects nothing") from None
    return found


def parse_identity(text: str, where: str = "identity") -> Identity:
    """Parse `AGE-SECRET-KEY-1...` or `AGE-SECRET-KEY-PQ-1...`. Raises KeyProblem that begins with `where`."""
    if text.upper() != text:
        raise KeyProblem(f"{where}: an identity is written in upper case")
    quantum = text.startswith(_HYBRID_IDENTITY.upper())
    try:
        secret = bech32.decode(text, _HYBRID_IDENTITY if quantum else _IDENTITY, x25519.KEY_BYTES)
    except ValueError as error:
        raise KeyProblem(f"{where}: {error}") from None
    if quantum and not hybrid.available():
        raise KeyProblem(f"{where}: a hybrid key, and {_TOO_OLD}")
    return HybridIdentity(secret) if quantum else Identity(secret)


def parse_identities(text: str, where: str) -> tuple[Identity, ...]:
    """Every identity of an age-keygen file's text: one a line, `#` comments and empty lines left out. Raises KeyProblem
    with `where` and the line."""
    found = [
        parse_identity(line.strip(), f"{where}:{number}")
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not found:
        raise KeyProblem(f"{where}: no identity (AGE-SECRET-KEY-...) in it")
    return tuple(found)


def identity_file(identity: Identity, created: datetime) -> str:
    """The text of a key file, as age-keygen writes it; `created` with its time zone."""
    return (
        f"# created: {created.isoformat(timespec='seconds')}\n"
        f"# public key: {identity.recipient}\n"
        f"{identity.encode()}\n"
    )


def write_key_file(path: Path, data: bytes) -> None:
    """Write a key's file, readable by its owner only. Never overwrites; raises KeyProblem."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise KeyProblem(f"{path}: exists already, and a key is never overwritten") from None
    except OSError as error:
        raise KeyProblem(f"{path}: cannot be written: {error.strerror or type(error).__name__}") from error


def write_identity_file(path: Path, identity: Identity, created: datetime) -> None:
    """`write_key_file` of `identity_file`."""
    write_key_file(path, identity_file(identity, created).encode("ascii"))
