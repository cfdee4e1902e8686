"""The spool's directory and files: made so that FreeSWITCH, which may be another user, can write them and nobody else
can read them; holes punched behind the reader. Knows no call's state and no greenlet."""

import ctypes
import errno
import grp
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".r8"
"""FreeSWITCH takes the format from it: headerless 16-bit little-endian at the channel's own rate. Without a suffix
uuid_record says +OK and writes nothing."""

_CALL = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")
_PUNCH_HOLE_KEEP_SIZE = 0x02 | 0x01
_BLOCK = 4096

_libc = ctypes.CDLL(None, use_errno=True)
_libc.fallocate.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)
_libc.fallocate.restype = ctypes.c_int


class SpoolError(Exception):
    """The spool cannot be used; the message names the path and says what would help."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A file of a call that is not being followed: it ended, or went on, while nobody listened."""

    call: str
    samples: int
    """How many samples the file has, holes included."""
    bytes: int
    """What it occupies."""


def path_of(directory: Path, call: str) -> Path:
    """The file of one call. Raises ValueError for a call id that could be anything but a file's name."""
    if not _CALL.fullmatch(call):
        raise ValueError(f"not a call id that may become a file's name: {call!r}")
    return directory / f"{call}{SUFFIX}"


def group_id(group: str | int | None) -> int | None:
    """The number of a group given by name or number. Raises SpoolError for a name nobody has."""
    if group is None or isinstance(group, int):
        return group
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        raise SpoolError(f"the spool's group {group!r} does not exist on this machine") from None


def prepare(directory: Path, group: int | None) -> None:
    """Make the directory (0700, or 2770 and the given group), or check one that is there, and try a hole in it.

    Raises SpoolError where it belongs to somebody else, is open to all, or its file system cannot punch holes."""
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        status = os.lstat(directory)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in (os.geteuid(), 0):
            raise SpoolError(f"{directory}: must be a directory of this user or root, not a link or another's")
        if status.st_uid == os.geteuid():
            if group is not None:
                os.chown(directory, -1, group)
            os.chmod(directory, 0o2770 if group is not None else 0o700)
        elif status.st_mode & 0o002:
            raise SpoolError(f"{directory}: anyone may write here; a call's audio must not lie in it")
    except OSError as error:
        raise SpoolError(f"{directory}: {error.strerror or error}") from error
    _try_hole(directory)


def _try_hole(directory: Path) -> None:
    probe = directory / f".probe-{os.getpid()}"
    try:
        descriptor = os.open(probe, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        try:
            os.write(descriptor, bytes(2 * _BLOCK))
            punch(descriptor, 0, _BLOCK)
        finally:
            os.close(descriptor)
            probe.unlink()
    except OSError as error:
        raise SpoolError(f"{directory}: cannot be used as spool ({error.strerror or error}); a tmpfs can") from error


def open_file(path: Path, group: int | None) -> int:
    """A descriptor (read and write) of the call's file, which is made first: FreeSWITCH keeps a file's mode and owner.

    Raises SpoolError for a link, a second name of another file, or anything but a plain file."""
    try:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            os.close(descriptor)
            raise SpoolError(f"{path}: not a plain file with one name")
        if status.st_uid == os.geteuid():
            if group is not None:
                os.fchown(descriptor, -1, group)
            os.fchmod(descriptor, 0o660 if group is not None else 0o600)
    except OSError as error:
        raise SpoolError(f"{path}: {error.strerror or error}") from error
    return descriptor


def punch(descriptor: int, start: int, end: int) -> int:
    """Give back the whole blocks between two offsets; the file keeps its size. Returns the offset up to which they
    are gone now. Raises OSError where the file system cannot."""
    end -= end % _BLOCK
    start -= start % _BLOCK
    if end > start and _libc.fallocate(descriptor, _PUNCH_HOLE_KEEP_SIZE, start, end - start) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"fallocate: {os.strerror(number)}")
    return max(start, end)


def leftovers(directory: Path, followed: frozenset[str]) -> list[Leftover]:
    """Files of calls that are not among the followed ones, by name. Other people's files are left alone."""
    found = []
    with os.scandir(directory) as entries:
        for entry in entries:
            call = entry.name.removesuffix(SUFFIX)
            if call == entry.name or call in followed or not _CALL.fullmatch(call):
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError as error:
                if error.errno != errno.ENOENT:
                    raise
                continue
            if stat.S_ISREG(status.st_mode):
                found.append(Leftover(call, status.st_size // 4, status.st_blocks * 512))
    return sorted(found, key=lambda one: one.call)
