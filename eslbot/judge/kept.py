"""Pack files that were read before: kept in memory by their content, and in a directory where the caller has one.

Reading YAML with its lines takes longest of loading a large pack. Kept is what the file says, not what it means: it is
checked and compiled anew each time. An entry is named after the file's bytes and the versions that read it; one that is
broken, cut short or from elsewhere is not used. Reads and writes files, and nothing else of the world.
"""

import contextlib
import hashlib
import os
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import orjson

from eslbot.judge.located import Located, read

MOST = 32
"""Entries in a directory; the oldest go."""
_FORM = 1
"""Of an entry."""


def read_kept(data: bytes, file: str, directory: Path | None = None) -> Located:
    """As located.read, from what is kept where it can be. Raises PackErrors as it does; an unusable directory is no
    error."""
    located = _in_memory(data, file, directory)
    return Located(located.file, located.value, list(located.problems), located.lines)


def forget() -> None:
    """Let go of what is kept in memory: for who has loaded its packs and will not read them again soon."""
    _in_memory.cache_clear()


@lru_cache(maxsize=16)
def _in_memory(data: bytes, file: str, directory: Path | None) -> Located:
    if directory is None:
        return _once(data, file)
    path = directory / f"{_name(data)}.pack"
    located = _from(path, file)
    if located is None:
        located = _once(data, file)
        if not located.problems:
            with contextlib.suppress(OSError, ValueError, TypeError):
                _keep(located, path)
    return located


@lru_cache(maxsize=16)
def _once(data: bytes, file: str) -> Located:
    """As located.read: once in this process, whichever directories it is kept in."""
    return read(data, file)


def _name(data: bytes) -> str:
    made_by = f"{_FORM} {version('eslbot')} {version('ruamel.yaml')}"
    return hashlib.sha256(f"{made_by}\n".encode() + data).hexdigest()


def _from(path: Path, file: str) -> Located | None:
    """An entry; None where there is none that can be trusted to be whole."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        digest, body = path.read_bytes().split(b"\n", 1)
        if hashlib.sha256(path.name.encode() + body).hexdigest().encode() == digest:
            value, lines = orjson.loads(body)
            return Located(file, value, [], {tuple(place): line for place, line in lines})
    return None


def _keep(located: Located, path: Path) -> None:
    body = orjson.dumps([located.value, [[place, line] for place, line in located.lines.items()]])
    digest = hashlib.sha256(path.name.encode() + body).hexdigest()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(digest.encode() + b"\n" + body)
    unfinished.replace(path)
    entries = sorted(path.parent.glob("*.pack"), key=lambda entry: entry.stat().st_mtime, reverse=True)
    for old in entries[MOST:]:
        old.unlink(missing_ok=True)
