"""Where a backup lies: one small interface, and the directory that has it. (An object store: bucket.py.) Knows names
and bytes, nothing of what they say."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from eslbot import owner
from eslbot.record.backup.layout import BackupProblem
from eslbot.record.disk import sync_directory


class Place(Protocol):
    """Names are relative, with slashes. Every method blocks, and raises BackupProblem where the place fails."""

    def put(self, name: str, file: Path) -> None:
        """Copy a file there, as a whole or not at all, durably; over what has that name."""

    def get(self, name: str) -> contextlib.AbstractContextManager[BinaryIO]:
        """Open it for reading. Raises Missing."""

    def names(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Names that begin so, with their bytes, in no order."""

    def delete(self, name: str) -> None:
        """Remove it, if it is there."""


class Missing(BackupProblem):
    """There is nothing of that name."""


def place_of(to: str, endpoint: str | None = None) -> Place:
    """The place a setting names: a directory, or `s3://bucket/prefix`. Raises BackupProblem."""
    if to.startswith("s3://"):
        from eslbot.record.backup.bucket import Bucket

        return Bucket.of(to, endpoint)
    return Directory(Path(to))


def put_bytes(place: Place, name: str, data: bytes) -> None:
    """Put a small thing."""
    with tempfile.NamedTemporaryFile(prefix="eslbot-backup-") as file:
        file.write(data)
        file.flush()
        place.put(name, Path(file.name))


def get_bytes(place: Place, name: str) -> bytes:
    """Get a small thing. Raises Missing."""
    with place.get(name) as file:
        return file.read()


def make_directory(wanted: Path) -> None:
    """And what is missing above it, all for their owner alone."""
    for directory in [*reversed(wanted.parents), wanted]:
        with contextlib.suppress(FileExistsError):
            directory.mkdir(mode=0o700)
            owner.as_above(directory)


class Directory:
    """A directory, best one on another machine's disk."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, name: str, file: Path) -> None:
        target = self._directory / name
        fresh = target.with_name(f".{target.name}.new")
        try:
            make_directory(target.parent)
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as out, file.open("rb") as source:
                shutil.copyfileobj(source, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())
            owner.as_above(fresh)
            fresh.replace(target)
            sync_directory(target.parent)
        except OSError as error:
            raise BackupProblem(f"{target}: {error.strerror or error}") from error

    @contextlib.contextmanager
    def get(self, name: str) -> Iterator[BinaryIO]:
        try:
            with (self._directory / name).open("rb") as file:
                yield file
        except FileNotFoundError as error:
            raise Missing(f"{self._directory / name}: is missing") from error
        except OSError as error:
            raise BackupProblem(f"{self._directory / name}: {error.strerror or error}") from error

    def names(self, prefix: str) -> Iterator[tuple[str, int]]:
        for file in sorted((self._directory / prefix).rglob("*")):
            if file.is_file() and not file.name.startswith("."):
                yield str(file.relative_to(self._directory)), file.stat().st_size

    def delete(self, name: str) -> None:
        try:
            (self._directory / name).unlink(missing_ok=True)
        except OSError as error:
            raise BackupProblem(f"{self._directory / name}: {error.strerror or error}") from error
