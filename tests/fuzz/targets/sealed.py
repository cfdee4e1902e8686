"""Sealed recordings. The header: only ContainerError, and the same plaintext or refusal as rage's (age in Rust), whose
parser may be laxer. A whole recording that was cut, swapped, flipped or lengthened is refused."""

import hashlib
import io
import random
from dataclasses import replace
from functools import cache
from typing import Any

import orjson
import pyrage

from eslbot.model.call import CallId
from eslbot.record import container, keys, paths, stream, x25519
from eslbot.record.container import BadHeader, ContainerError, Stanza
from eslbot.record.reader import Damaged, Recording
from eslbot.store.recording_rows import RecordingRow
from tests.fuzz.tools import Choices, scratch
from tests.record.test_container import FILES, decrypt, read

IDENTITY = keys.Identity(bytes(range(32)))
RAGE = pyrage.x25519.Identity.from_str(IDENTITY.encode())
FILE_KEY = bytes(range(16))
OURS = x25519.wrap(FILE_KEY, IDENTITY.recipient.public, bytes(32 * [7]))
CALL = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
STEM = paths.stem(CallId(CALL), 1_795_000_000.0, 1)
ARMOUR = b"-----BEGIN AGE"


def seeds() -> list[bytes]:
    whole = container.build(FILE_KEY, [OURS])
    nonce = bytes(16)
    sealed = b"".join(stream.Stream(stream.payload_key(FILE_KEY, nonce)).seal_all(b"plain"))
    headers = [b"\x00" + read(file).data[:2000] for file in FILES]
    stanzas = [b"\x01\x02X25519\x00" + whole[60:100], b"\x01\x01scrypt\x00" + bytes(16)]
    ops = [b"\x02" + bytes([op, 0, 5, 1, 7]) for op in range(6)]
    return [*headers, b"\x00" + whole + nonce + sealed, *stanzas, *ops]


def one(data: bytes) -> None:
    choices = Choices(data)
    (_header, _stanzas, _recording)[choices.byte() % 3](choices)


def _header(choices: Choices) -> None:
    """A whole age file of somebody's making."""
    _same_as_rage(choices.rest())


def _stanzas(choices: Choices) -> None:
    """Stanzas of somebody's making under a MAC that fits, before and after one that opens."""
    stanzas = [OURS]
    for _ in range(choices.byte() % 4):
        words = choices.take(1 + choices.byte() % 40).split(b"\x00")
        stanzas.insert(choices.byte() % (len(stanzas) + 1), Stanza(tuple(words), choices.take(choices.byte())))
    header = container.build(FILE_KEY, stanzas)
    nonce = bytes(16)
    sealed = b"".join(stream.Stream(stream.payload_key(FILE_KEY, nonce)).seal_all(choices.rest()))
    _same_as_rage(header + nonce + sealed)


def _same_as_rage(data: bytes) -> None:
    out = io.BytesIO()
    try:
        decrypt(data, (IDENTITY,), out)
        ours: bytes | None = out.getvalue()
        why = type(None)
    except ContainerError as error:
        ours, why = None, type(error)
    if data.lstrip().startswith(ARMOUR):  # rage takes armour, which this format does not use
        assert ours is None
        return
    try:
        theirs: bytes | None = pyrage.decrypt(data, [RAGE])
    except pyrage.DecryptError:
        theirs = None
    # rage takes some headers of old that the specification forbids; what opens at all opens alike.
    assert ours == theirs or (ours is None and why is BadHeader), f"{why.__name__}, and rage says {theirs!r}"


@cache
def _sealed() -> tuple[RecordingRow, dict[str, bytes]]:
    """A closed recording of three chunks, and its files."""
    plain = {
        "audio": random.Random(1).randbytes(2 * stream.CHUNK + 4000),
        "words": b"".join(orjson.dumps({"kind": "words", "n": n}) + b"\n" for n in range(40)),
    }
    header = container.build(FILE_KEY, [OURS])
    files, values = {}, {}
    for kind, nonce in (("audio", bytes(16)), ("words", bytes(15) + b"\x01")):
        seal = stream.Stream(stream.payload_key(FILE_KEY, nonce)).seal_all(plain[kind])
        files[kind] = nonce + b"".join(seal)
        values[kind] = hashlib.sha256(files[kind]).hexdigest()
    row = RecordingRow(
        CALL, "pbx", 1_795_000_000.0, 8000, header, header, STEM, ended=1_795_000_010.0, state="complete",
        samples=len(plain["audio"]) // 4, chunks=2, sha256=values["audio"], words_sha256=values["words"],
    )  # fmt: skip
    return row, files


def _recording(choices: Choices) -> None:
    """A recording that somebody had in hands."""
    row, files = _sealed()
    kind = "words" if choices.byte() & 1 else "audio"
    changed = bytearray(files[kind])
    for _ in range(1 + choices.byte() % 3):
        OPS[choices.byte() % len(OPS)](changed, choices)
    if choices.byte() & 1:  # whoever can change the file may be able to change the store as well
        row = replace(row, sha256="", words_sha256="")
    directory = scratch()
    for name, place in (("audio", paths.audio), ("words", paths.words)):
        place(directory, row.path).parent.mkdir(parents=True, exist_ok=True)
        place(directory, row.path).write_bytes(changed if name == kind else files[name])
    try:
        verified = Recording(row, directory, [IDENTITY]).verify()
    except Damaged:
        assert changed != files[kind], "refused as it was sealed"
        return
    assert changed == files[kind], f"{kind} was changed, and nobody noticed"
    assert verified.whole


def _flip(data: bytearray, choices: Choices) -> None:
    if data:
        data[choices.number(len(data)) if choices.byte() & 1 else -1] ^= 1 << choices.byte() % 8


def _cut(data: bytearray, choices: Choices) -> None:
    del data[len(data) - choices.number(len(data) + 1) :]


def _cut_chunk(data: bytearray, choices: Choices) -> None:
    del data[stream.offset(choices.byte() % 4) :]


def _swap(data: bytearray, choices: Choices) -> None:
    a, b = (slice(stream.offset(n), stream.offset(n + 1)) for n in (choices.byte() % 3, choices.byte() % 3))
    data[a], data[b] = data[b], data[a]


def _append(data: bytearray, choices: Choices) -> None:
    data += choices.take(choices.byte())


def _repeat(data: bytearray, choices: Choices) -> None:
    n = choices.byte() % 3
    data += data[stream.offset(n) : stream.offset(n + 1)]


OPS: tuple[Any, ...] = (_flip, _cut, _cut_chunk, _swap, _append, _repeat)
