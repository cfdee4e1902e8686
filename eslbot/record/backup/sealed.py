"""All tables as JSON lines in one stock age file: written and read piece by piece. The first line says of which shape
the tables are. Headers of recordings are left out. Knows the store's tables and the container."""

import json
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Table, select

from eslbot.record import container
from eslbot.record.backup.layout import HEADERS, BackupProblem
from eslbot.record.container import ContainerError
from eslbot.record.keys import Identity, Recipient, header_for
from eslbot.record.stream import CHUNK, NONCE, SEALED, Stream, payload_key
from eslbot.store.tables import metadata

PAGE = 1000


def export(connection: Connection, revision: str, file: Path, recipients: Sequence[Recipient]) -> dict[str, int]:
    """Write every table, as the connection's transaction sees it, sealed; gives the rows of each."""
    counts = {}
    with file.open("wb") as out:
        sealing = _Sealing(out, recipients)
        sealing.write(_line({"revision": revision}))
        for table in metadata.sorted_tables:
            name = str(table.name)   # SQLAlchemy's own kind of text is none for JSON's keys
            counts[name] = 0
            for row in connection.execute(_columns(table)).mappings():
                sealing.write(_line([name, dict(row)]))
                counts[name] += 1
        sealing.close()
    return counts


def read(file: BinaryIO, identities: Sequence[Identity], where: str) -> Iterator[Any]:
    """The lines again, the first one `{"revision": ...}`, then `[table, columns]` each. Raises BackupProblem."""
    try:
        yield from _lines(_opened(file, identities))
    except (ContainerError, ValueError) as error:
        raise BackupProblem(f"{where}: {error}") from error


def _columns(table: Table) -> Any:
    columns = (column for column in table.columns if column.name not in HEADERS)
    return select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=PAGE)


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


class _Sealing:
    """Seals what is written to it; a full chunk is held back until the next byte is there, as the format wants it."""

    def __init__(self, out: BinaryIO, recipients: Sequence[Recipient]) -> None:
        file_key, nonce = secrets.token_bytes(container.FILE_KEY_BYTES), secrets.token_bytes(NONCE)
        out.write(header_for(file_key, recipients) + nonce)
        self._out, self._stream = out, Stream(payload_key(file_key, nonce))
        self._held, self._index = bytearray(), 0

    def write(self, data: bytes) -> None:
        self._held += data
        while len(self._held) > CHUNK:
            self._out.write(self._stream.seal(self._index, bytes(self._held[:CHUNK])))
            del self._held[:CHUNK]
            self._index += 1

    def close(self) -> None:
        self._out.write(self._stream.seal(self._index, bytes(self._held), last=True))


def _opened(file: BinaryIO, identities: Sequence[Identity]) -> Iterator[bytes]:
    data = file.read(container.HEADER_LIMIT)
    header = container.parse(data)
    file_key = container.open_with(header, identities)
    held = bytearray(data[header.length :])
    stream = Stream(payload_key(file_key, bytes(held[:NONCE])))
    del held[:NONCE]
    index = 0
    while True:
        while len(held) <= SEALED and (more := file.read(1 << 20)):
            held += more
        last = len(held) <= SEALED
        yield stream.open(index, bytes(held[:SEALED]), last)
        if last:
            return
        del held[:SEALED]
        index += 1


def _lines(chunks: Iterator[bytes]) -> Iterator[Any]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from map(json.loads, lines)
    if rest:
        raise ValueError("the last line has no end")
