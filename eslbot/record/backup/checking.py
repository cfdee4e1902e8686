"""Verifies a backup, and rehearses its return: every digest, and with an identity every sealed chunk of a sample.
Changes nothing but a scratch directory. Knows the layout and the reader."""

import base64
import binascii
import contextlib
import hashlib
import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from eslbot.record import paths
from eslbot.record.backup import layout, sealed
from eslbot.record.backup.layout import BackupProblem, Listed, Snapshot
from eslbot.record.backup.making import index, snapshot, snapshots
from eslbot.record.backup.places import Missing, Place, get_bytes, make_directory
from eslbot.record.checkpoint import PublicKey, good
from eslbot.record.container import ContainerError
from eslbot.record.keys import Identity
from eslbot.record.reader import Damaged, Recording

Progress = Callable[[int, int], None]
PIECE = 1 << 20


def chosen(place: Place, number: int | None = None, key: PublicKey | None = None) -> Snapshot:
    """A snapshot, the newest by default, its digest verified and with `key` its signature. Raises BackupProblem."""
    there = snapshots(place)
    if not there:
        raise BackupProblem("there is no snapshot: nothing was backed up there yet")
    if number is not None and number not in there:
        raise BackupProblem(f"there is no snapshot {number}; there are {there[0]} to {there[-1]}")
    one = snapshot(place, there[-1] if number is None else number)
    if key is not None:
        try:
            signature = base64.b64decode(one.signature, validate=True)
        except binascii.Error:
            signature = b""
        if not good(key, signature, one.signed()):
            raise BackupProblem(f"{layout.names(one.number)[0]}: its signature is not that key's")
    return one


def verify(place: Place, number: int | None = None, key: PublicKey | None = None,
           progress: Progress = lambda done, of: None) -> dict[str, Any]:
    """Read everything a snapshot needs and compare every digest; give the report. A call that was erased since is no
    problem: the newest snapshot says so. Raises BackupProblem where there is no snapshot to be believed."""
    one = chosen(place, number, key)
    erased = set(chosen(place, None, key).erased)
    problems = _tables(place, one)
    done = gone = 0
    try:
        listed = entries(place, one, chosen(place, None, key))
    except BackupProblem as problem:
        return _report(one, 0, 0, [*problems, str(problem)])
    total = sum(size for entry in listed for _, size in entry.payloads)
    for entry in listed:
        if entry.call in erased:
            gone += 1
            problems += _lingers(place, entry.call)
            continue
        problems += _call(place, entry)
        for digest, size in entry.payloads:
            problems += _payload(place, digest, size)
            done += size
            progress(done, total)
    return _report(one, done, gone, problems)


def rehearse(place: Place, sample: int, seed: int, identities: Sequence[Identity] = (),
             key: PublicKey | None = None, progress: Progress = lambda done, of: None) -> dict[str, Any]:
    """Bring a sample of calls back to a scratch directory and verify their digests; with identities also open every
    chunk of them, and every line of the tables. Raises BackupProblem where there is no snapshot to be believed."""
    one = chosen(place, None, key)
    listed = [entry for entry in index(place, one) if entry.call not in one.erased]
    picked = random.Random(seed).sample(listed, min(sample, len(listed)))
    problems = _tables(place, one)
    seconds = 0.0
    if identities and not problems:
        problems += _rows(place, one, identities)
    with tempfile.TemporaryDirectory(prefix="eslbot-rehearsal-") as scratch:
        for done, entry in enumerate(picked, 1):
            try:
                for row, files in call_of(place, entry):
                    fetch(place, row.path, files, Path(scratch))
                    if identities:
                        seconds += Recording(row, Path(scratch), identities).verify().samples / row.rate
            except (BackupProblem, Damaged, ContainerError, OSError) as problem:
                problems.append(f"{entry.call}: {problem}")
            progress(done, len(picked))
    return {"snapshot": one.number, "at": one.at, "seed": seed, "calls": [entry.call for entry in picked],
            "opened": bool(identities), "seconds": round(seconds, 3), "problems": problems}


def entries(place: Place, one: Snapshot, newest: Snapshot) -> list[Listed]:
    """A snapshot's calls. Where a call's file was made anew since (for other recipients), the newest snapshot says what
    is in it. Raises BackupProblem."""
    listed = index(place, one)
    if one.number == newest.number:
        return listed
    later = {entry.call: entry for entry in index(place, newest)}
    return [later.get(entry.call, entry) for entry in listed]


def call_of(place: Place, entry: Listed) -> list[Any]:
    """A call's rows with their headers, and their files. Raises BackupProblem, also where it is not the one meant."""
    name = layout.call_name(entry.call)
    data = get_bytes(place, name)
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise BackupProblem(f"{name}: its digest is not the one in the index")
    return layout.decode_call(data, name)


def fetch(place: Place, path: str, files: dict[str, tuple[str, int]], directory: Path) -> None:
    """Bring one part's two files back, whole or not at all. Raises BackupProblem, BadPath, OSError."""
    for kind, target in (("audio", paths.audio(directory, path)), ("words", paths.words(directory, path))):
        digest, _ = files[kind]
        make_directory(target.parent)
        fresh = target.with_name(target.name + ".part")
        found = hashlib.sha256()
        try:
            with place.get(layout.payload_name(digest)) as source, fresh.open("wb") as out:
                fresh.chmod(0o600)
                while piece := source.read(PIECE):
                    found.update(piece)
                    out.write(piece)
            if found.hexdigest() != digest:
                raise BackupProblem(f"{layout.payload_name(digest)}: changed since it was sealed")
            fresh.rename(target)
        finally:
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()


def _tables(place: Place, one: Snapshot) -> list[str]:
    name = layout.names(one.number)[2]
    return _digested(place, name, one.tables_sha256, "its digest is not the one in the snapshot")


def _rows(place: Place, one: Snapshot, identities: Sequence[Identity]) -> list[str]:
    name = layout.names(one.number)[2]
    counts: dict[str, int] = dict.fromkeys(one.rows, 0)
    try:
        with place.get(name) as file:
            lines = sealed.read(file, identities, name)
            next(lines)
            for table, _ in lines:
                counts[table] += 1
    except (BackupProblem, KeyError, StopIteration) as problem:
        return [f"{name}: {problem}"]
    return [] if counts == dict(one.rows) else [f"{name}: holds other rows than the snapshot says"]


def _call(place: Place, entry: Listed) -> list[str]:
    try:
        call_of(place, entry)
    except BackupProblem as problem:
        return [str(problem)]
    return []


def _payload(place: Place, digest: str, size: int) -> list[str]:
    return _digested(place, layout.payload_name(digest), digest, f"changed since it was sealed ({size} bytes)")


def _digested(place: Place, name: str, digest: str, says: str) -> list[str]:
    found = hashlib.sha256()
    try:
        with place.get(name) as file:
            while piece := file.read(PIECE):
                found.update(piece)
    except BackupProblem as problem:
        return [str(problem)]
    return [] if found.hexdigest() == digest else [f"{name}: {says}"]


def _lingers(place: Place, call: str) -> list[str]:
    try:
        get_bytes(place, layout.call_name(call))
    except Missing:
        return []
    return [f"{layout.call_name(call)}: the call was erased, and its keys are here still"]


def _report(one: Snapshot, done: int, gone: int, problems: list[str]) -> dict[str, Any]:
    return {"snapshot": one.number, "at": one.at, "calls": one.calls, "bytes": done, "erased": gone,
            "signed": bool(one.signature), "problems": problems}
