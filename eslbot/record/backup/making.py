"""Makes a backup: what the place lacks is put there, what was erased is taken away, and a snapshot says what belongs
together. Knows the store's tables and the files; asks for no identity."""

import base64
import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from eslbot.record import paths
from eslbot.record.backup import layout, sealed
from eslbot.record.backup.layout import BackupProblem, Listed, Snapshot
from eslbot.record.backup.places import Missing, Place, get_bytes, put_bytes
from eslbot.record.checkpoint import Signer
from eslbot.record.keys import Recipient
from eslbot.store import chain, destruction, migrate
from eslbot.store.chain import Entry
from eslbot.store.ledger import Ledger
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import AuditRow
from eslbot.store.tables import audit, recordings, row_of, tombstones

Progress = Callable[[int, int], None]
_BEGIN = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


@dataclass(frozen=True, slots=True)
class Source:
    """What is backed up, and in whose name."""

    ledger: Ledger
    directory: Path
    """Of the recordings."""
    node: str
    who: str
    recipients: tuple[Recipient, ...]
    """For whom the tables are sealed."""
    clock: Callable[[], float]
    signer: Signer | None = None


@dataclass(slots=True)
class _Run:
    """One run under way."""

    known: dict[str, int]
    """Payloads the place has, by digest, with their bytes."""
    files: dict[str, str] = field(default_factory=dict)
    """Digests of the calls' files in the snapshot before, by call."""
    put: int = 0
    put_bytes: int = 0
    elsewhere: int = 0
    problems: list[str] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)


def snapshots(place: Place) -> list[int]:
    """Numbers of the finished ones, oldest first."""
    return sorted(n for n in (layout.number_of(name) for name, _ in place.names("snapshot/")) if n is not None)


def snapshot(place: Place, number: int) -> Snapshot:
    """Raises BackupProblem."""
    name = layout.names(number)[0]
    found = layout.decode_snapshot(get_bytes(place, name), name)
    if found.number != number:
        raise BackupProblem(f"{name}: is snapshot {found.number} under another name")
    return found


def index(place: Place, one: Snapshot) -> list[Listed]:
    """Its calls. Raises BackupProblem, also where the index is not the one the snapshot means."""
    name = layout.names(one.number)[1]
    data = get_bytes(place, name)
    if hashlib.sha256(data).hexdigest() != one.index_sha256:
        raise BackupProblem(f"{name}: its digest is not the one in the snapshot")
    return layout.decode_index(data, name)


def run(source: Source, place: Place, keep: int, progress: Progress = lambda done, of: None) -> dict[str, Any]:
    """Back up what is new; give the report. A file that is not what was sealed is a problem in the report, and the rest
    goes on. Raises BackupProblem where the place fails, or holds the backup of another store; StoreProblem."""
    there = snapshots(place)
    number = there[-1] + 1 if there else 1
    state = _Run({name.rsplit("/", 1)[-1]: size for name, size in place.names("payload/")})
    before = _before(place, there, state)
    with tempfile.TemporaryDirectory(prefix="eslbot-backup-") as scratch, _reading(source.ledger) as connection:
        last = _same_store(connection, before)
        revision = migrate.revision(connection) or ""
        tables = Path(scratch) / "tables"
        rows = sealed.export(connection, revision, tables, source.recipients)
        erased = tuple(sorted(str(found[0]) for found in connection.execute(select(tombstones.c.call))))
        total = int(connection.execute(select(func.count(recordings.c.call.distinct()))).scalar() or 0)
        for done, parts in enumerate(_closed(connection), 1):
            _call(source, place, parts, state)
            progress(done, total)
        _forget(place, erased, state)
        snapshot_name, index_name, tables_name = layout.names(number)
        body = b"".join(one.encode() for one in state.listed)
        put_bytes(place, index_name, body)
        place.put(tables_name, tables)
        needed = {digest: size for one in state.listed for digest, size in one.payloads}
        made = Snapshot(
            number, source.clock(), source.node, revision, len(state.listed), len(needed), sum(needed.values()), rows,
            hashlib.sha256(tables.read_bytes()).hexdigest(), hashlib.sha256(body).hexdigest(), *last, erased,
            state.elsewhere,
        )
    if source.signer is not None:
        made = replace(made, signature=base64.b64encode(source.signer.sign(made.signed())).decode())
    put_bytes(place, snapshot_name, made.encode())
    for old in [*there, number][:-keep]:
        for name in layout.names(old):
            place.delete(name)
    source.ledger.append(Entry("backup", source.who, node=source.node, subject=f"snapshot {number}",
                               detail=f"{state.put} files put, {len(state.problems)} problems"))
    return {"snapshot": number, "at": made.at, "calls": made.calls, "payloads": made.payloads, "bytes": made.size,
            "put": state.put, "put_bytes": state.put_bytes, "elsewhere": state.elsewhere, "erased": len(erased),
            "signed": bool(made.signature), "problems": state.problems}


def _before(place: Place, there: Sequence[int], state: _Run) -> Snapshot | None:
    """The newest snapshot that can be read; what cannot is a problem, and no reason to make no backup any more."""
    for number in reversed(there):
        try:
            found = snapshot(place, number)
            state.files = {one.call: one.sha256 for one in index(place, found)}
            return found
        except BackupProblem as problem:
            state.problems.append(str(problem))
    return None


@contextmanager
def _reading(ledger: Ledger) -> Iterator[Connection]:
    """One view of all tables, whoever writes meanwhile."""
    with ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(_BEGIN[ledger.engine.dialect.name])
        yield connection
        connection.exec_driver_sql("COMMIT")


def _same_store(connection: Connection, before: Snapshot | None) -> tuple[int, str]:
    """The audit's last row. A store whose audit does not go on from the one that was backed up here is another, or was
    put back: its backup must not push out the one there is."""
    found = connection.execute(select(audit).order_by(audit.c.seq.desc()).limit(1)).first()
    last = (0, chain.START) if found is None else (AuditRow(*found).seq, AuditRow(*found).digest)
    if before is not None and before.audit_seq:
        then = connection.execute(select(audit.c.digest).where(audit.c.seq == before.audit_seq)).scalar()
        if then != before.audit_digest:
            raise BackupProblem(f"the place holds the backup of another store (its audit has another row "
                                f"{before.audit_seq} than snapshot {before.number}); use an empty place")
    return last


def _closed(connection: Connection) -> Iterator[list[RecordingRow]]:
    """The parts of each call that is over and was not erased."""
    query = select(recordings).order_by(recordings.c.call, recordings.c.part).execution_options(yield_per=sealed.PAGE)
    rows = (row_of(RecordingRow, dict(found)) for found in connection.execute(query).mappings())
    for _, found in groupby(rows, key=lambda row: row.call):
        parts = list(found)
        if all(row.ended is not None and row.state != destruction.ERASED for row in parts):
            yield parts


def _call(source: Source, place: Place, parts: Sequence[RecordingRow], state: _Run) -> None:
    held, payloads = [], []
    for row in parts:
        files = {}
        wanted = {"audio": row.sha256, "words": row.words_sha256}
        for kind, file in (("audio", paths.audio(source.directory, row.path)),
                           ("words", paths.words(source.directory, row.path))):
            closed = row.state in ("complete", "partial")
            one = _payload(place, file, wanted[kind] if closed else "", state)
            if one is None:
                _unread(source, row, file, state)
                return
            files[kind] = one
            payloads.append(one)
        held.append((row, files))
    data = layout.encode_call(held)
    digest = hashlib.sha256(data).hexdigest()
    if state.files.get(parts[0].call) != digest:
        put_bytes(place, layout.call_name(parts[0].call), data)
    state.listed.append(Listed(parts[0].call, digest, tuple(payloads)))


def _unread(source: Source, row: RecordingRow, file: Path, state: _Run) -> None:
    if row.node not in ("", source.node):
        state.elsewhere += 1
    elif not file.exists():
        state.problems.append(f"{file}: is missing")


def _payload(place: Place, file: Path, expected: str, state: _Run) -> tuple[str, int] | None:
    """Its digest and bytes, once the place has it; None where it cannot be read or is not what was sealed."""
    if expected in state.known:
        return expected, state.known[expected]
    try:
        with file.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
            size = handle.tell()
    except OSError:
        return None
    if expected and digest != expected:
        state.problems.append(f"{file}: its SHA-256 is not the one in the store; it was not backed up")
        return None
    if digest not in state.known:
        place.put(layout.payload_name(digest), file)
        state.known[digest] = size
        state.put += 1
        state.put_bytes += size
    return digest, size


def _forget(place: Place, erased: Sequence[str], state: _Run) -> None:
    """Take away the only keys of erased calls, then their payloads."""
    there = {name for name, _ in place.names("call/")} if erased else set()
    needed = {digest for one in state.listed for digest, _ in one.payloads}
    for call in erased:
        name = layout.call_name(call)
        if name not in there:
            continue
        try:
            payloads = {one[0] for _, files in layout.decode_call(get_bytes(place, name), name)
                        for one in files.values()}
        except Missing:
            payloads = set()
        place.delete(name)
        for digest in sorted(payloads - needed):
            place.delete(layout.payload_name(digest))
