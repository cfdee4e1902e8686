"""Identities and recipients as age-keygen writes them: bech32, a comment with the public key. Knows no recording.
A secret never shows in a repr, a log line or an error."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from eslbot.record import container

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_IDENTITY = "age-secret-key-"
_RECIPIENT = "age"


class KeyProblem(ValueError):
    """A key, or a file of keys, that cannot be used; says where and why, never the key."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Someone a recording is sealed for."""

    public: bytes
    """X25519 public key, 32 bytes."""

    def __str__(self) -> str:
        return _bech32(_RECIPIENT, self.public)


@dataclass(frozen=True, slots=True)
class Identity:
    """What opens recordings sealed for `recipient`."""

    secret: bytes = field(repr=False)
    """X25519 secret, 32 bytes."""

    @property
    def recipient(self) -> Recipient:
        """Its public half."""
        return Recipient(container.public_key(self.secret))

    def encode(self) -> str:
        """`AGE-SECRET-KEY-1...`: the secret itself."""
        return _bech32(_IDENTITY, self.secret).upper()


def new_identity() -> Identity:
    """A fresh one, from the system's randomness."""
    return Identity(secrets.token_bytes(container.KEY_BYTES))


def recipient(identity: Identity) -> str:
    """`age1...` of an identity."""
    return str(identity.recipient)


def parse_recipient(text: str, where: str = "recipient") -> Recipient:
    """Parse `age1...`. Raises KeyProblem that begins with `where` (a field, a file and line)."""
    if text != text.strip() or not text:
        raise KeyProblem(f"{where}: empty, or with spaces around it")
    if text.upper().startswith(_IDENTITY.upper()):
        raise KeyProblem(f"{where}: this is a secret key (AGE-SECRET-KEY-...); give its public key (age1...)")
    if text.startswith(("ssh-", "age1pq1")):
        raise KeyProblem(f"{where}: only X25519 recipients (age1...) can be used")
    if text.lower() != text:
        raise KeyProblem(f"{where}: a recipient is written in lower case")
    public = _unbech32(text, _RECIPIENT, where)
    try:   # a point of low order would wrap the key for everybody
        container.wrap(bytes(container.FILE_KEY_BYTES), public, bytes(range(container.KEY_BYTES)))
    except ValueError:
        raise KeyProblem(f"{where}: a public key of low order protects nothing") from None
    return Recipient(public)


def parse_recipients(texts: Sequence[str], where: str = "recipients") -> tuple[Recipient, ...]:
    """All of them, or KeyProblem with one line for each that is wrong (`recipients[2]: ...`)."""
    found: list[Recipient] = []
    problems: list[str] = []
    for number, text in enumerate(texts):
        try:
            one = parse_recipient(text, f"{where}[{number}]")
            if one in found:
                raise KeyProblem(f"{where}[{number}]: the same recipient twice")
            found.append(one)
        except KeyProblem as problem:
            problems.append(str(problem))
    if not texts:
        problems.append(f"{where}: at least one is needed, or nobody could ever open a recording")
    if problems:
        raise KeyProblem("\n".join(problems))
    return tuple(found)


def parse_identity(text: str, where: str = "identity") -> Identity:
    """Parse `AGE-SECRET-KEY-1...`. Raises KeyProblem that begins with `where`."""
    if text.startswith("AGE-SECRET-KEY-PQ-"):
        raise KeyProblem(f"{where}: only X25519 identities (AGE-SECRET-KEY-1...) can be used")
    if text.upper() != text:
        raise KeyProblem(f"{where}: an identity is written in upper case")
    return Identity(_unbech32(text, _IDENTITY, where))


def parse_identity_file(path: Path) -> tuple[Identity, ...]:
    """Every identity of an age-keygen file: one a line, `#` comments and empty lines left out.

    Raises KeyProblem with file and line.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblem(f"{path}: cannot be read: {_reason(error)}") from error
    if lines and lines[0].startswith(("age-encryption.org/", "-----BEGIN AGE ENCRYPTED")):
        raise KeyProblem(f"{path}: the key file is itself encrypted; decrypt it with age first")
    found = [
        parse_identity(line.strip(), f"{path}:{number}")
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not found:
        raise KeyProblem(f"{path}: no identity (AGE-SECRET-KEY-1...) in it")
    return tuple(found)


def identity_file(identity: Identity, created: datetime) -> str:
    """The text of a key file, as age-keygen writes it; `created` with its time zone."""
    return (
        f"# created: {created.isoformat(timespec='seconds')}\n"
        f"# public key: {identity.recipient}\n"
        f"{identity.encode()}\n"
    )


def write_identity_file(path: Path, identity: Identity, created: datetime) -> None:
    """Write it, readable by its owner only. Never overwrites; raises KeyProblem."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(identity_file(identity, created))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise KeyProblem(f"{path}: exists already, and a key is never overwritten") from None
    except OSError as error:
        raise KeyProblem(f"{path}: cannot be written: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else "not text"


def _polymod(values: Sequence[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check


def _expand(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _bech32(prefix: str, data: bytes) -> str:
    """BIP 173, lower case, without its limit on length."""
    bits = len(data) * 8
    number = int.from_bytes(data, "big") << (-bits % 5)
    count = -(-bits // 5)
    values = [number >> 5 * (count - 1 - place) & 31 for place in range(count)]
    check = _polymod([*_expand(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join(_ALPHABET[value] for value in values)


def _unbech32(text: str, prefix: str, where: str) -> bytes:
    """The 32 bytes of a key of that prefix; `text` is all of one case."""
    shown = f"{prefix}1..." if prefix == _RECIPIENT else f"{prefix.upper()}1..."
    text = text.lower()
    head, one, tail = text.rpartition("1")
    if not one or head != prefix:
        raise KeyProblem(f"{where}: not a key of the form {shown}")
    values = [_ALPHABET.find(c) for c in tail]
    if len(values) < 6 or min(values) < 0:
        raise KeyProblem(f"{where}: characters that no key has, or too short")
    if _polymod([*_expand(prefix), *values]) != 1:
        raise KeyProblem(f"{where}: the checksum does not fit; a character was mistyped or lost")
    values = values[:-6]
    number = 0
    for value in values:
        number = number << 5 | value
    spare = len(values) * 5 - container.KEY_BYTES * 8
    if not 0 <= spare < 5 or number & ((1 << spare) - 1):
        raise KeyProblem(f"{where}: not a key of 32 bytes")
    return (number >> spare).to_bytes(container.KEY_BYTES, "big")
