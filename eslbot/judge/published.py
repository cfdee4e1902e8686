"""The packs that were published: a directory of files `NAME/VERSION.yaml`, each beside a `VERSION.json` that says who
published it, when, and by which report.

Knows how they lie there and which of them stand for a configured pack. Does not know what a pack says beyond its name
and days, nor how one is published (improve/publish). Reads files, and nothing else of the world.

A published pack is in force under its name: it takes the place of a configured pack of that name that is effective from
the same day, and stands after the configured ones where there is none. Of two that are effective from the same day, the
one that was published later is in force.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from eslbot.judge.located import PackErrors, Problem
from eslbot.judge.packs import path_of, read_pack


@dataclass(frozen=True, slots=True)
class Published:
    """One version of a pack in the directory."""

    file: Path
    name: str
    version: str
    effective: date | None
    sha256: str
    """Of the file's bytes, when it was published."""
    at: float
    """When, in seconds since the epoch."""
    by: str
    report: str
    """SHA-256 of the report of the replay that it was published by."""


def digest(file: Path) -> str:
    """SHA-256 of a file's bytes: of a published one, which stands for itself. Raises OSError."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def published(directory: Path) -> list[Published]:
    """Every version that lies there, by the time it was published. Raises PackErrors for what is no longer what was
    published, and for a note that cannot be read."""
    found: list[Published] = []
    problems: list[Problem] = []
    for note in sorted(directory.glob("*/*.json")):
        try:
            one = _read(note)
            if digest(one.file) != one.sha256:
                text = "is not what was published (its SHA-256 differs); publish it anew under another version"
                problems.append(Problem(str(one.file), 0, "", text))
            found.append(one)
        except OSError as error:
            problems.append(Problem(str(error.filename or note), 0, "", error.strerror or str(error)))
        except (ValueError, KeyError, TypeError) as error:
            problems.append(Problem(str(note), 0, "", f"no note of a published pack: {error}"))
    if problems:
        raise PackErrors(problems)
    return sorted(found, key=lambda one: (one.at, one.name, one.version))


def _read(note: Path) -> Published:
    plain = orjson.loads(note.read_bytes())
    effective = plain["effective"]
    return Published(
        note.with_suffix(".yaml"), str(plain["pack"]), str(plain["version"]),
        None if effective is None else date.fromisoformat(effective), str(plain["sha256"]), float(plain["at"]),
        str(plain["by"]), str(plain["report"]),
    )


def sources(
    configured: Iterable[str | Path], directory: Path, base: Path | None = None, kept: Path | None = None
) -> list[str | Path]:
    """What is to be loaded: the configured packs and the published ones, each in its place. `kept`: see packs.load.
    Raises PackErrors."""
    latest = {(one.name, one.effective): one for one in published(directory)}
    taken: set[tuple[str, date | None]] = set()
    found: list[str | Path] = []
    for source in configured:
        pack, _ = read_pack(source, base, kept=kept)
        if pack is None:
            found.append(source)  # to be told by whoever loads it
            continue
        if (pack.name, pack.effective) not in latest:
            found.append(source)
        for key, one in latest.items():
            if one.name == pack.name and key not in taken:
                taken.add(key)
                found.append(one.file)
    return [*found, *(one.file for key, one in latest.items() if key not in taken)]


def describe(files: Sequence[str | Path], directory: Path, base: Path | None = None) -> dict[str, Published]:
    """File as it was named -> its note, for those of the sources that were published."""
    notes = {one.file: one for one in published(directory)}
    return {str(source): notes[path] for source in files if (path := path_of(source, base)) in notes}
