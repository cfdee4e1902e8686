"""Brings a backup back to an empty store and an empty directory. What was erased since the snapshot stays erased: its
keys are in no snapshot any more, and the tombstones, holds and audit of the newest one are taken. Needs an identity,
since the tables are sealed."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from eslbot import owner
from eslbot.record.backup import layout, sealed
from eslbot.record.backup.checking import call_of, chosen, entries, fetch
from eslbot.record.backup.layout import BackupProblem, Snapshot
from eslbot.record.backup.places import Place
from eslbot.record.checkpoint import PublicKey
from eslbot.record.keys import Identity
from eslbot.store import destruction, migrate
from eslbot.store.chain import Entry
from eslbot.store.engine import engine_of, make_file
from eslbot.store.ledger import Ledger
from eslbot.store.tables import metadata

Progress = Callable[[int, int], None]
NEWEST = ("audit", "tombstones", "holds")
"""Tables that are taken from the newest snapshot, whichever is restored."""
AT_ONCE = 500


def restore(place: Place, url: str, directory: Path, identities: Sequence[Identity], who: str, node: str,
            number: int | None = None, key: PublicKey | None = None,
            progress: Progress = lambda done, of: None) -> dict[str, Any]:
    """Give the report. The files come first and the tables last, in one transaction, so that a restore that was broken
    off leaves no store that looks whole. Raises BackupProblem, StoreProblem, OSError."""
    if directory.exists() and any(directory.iterdir()):
        raise BackupProblem(f"{directory}: is not empty; restore to an empty place")
    make_file(url)
    engine = engine_of(url)
    migrate.upgrade(engine)
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if connection.execute(select(func.count()).select_from(table)).scalar():
                raise BackupProblem(f"the store has rows in {table.name} already; restore to an empty one")
    engine.dispose()
    one, newest = chosen(place, number, key), chosen(place, None, key)
    tables = _tables(place, one, newest, identities)
    problems: list[str] = []
    listed = [entry for entry in entries(place, one, newest) if entry.call not in newest.erased]
    headers: dict[tuple[str, int], dict[str, Any]] = {}
    for done, entry in enumerate(listed, 1):
        try:
            for row, files in call_of(place, entry):
                headers[row.call, row.part] = {"audio_header": row.audio_header, "words_header": row.words_header,
                                               "recipients": list(row.recipients)}
                fetch(place, row.path, files, directory)
                _aged(directory, row.path, row.ended or row.started)
        except (BackupProblem, ValueError) as problem:
            problems.append(f"{entry.call}: {problem}")
        progress(done, len(listed))
    if directory.is_dir():
        owner.all_below(directory)
    for row in tables["recordings"]:
        row |= headers.get((row["call"], row["part"]), {"audio_header": b"", "words_header": b""})
        if row["call"] in newest.erased:
            row["state"] = destruction.ERASED
        elif not row["audio_header"]:
            problems.append(f"{row['call']}: was not over, or could not be read, when it was backed up; without its "
                            "keys it cannot be opened")
    _insert(url, tables, Entry("restore", who, subject=f"snapshot {one.number}", node=node,
                               detail=f"{len(listed)} calls, {len(problems)} problems"))
    return {"snapshot": one.number, "at": one.at, "calls": len(listed), "erased": len(newest.erased),
            "rows": {name: len(rows) for name, rows in tables.items()}, "problems": problems}


def _tables(place: Place, one: Snapshot, newest: Snapshot, identities: Sequence[Identity]) -> dict[str, list[Any]]:
    found = _read(place, one, identities)
    if newest.number != one.number:
        later = _read(place, newest, identities)
        found |= {name: later[name] for name in NEWEST}
    return found


def _read(place: Place, one: Snapshot, identities: Sequence[Identity]) -> dict[str, list[Any]]:
    name = layout.names(one.number)[2]
    found: dict[str, list[Any]] = {str(table.name): [] for table in metadata.sorted_tables}
    with place.get(name) as file:
        lines = sealed.read(file, identities, name)
        revision = dict(next(lines)).get("revision", "")
        if revision != migrate.newest():
            raise BackupProblem(f"{name}: its tables have shape {revision} and this eslbot's {migrate.newest()}: "
                                "restore it with the eslbot that made it, then upgrade")
        for table, columns in lines:
            found[table].append(columns)
    counts = {table: len(rows) for table, rows in found.items()}
    if counts != dict(one.rows):
        raise BackupProblem(f"{name}: holds other rows than its snapshot says")
    return found


def _insert(url: str, tables: dict[str, list[Any]], entry: Entry) -> None:
    ledger = Ledger(url)
    with ledger.writing() as writing:
        for table in metadata.sorted_tables:
            rows = tables[table.name]
            for start in range(0, len(rows), AT_ONCE):
                writing.connection.execute(table.insert(), rows[start : start + AT_ONCE])
    ledger.append(entry)
    ledger.close()


def _aged(directory: Path, path: str, at: float) -> None:
    """A file is as old as its call."""
    for suffix in (".audio", ".words"):
        os.utime(directory / (path + suffix), (at, at))
