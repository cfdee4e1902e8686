"""Destroys keys in the store so that they are really gone, and keeps what is left of a call: holds and tombstones.
Every change is made in a ledger's transaction, together with the audit's row that tells of it. Knows tables and what a
database leaves lying about; knows no file of a recording."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update
from sqlalchemy.exc import OperationalError

from eslbot.store.engine import StoreProblem, file_of
from eslbot.store.ledger import Writing
from eslbot.store.recording_rows import HoldRow, RecordingRow, TombstoneRow
from eslbot.store.rows import FlagRow
from eslbot.store.tables import TABLE_OF, columns_of, flags, holds, recordings, row_of, tombstones

ERASED = "erased"
"""State of a recording whose keys were destroyed."""
PATIENCE = 10.0
"""Seconds to wait for readers who hold the log open."""
PIECE = 1 << 18
"""Bytes that are searched at once: a service does this in a thread, and no search gives up the interpreter's lock."""
SHORTEST = 40
"""Bytes of a header's line that can be told from chance."""


def parts(connection: Connection, call: str) -> list[RecordingRow]:
    """The recording's parts."""
    query = select(recordings).where(recordings.c.call == call).order_by(recordings.c.part)
    return [row_of(RecordingRow, dict(found)) for found in connection.execute(query).mappings()]


def hold_of(connection: Connection, call: str) -> HoldRow | None:
    """The call's legal hold."""
    found = connection.execute(select(holds).where(holds.c.call == call)).mappings().first()
    return None if found is None else row_of(HoldRow, dict(found))


def tombstone_of(connection: Connection, call: str) -> TombstoneRow | None:
    """What is left of the call."""
    found = connection.execute(select(tombstones).where(tombstones.c.call == call)).mappings().first()
    return None if found is None else TombstoneRow(**found)


def unfinished(connection: Connection) -> list[str]:
    """Erased calls that files may still lie about of, and those whose keys are there again (out of a backup)."""
    again = select(recordings.c.call).join(tombstones, tombstones.c.call == recordings.c.call).where(
        recordings.c.state != ERASED)
    rest = select(tombstones.c.call).where(tombstones.c.finished.is_(None))
    return sorted({str(found[0]) for query in (again, rest) for found in connection.execute(query)})


def put(writing: Writing, row: HoldRow | TombstoneRow | FlagRow) -> None:
    """Put the row in the place of the one with its key."""
    table = TABLE_OF[type(row)]
    key = next(iter(table.primary_key.columns))
    values = columns_of(row)
    writing.connection.execute(delete(table).where(key == values[key.name]))
    writing.connection.execute(table.insert().values(values))


def release(writing: Writing, call: str) -> None:
    """End the call's legal hold."""
    writing.connection.execute(delete(holds).where(holds.c.call == call))


def flag(connection: Connection, name: str) -> str | None:
    """A flag's value."""
    found = connection.execute(select(flags.c.value).where(flags.c.name == name)).scalar()
    return None if found is None else str(found)


def unset(writing: Writing, name: str) -> None:
    """Take a flag away."""
    writing.connection.execute(delete(flags).where(flags.c.name == name))


def destroy_headers(writing: Writing, call: str) -> None:
    """Both headers of every part: nobody can open what they opened."""
    writing.connection.execute(update(recordings).where(recordings.c.call == call).values(
        audio_header=b"", words_header=b"", state=ERASED))


def traces(rows: Iterable[RecordingRow]) -> list[bytes]:
    """What to look for in a store that must not hold these rows' headers any more: each wrapped key, each MAC."""
    return [line for row in rows for header in (row.audio_header, row.words_header)
            for line in header.split(b"\n") if len(line) >= SHORTEST and not line.startswith(b"-> ")]


def scrub(engine: Engine, wanted: Sequence[bytes] | None) -> str:
    """See that what was overwritten is gone from the database's files too; gives how it was done. `wanted`: `traces`
    of what is gone; None where nobody knows any more. Raises StoreProblem where it is still there.

    SQLite: `secure_delete` has overwritten it in the file; the log is emptied into the file and cut to nothing, and
    both are searched. Where a page kept a copy all the same, or nobody knows what to search for, the file is written
    anew. PostgreSQL: the table is vacuumed; what its pages' free space and its log hold until they are written over is
    the database's own affair."""
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM recordings")
        return "vacuumed"
    path = file_of(engine.url)
    assert path is not None  # engine_of takes no other
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _empty_log(connection, path)
        if wanted is not None and not _found(path, wanted):
            return "searched"
        try:
            connection.exec_driver_sql("VACUUM")
        except OperationalError as error:
            raise StoreProblem(f"{path}: a copy of a destroyed key is left, and VACUUM failed: {error.orig}") from error
        _empty_log(connection, path)
    if wanted is not None and _found(path, wanted):
        raise StoreProblem(f"{path}: a copy of a destroyed key is left; run it again when nothing else uses the store")
    return "written anew"


def _empty_log(connection: Connection, path: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            busy: Any = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        except OperationalError:
            busy = 1
        if not busy:
            return
        if time.monotonic() > until:
            raise StoreProblem(f"{path}-wal: somebody has been reading for {PATIENCE:.0f} s, and the log holds "
                               "destroyed keys; run it again")
        time.sleep(0.05)


def _found(path: Path, wanted: Sequence[bytes]) -> bool:
    for file in (path, path.with_name(path.name + "-wal")):
        if not wanted or not file.exists():
            continue
        with file.open("rb", buffering=0) as handle:
            rest = b""
            while piece := handle.read(PIECE):
                held = rest + piece
                if any(one in held for one in wanted):
                    return True
                rest = held[-(max(map(len, wanted)) - 1):]
    return False
