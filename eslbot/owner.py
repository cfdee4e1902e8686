"""Whose the files are that root makes: whose their directory is. The service runs as a user of its own, and people work
as root; what a command of theirs makes first, the service has to write and read. Knows no room."""

import contextlib
import os
from pathlib import Path


def as_above(path: Path) -> None:
    """Give what was just made to whom its directory belongs. Nothing is done for users other than root. Raises
    OSError."""
    if os.geteuid() == 0:
        _give(path, path.parent.stat())


def all_below(directory: Path) -> None:
    """The same of everything in a directory that root has filled: it is whose the directory is. Raises OSError."""
    if os.geteuid() == 0:
        whose = directory.stat()
        for place, directories, files in os.walk(directory):
            for name in (*directories, *files):
                _give(Path(place) / name, whose)


def _give(path: Path, whose: os.stat_result) -> None:
    """A share on which root is nobody (NFS with root_squash) gives nothing away."""
    with contextlib.suppress(PermissionError):
        os.chown(path, whose.st_uid, whose.st_gid, follow_symlinks=False)
