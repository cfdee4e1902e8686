"""Signed checkpoints of the audit's chain: which row was the last, and its digest, signed (Ed25519) and kept elsewhere,
so that a chain that was cut or made anew shows. Knows keys and files of checkpoints, and of the chain only a number and
a digest.

A checkpoint is one line of JSON. The signature is over the ASCII JSON array, without spaces, of the text
"eslbot-checkpoint-1", `seq`, `digest`, `at_us` and `node`."""

import base64
import binascii
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DOMAIN = "eslbot-checkpoint-1"
PUBLIC_SUFFIX = ".pub"
PublicKey = Ed25519PublicKey


class CheckpointProblem(ValueError):
    """A key or a checkpoint that cannot be used; says which file and line, never the key."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The chain as it stood."""

    seq: int
    """Number of the last row."""
    digest: str
    """Its digest."""
    at_us: int
    """Microseconds since the epoch, by the wall clock."""
    node: str
    signature: bytes

    def line(self) -> str:
        """As it is kept and sent."""
        return json.dumps({"type": "audit.checkpoint", "seq": self.seq, "digest": self.digest, "at_us": self.at_us,
                           "node": self.node, "signature": base64.b64encode(self.signature).decode()})


class Signer:
    """Holds the private key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def of(cls, file: Path) -> "Signer":
        """The key of a file that nobody else may read. Raises CheckpointProblem."""
        try:
            shared, data = file.stat().st_mode & 0o077, file.read_bytes()
        except OSError as error:
            raise CheckpointProblem(f"{file}: cannot be read: {error.strerror}") from error
        if shared:
            raise CheckpointProblem(f"{file}: others may read or write it; chmod 600 it")
        try:
            key = serialization.load_pem_private_key(data, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise CheckpointProblem(f"{file}: not a private key that eslbot audit key made") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise CheckpointProblem(f"{file}: not an Ed25519 key")
        return cls(key)

    def checkpoint(self, seq: int, digest: str, at_us: int, node: str) -> Checkpoint:
        """Signed."""
        return Checkpoint(seq, digest, at_us, node, self._key.sign(_said(seq, digest, at_us, node)))

    def sign(self, data: bytes) -> bytes:
        """A signature over other bytes; they must begin with a text of their own, as a checkpoint's do."""
        return self._key.sign(data)


def make_key(file: Path) -> Path:
    """Write a fresh private key (PEM, 0600) and beside it its public half; gives the latter's path. Never overwrites;
    raises CheckpointProblem."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                serialization.NoEncryption())
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    beside = public_file(file)
    for path, data, mode in ((file, private, 0o600), (beside, public, 0o644)):
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
        except FileExistsError:
            raise CheckpointProblem(f"{path}: exists already, and a key is never overwritten") from None
        except OSError as error:
            raise CheckpointProblem(f"{path}: cannot be written: {error.strerror}") from error
    return beside


def public_file(file: Path) -> Path:
    """Where `make_key` puts the public half."""
    return file.with_name(file.name + PUBLIC_SUFFIX)


def public_key(file: Path) -> Ed25519PublicKey:
    """Read a public key's file. Raises CheckpointProblem."""
    try:
        key = serialization.load_pem_public_key(file.read_bytes())
    except OSError as error:
        raise CheckpointProblem(f"{file}: cannot be read: {error.strerror}") from error
    except (ValueError, UnsupportedAlgorithm):
        raise CheckpointProblem(f"{file}: not a public key that eslbot audit key made") from None
    if not isinstance(key, Ed25519PublicKey):
        raise CheckpointProblem(f"{file}: not an Ed25519 key")
    return key


def good(key: Ed25519PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the signature is the key's over those bytes."""
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def append(file: Path, checkpoint: Checkpoint) -> None:
    """Put one line at the end of the file, durably. Raises OSError."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "ab") as out:
        out.write(checkpoint.line().encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())


def marks(file: Path, key: Ed25519PublicKey) -> dict[int, str]:
    """Row numbers and their digests of all checkpoints in the file, each one's signature verified. Raises
    CheckpointProblem that names the first bad line: a file that was tampered with proves nothing."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CheckpointProblem(f"{file}: cannot be read: {getattr(error, 'strerror', None) or 'not text'}") from error
    return _verified(lines, key, str(file))


def _verified(lines: Sequence[str] | Iterable[str], key: Ed25519PublicKey, where: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            seq, digest, at_us, node, signature = _parsed(json.loads(line))
        except (ValueError, KeyError, TypeError, binascii.Error):
            raise CheckpointProblem(f"{where}:{number}: not a checkpoint") from None
        if not good(key, signature, _said(seq, digest, at_us, node)):
            raise CheckpointProblem(f"{where}:{number}: its signature is not that key's")
        if found.setdefault(seq, digest) != digest:
            raise CheckpointProblem(f"{where}:{number}: row {seq} had another digest in an earlier checkpoint")
    if not found:
        raise CheckpointProblem(f"{where}: no checkpoint in it")
    return found


def _parsed(values: dict[str, Any]) -> tuple[int, str, int, str, bytes]:
    seq, digest, at_us, node = (values[name] for name in ("seq", "digest", "at_us", "node"))
    if not (type(seq) is int and type(at_us) is int and isinstance(digest, str) and isinstance(node, str)):
        raise ValueError("a field is of another kind")
    return seq, digest, at_us, node, base64.b64decode(values["signature"], validate=True)


def _said(seq: int, digest: str, at_us: int, node: str) -> bytes:
    return json.dumps([DOMAIN, seq, digest, at_us, node], separators=(",", ":")).encode("ascii")
