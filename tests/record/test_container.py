"""The header, the payload, the armour and each kind of key against the public age vectors and against pyrage, both
ways."""

import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.record import armor, container, keys, stream, x25519
from eslbot.record.armor import BadArmor
from eslbot.record.container import BadHeader, BadMac, BadPayload, NoMatch, Opener
from eslbot.record.passphrase import PassphraseOpener

VECTORS = Path(__file__).parent.parent / "vectors" / "age"
FILES = sorted(p for p in VECTORS.iterdir() if p.name != "README.md")
FAILURES = {
    "success": None,
    "no match": NoMatch,
    "HMAC failure": BadMac,
    "header failure": BadHeader,
    "payload failure": BadPayload,
    "armor failure": BadArmor,
}
SECRETS = st.binary(min_size=32, max_size=32)


@dataclass(frozen=True)
class Vector:
    expect: str
    payload: str
    openers: tuple[Opener, ...]
    data: bytes
    armored: bool


def read(path: Path) -> Vector:
    head, data = path.read_bytes().split(b"\n\n", 1)
    fields = [line.split(": ", 1) for line in head.decode().splitlines()]
    found = dict(fields)
    if found.get("compressed") == "zlib":
        data = zlib.decompress(data)
    openers: list[Opener] = [keys.parse_identity(v) for k, v in fields if k == "identity"]
    openers += [PassphraseOpener(v) for k, v in fields if k == "passphrase"]
    return Vector(found["expect"], found.get("payload", ""), tuple(openers), data, found.get("armored") == "yes")


def decrypt(data: bytes, openers: tuple[Opener, ...], out: io.BytesIO, armored: bool = False) -> None:
    data = armor.decode(data) if armored else data
    header = container.parse(data)
    file_key = container.open_with(header, openers)
    nonce = data[header.length : header.length + stream.NONCE]
    if len(nonce) < stream.NONCE:
        raise BadHeader("no nonce")   # the vectors count the nonce as the header's
    opener = stream.Stream(stream.payload_key(file_key, nonce))
    for chunk in opener.open_all(data[header.length + stream.NONCE :]):
        out.write(chunk)


def test_the_vectors_are_all_there() -> None:
    assert len(FILES) == 143


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_vector(path: Path) -> None:
    vector = read(path)
    failure = FAILURES[vector.expect]
    out = io.BytesIO()
    if failure is None:
        decrypt(vector.data, vector.openers, out, vector.armored)
    else:
        with pytest.raises(failure):
            decrypt(vector.data, vector.openers, out, vector.armored)
    if vector.expect in ("success", "payload failure"):
        assert hashlib.sha256(out.getvalue()).hexdigest() == vector.payload


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_parsed_header_is_built_again_byte_for_byte(path: Path) -> None:
    vector = read(path)
    if vector.expect not in ("success", "payload failure"):
        return
    data = armor.decode(vector.data) if vector.armored else vector.data
    header = container.parse(data)
    file_key = container.open_with(header, vector.openers)
    assert container.build(file_key, header.stanzas) == data[: header.length]


def age_file(plain: bytes, recipients: list[bytes], file_key: bytes, ephemeral: bytes, nonce: bytes) -> bytes:
    ephemerals = [hashlib.sha256(ephemeral + bytes([n])).digest() for n in range(len(recipients))]
    stanzas = [x25519.wrap(file_key, *those) for those in zip(recipients, ephemerals, strict=True)]
    header = container.build(file_key, stanzas)
    sealer = stream.Stream(stream.payload_key(file_key, nonce))
    return header + nonce + b"".join(sealer.seal_all(plain))


LENGTHS = st.one_of(
    st.integers(0, 300),
    st.builds(lambda chunks, off: max(0, chunks * stream.CHUNK + off), st.integers(0, 3), st.integers(-2, 2)),
)


@given(LENGTHS, st.binary(min_size=16, max_size=16), SECRETS, st.binary(min_size=16, max_size=16))
def test_stock_age_opens_what_we_seal(length: int, file_key: bytes, ephemeral: bytes, nonce: bytes) -> None:
    plain = (file_key * (length // 16 + 1))[:length]
    ours = [pyrage.x25519.Identity.generate() for _ in range(2)]
    publics = [keys.parse_recipient(str(i.to_public())).public for i in ours]
    sealed = age_file(plain, publics, file_key, ephemeral, nonce)
    for identity in ours:
        assert pyrage.decrypt(sealed, [identity]) == plain


@given(LENGTHS)
def test_we_open_what_stock_age_seals(length: int) -> None:
    plain = bytes(range(256)) * (length // 256) + bytes(length % 256)
    identity = keys.new_identity()
    other = pyrage.x25519.Identity.generate().to_public()
    recipient = pyrage.x25519.Recipient.from_str(str(identity.recipient))
    out = io.BytesIO()
    decrypt(pyrage.encrypt(plain, [other, recipient]), (identity,), out)
    assert out.getvalue() == plain


@given(st.data())
def test_no_single_changed_byte_of_a_header_is_taken(data: st.DataObject) -> None:
    secret = bytes(range(1, 33))
    sealed = bytearray(age_file(b"words", [keys.Identity(secret).recipient.public], bytes(16), bytes(32), bytes(16)))
    length = container.parse(bytes(sealed)).length
    at = data.draw(st.integers(0, length - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises((BadHeader, BadMac, NoMatch)):
        container.open_with(container.parse(bytes(sealed)), [keys.Identity(secret)])


@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_refused_as_a_header(data: bytes) -> None:
    for prefix in (b"", b"age-encryption.org/v1\n", b"age-encryption.org/v1\n-> X25519 "):
        with pytest.raises(BadHeader):
            container.parse(prefix + data)


def test_a_header_without_end_is_refused_before_it_is_read_whole() -> None:
    with pytest.raises(BadHeader, match="1048576"):
        container.parse(b"age-encryption.org/v1\n-> a\n" + b"A" * (2 << 20))


def test_a_header_needs_a_recipient() -> None:
    with pytest.raises(ValueError, match="recipient"):
        container.build(bytes(16), [])
