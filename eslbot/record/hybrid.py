"""age's hybrid recipient, `mlkem768x25519` (c2sp.org/age): who breaks X25519 one day has to break ML-KEM-768 too. Bytes
in, bytes out, but for the randomness, which the library draws itself. Knows no text form (keys.py) and no file.

HPKE (RFC 9180, base mode) with MLKEM768-X25519, HKDF-SHA-256 and ChaCha20-Poly1305 is `cryptography`'s, where the
installed version has it; where it has not, `Unsupported` says so."""

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from eslbot.record.container import BadHeader, Stanza, arguments_of, b64

SEED_BYTES = 32
"""Of an identity."""
PUBLIC_BYTES = 1184 + 32
"""Of a recipient: ML-KEM-768's encapsulation key, then X25519's public key."""
SHARE_BYTES = 1088 + 32
"""Of a stanza's argument: both ciphertexts."""
TYPE = b"mlkem768x25519"
_INFO = b"age-encryption.org/mlkem768x25519"
_MLKEM_PUBLIC, _MLKEM_SEED = 1184, 64


class Unsupported(ValueError):
    """The installed `cryptography`, or its OpenSSL, has no ML-KEM-768 with X25519."""


@cache
def _library() -> tuple[Any, Any, Any]:
    """HPKE's module, ML-KEM's, and the suite."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives import hpke
        from cryptography.hazmat.primitives.asymmetric import mlkem

        suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
        mlkem.MLKEM768PrivateKey.from_seed_bytes(bytes(_MLKEM_SEED))
    except (ImportError, AttributeError, UnsupportedAlgorithm) as error:
        raise Unsupported("hybrid keys (age1pq1...) need a newer cryptography: pip install -U cryptography") from error
    return hpke, mlkem, suite


def available() -> bool:
    """Whether the installed library has what hybrid keys need."""
    try:
        _library()
    except Unsupported:
        return False
    return True


def public_key(seed: bytes) -> bytes:
    """The recipient (1216 bytes) of an identity's seed (32 bytes)."""
    mlkem_key, x25519_key = _private(seed)
    return bytes(mlkem_key.public_key().public_bytes_raw()) + x25519_key.public_key().public_bytes_raw()


def wrap(file_key: bytes, recipient: bytes) -> Stanza:
    """The stanza that gives `file_key` to a recipient (1216 bytes). Raises ValueError for a key that is none."""
    hpke, mlkem, suite = _library()
    public = hpke.MLKEM768X25519PublicKey(mlkem.MLKEM768PublicKey.from_public_bytes(recipient[:_MLKEM_PUBLIC]),
                                          X25519PublicKey.from_public_bytes(recipient[_MLKEM_PUBLIC:]))
    sealed = suite.encrypt(file_key, public, info=_INFO)
    return Stanza((TYPE, b64(sealed[:SHARE_BYTES])), sealed[SHARE_BYTES:])


def unwrap(stanzas: Sequence[Stanza], seed: bytes) -> bytes | None:
    """The file key by the first of the stanzas that answers to the identity's seed. Raises BadHeader for a malformed
    hybrid stanza."""
    ours = [(*arguments_of(one, "a hybrid stanza", SHARE_BYTES), one.body)
            for one in stanzas if one.arguments[0] == TYPE]
    if not ours:
        return None
    hpke, _, suite = _library()
    mlkem_key, x25519_key = _private(seed)
    private = hpke.MLKEM768X25519PrivateKey(mlkem_key, x25519_key)
    for share, body in ours:
        try:
            return bytes(suite.decrypt(share + body, private, info=_INFO))
        except InvalidTag:
            _refuse_low_order(x25519_key, share[-32:])
    return None


def _refuse_low_order(private: X25519PrivateKey, share: bytes) -> None:
    """The library says the same of such a share as of one for somebody else; age wants the two told apart."""
    try:
        private.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError as error:
        raise BadHeader("a hybrid stanza's share is a point of low order") from error


def _private(seed: bytes) -> tuple[Any, X25519PrivateKey]:
    _, mlkem, _ = _library()
    both = hashlib.shake_256(seed).digest(_MLKEM_SEED + 32)
    return (mlkem.MLKEM768PrivateKey.from_seed_bytes(both[:_MLKEM_SEED]),
            X25519PrivateKey.from_private_bytes(both[_MLKEM_SEED:]))
