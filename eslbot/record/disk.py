"""What is done to the disk, each a blocking call for a thread: make the two files, write sealed bytes and sync them,
read back what lies there. Knows no key; a test puts a disk that fails in its place."""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any

from eslbot.model.call import CallId
from eslbot.record import paths
from eslbot.record.stream import NONCE, SEALED, offset


class Disk:
    """A directory of recordings."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def claim(self, call: CallId, started: float, nonces: tuple[bytes, bytes]) -> int:
        """Make the call's two files with their nonces in them, durably, and say which part they are. Files of an
        earlier part are never touched; files that hold just these nonces are ours from an attempt before."""
        part = 1
        while True:
            stem = paths.stem(call, started, part)
            files = (paths.audio(self.directory, stem), paths.words(self.directory, stem))
            if all(self._free(file, nonce) for file, nonce in zip(files, nonces, strict=True)):
                break
            part += 1
        self._directories(files[0].parent)
        for file, nonce in zip(files, nonces, strict=True):
            self._put(file, 0, nonce, os.O_CREAT)
        sync_directory(files[0].parent)
        return part

    def write(self, file: Path, at: int, data: bytes) -> None:
        """Put sealed bytes in their place and sync them. After an error it is called again with the same bytes for
        the same place: a failed sync may have dropped them, and a second sync alone would say nothing of it."""
        self._put(file, at, data, 0)

    def size(self, file: Path) -> int:
        """Bytes in the file."""
        return file.stat().st_size

    def digest(self, file: Path, chunks: int) -> Any:
        """A running SHA-256 over the nonce and that many whole chunks."""
        found = hashlib.sha256()
        with file.open("rb") as handle:
            found.update(handle.read(NONCE))
            for _ in range(chunks):
                found.update(handle.read(SEALED))
        return found

    def beyond(self, file: Path, chunks: int, limit: int) -> tuple[bytes, bytes, bytes]:
        """The nonce, the last of that many whole chunks (empty for none), and at most `limit` bytes of what follows."""
        with file.open("rb") as handle:
            nonce = handle.read(NONCE)
            last = b""
            if chunks:
                handle.seek(offset(chunks - 1))
                last = handle.read(SEALED)
            handle.seek(offset(chunks))
            return nonce, last, handle.read(limit)

    def _put(self, file: Path, at: int, data: bytes, flags: int) -> None:
        handle = os.open(file, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW | flags, 0o600)
        try:
            view = memoryview(data)
            while view:
                written = os.pwrite(handle, view, at)
                view, at = view[written:], at + written
            os.fdatasync(handle)   # syncs the length too, where it grew
        finally:
            os.close(handle)

    @staticmethod
    def _free(file: Path, nonce: bytes) -> bool:
        try:
            with file.open("rb") as handle:
                return nonce.startswith(handle.read(NONCE + 1))
        except FileNotFoundError:
            return True

    def _directories(self, wanted: Path) -> None:
        """Make what is missing, and sync each directory that a new one was made in."""
        missing = []
        while not wanted.is_dir():
            missing.append(wanted)
            wanted = wanted.parent
        for directory in reversed(missing):
            with contextlib.suppress(FileExistsError):
                directory.mkdir(mode=0o700)
            sync_directory(directory.parent)


def sync_directory(directory: Path) -> None:
    """So that which files there are in it survives the loss of power. Raises OSError."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
