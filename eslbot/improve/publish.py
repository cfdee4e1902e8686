"""Publishing a pack: the file, checked, goes into the directory of packs in force under its name and version, with a
note of who, when, and by which report. A pack that takes rules of others is written out with them, so that what is in
force stands in one file and no other changes it. Refused without a report of a replay of exactly this file.

Knows the directory's layout (judge/published reads it) and reports; no call and no running service."""

import contextlib
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from eslbot.improve.report import read_report
from eslbot.judge import PackErrors, check, load
from eslbot.judge.packs import read_pack
from eslbot.judge.published import Published, published, sources
from eslbot.judge.whole import whole

_FIT = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


class NotPublished(Exception):
    """The pack is not published; says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where packs are in force."""

    configured: Sequence[str | Path]
    """The packs that the configuration names."""
    directory: Path


def publish(file: Path, report: Path, place: Place, by: str, now: float, today: date) -> Published:
    """Raises NotPublished, PackErrors (of this pack, or of all of them together), BadReport, OSError."""
    pack, _ = read_pack(file)
    problems = check([file])
    if pack is None or problems:
        raise PackErrors(problems)
    data = whole(file)
    sha = hashlib.sha256(data).hexdigest()
    report_sha = _reported(file, sha, report)
    for what, text in (("name", pack.name), ("version", pack.version)):
        if text.startswith(".") or not set(text) <= _FIT:
            raise NotPublished(f"{file}: its {what} {text!r} cannot be a file's: letters, digits, '.', '_' and '-'")
    target = place.directory / pack.name / f"{pack.version}.yaml"
    for one in published(place.directory):
        if (one.name, one.version) == (pack.name, pack.version):
            same = "with this very content" if one.sha256 == sha else "with other content; give it a new version"
            raise NotPublished(f"{file}: {pack.name} {pack.version} was published already, {same}")
    made = Published(target, pack.name, pack.version, pack.effective, sha, now, by, report_sha)
    _write(made, data)
    try:
        there = load(sources(place.configured, place.directory), day=max(today, pack.effective or today))
        if str(target) not in [one.file for one in there.packs]:
            raise NotPublished(
                f"{file}: it would never be in force: another {pack.name} becomes effective later than it "
                f"({pack.effective or 'no `effective` day'}); give it an `effective` day")
    except (PackErrors, NotPublished):
        _remove(made)
        raise
    return made


def _reported(file: Path, sha: str, report: Path) -> str:
    """The digest of the report, where it is one of this file as it is now."""
    found, report_sha = read_report(report)
    if sha not in [one["sha256"] for one in found["new"]]:
        raise NotPublished(f"{report}: a replay of something else than {file} as it is now; replay it again")
    if found["made"] < file.stat().st_mtime:
        raise NotPublished(f"{report}: older than {file}; replay it again")
    return report_sha


def _write(made: Published, data: bytes) -> None:
    """The pack, then its note: a pack without a note is not there yet. Neither is ever written over."""
    made.file.parent.mkdir(parents=True, exist_ok=True)
    note = {"pack": made.name, "version": made.version, "sha256": made.sha256, "at": made.at, "by": made.by,
            "report": made.report, "effective": made.effective.isoformat() if made.effective else None}  # fmt: skip
    made.file.unlink(missing_ok=True)  # of a publishing that was cut short before its note
    _put(made.file, data)
    _put(note_of(made.file), orjson.dumps(note, option=orjson.OPT_INDENT_2))


def note_of(file: Path) -> Path:
    """The note beside a published pack."""
    return file.with_suffix(".json")


def _put(file: Path, data: bytes) -> None:
    """All or nothing, for everyone to read and nobody to change. Raises FileExistsError where it is there already."""
    fresh = file.with_name(f".{file.name}.part")
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o444)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.link(fresh, file)
    finally:
        fresh.unlink()


def _remove(made: Published) -> None:
    note_of(made.file).unlink(missing_ok=True)
    made.file.unlink(missing_ok=True)
