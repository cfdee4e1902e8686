"""age's X25519 recipient (c2sp.org/age): who has the secret of a public key opens what was wrapped for it. Pure: bytes
in, bytes out; whoever calls brings the random bytes. Knows no text form (keys.py) and no other type of stanza."""

from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from eslbot.record.container import BadHeader, Stanza, arguments_of, b64, derive

KEY_BYTES = 32
"""Of a secret and of a public key."""
TYPE = b"X25519"
_INFO = b"age-encryption.org/v1/X25519"
_NO_NONCE = bytes(12)


def public_key(secret: bytes) -> bytes:
    """The public key (32 bytes) of a secret (32 bytes)."""
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def wrap(file_key: bytes, recipient: bytes, ephemeral: bytes) -> Stanza:
    """The stanza that gives `file_key` (16 bytes) to `recipient` (a public key, 32 bytes).

    `ephemeral`: 32 fresh random bytes, never used for another stanza. A public key of low order raises ValueError.
    """
    private = X25519PrivateKey.from_private_bytes(ephemeral)
    share = private.public_key().public_bytes_raw()
    secret = private.exchange(X25519PublicKey.from_public_bytes(recipient))
    key = derive(secret, share + recipient, _INFO)
    return Stanza((TYPE, b64(share)), ChaCha20Poly1305(key).encrypt(_NO_NONCE, file_key, None))


def unwrap(stanzas: Sequence[Stanza], secret: bytes) -> bytes | None:
    """The file key by the first of the stanzas that answers to `secret` (32 bytes). Raises BadHeader for one that is
    malformed."""
    ours = [(*arguments_of(stanza, "an X25519 stanza", KEY_BYTES), stanza.body)
            for stanza in stanzas if stanza.arguments[0] == TYPE]
    private = X25519PrivateKey.from_private_bytes(secret)
    public = private.public_key().public_bytes_raw()
    found = (_opened(share, body, private, public) for share, body in ours)
    return next((file_key for file_key in found if file_key is not None), None)


def _opened(share: bytes, body: bytes, private: X25519PrivateKey, public: bytes) -> bytes | None:
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError as error:  # the library's word for an all-zero shared secret
        raise BadHeader("an X25519 share is a point of low order") from error
    key = derive(shared, share + public, _INFO)
    try:
        return ChaCha20Poly1305(key).decrypt(_NO_NONCE, body, None)
    except InvalidTag:
        return None
