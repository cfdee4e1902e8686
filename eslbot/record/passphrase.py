"""A small file sealed with a passphrase, by age's scrypt recipient: stock age opens it (`age -d`) and takes it as an
identity file. Knows bytes; knows no key and asks nobody."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from eslbot.record import armor, container
from eslbot.record.container import BadHeader, BadPayload, Stanza, b64, unb64
from eslbot.record.stream import NONCE, Stream, payload_key

WORK = 18
"""Base-two logarithm of the work to try one passphrase, age's own: about a second, and 256 MiB."""
MOST_WORK = 22
"""More is refused, as age does: it would take 4 GiB and more."""
_SALT_BYTES = 16
_LABEL = b"age-encryption.org/v1/scrypt"
_NUMBER = re.compile(rb"[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class PassphraseOpener:
    """By a passphrase."""

    passphrase: str = field(repr=False)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """See container.Opener."""
        for stanza in stanzas:
            if stanza.arguments[0] == b"scrypt":
                return _unwrap(stanza, self.passphrase)
        return None


def looks_sealed(data: bytes) -> bool:
    """Whether a file of these bytes is an age file, armoured or not."""
    return armor.armored(data) or data.startswith(b"age-encryption.org/")


def seal(plain: bytes, passphrase: str, work: int = WORK) -> bytes:
    """The armoured age file."""
    file_key, salt, nonce = (secrets.token_bytes(n) for n in (container.FILE_KEY_BYTES, _SALT_BYTES, NONCE))
    wrapped = ChaCha20Poly1305(_key(passphrase, salt, work)).encrypt(bytes(12), file_key, None)
    header = container.build(file_key, [Stanza((b"scrypt", b64(salt), str(work).encode()), wrapped)])
    return armor.encode(b"".join([header, nonce, *Stream(payload_key(file_key, nonce)).seal_all(plain)]))


def unseal(data: bytes, passphrase: str) -> bytes:
    """What is in it. Raises armor.BadArmor, and ContainerError: NoMatch for a wrong passphrase, BadHeader, BadMac,
    BadPayload for what is no such file."""
    data = armor.decode(data) if armor.armored(data) else data
    header = container.parse(data)
    if header.stanzas[0].arguments[0] != b"scrypt":
        raise BadHeader("it is sealed for a recipient, not with a passphrase")
    file_key = container.open_with(header, [PassphraseOpener(passphrase)])
    nonce, sealed = data[header.length : header.length + NONCE], data[header.length + NONCE :]
    if len(nonce) < NONCE:
        raise BadPayload("cut in its nonce")
    return b"".join(Stream(payload_key(file_key, nonce)).open_all(sealed))


def _unwrap(stanza: Stanza, passphrase: str) -> bytes | None:
    if len(stanza.arguments) != 3:
        raise BadHeader("an scrypt stanza takes two arguments")
    salt = unb64(stanza.arguments[1], "an scrypt salt")
    if len(salt) != _SALT_BYTES or len(stanza.body) != container.WRAPPED_BYTES:
        raise BadHeader("an scrypt stanza has a salt of 16 bytes and holds a file key of 16 bytes")
    if not _NUMBER.fullmatch(stanza.arguments[2]) or len(stanza.arguments[2]) > 2:
        raise BadHeader("an scrypt stanza's work is a small whole number")
    work = int(stanza.arguments[2])
    if work > MOST_WORK:
        raise BadHeader(f"an scrypt stanza that asks for 2^{work} of work is refused, more than 2^{MOST_WORK}")
    try:
        return ChaCha20Poly1305(_key(passphrase, salt, work)).decrypt(bytes(12), stanza.body, None)
    except InvalidTag:
        return None


def _key(passphrase: str, salt: bytes, work: int) -> bytes:
    return Scrypt(salt=_LABEL + salt, length=container.KEY_BYTES, n=1 << work, r=8, p=1).derive(passphrase.encode())
