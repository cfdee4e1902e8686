"""Which file system a path lies on, by /proc/self/mounts, and which part of a path is there. Reads that one file; knows
no setting."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MEMORY = ("tmpfs", "ramfs")
_ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """A line of /proc/self/mounts."""

    point: Path
    kind: str
    options: frozenset[str]

    @property
    def in_memory(self) -> bool:
        return self.kind in MEMORY


def parse(text: str) -> list[Mount]:
    """Every line that is one, in order. Signs that would part a line (space, tab, newline, backslash) are written in
    octal there."""
    found = []
    for line in text.splitlines():
        fields = line.split(" ")
        if len(fields) >= 4:
            point = _ESCAPED.sub(lambda sign: chr(int(sign[1], 8)), fields[1])
            found.append(Mount(Path(point), fields[2], frozenset(fields[3].split(","))))
    return found


def mount_of(path: Path, mounts: Iterable[Mount]) -> Mount | None:
    """The mount that an absolute path without links lies on: the deepest, of two at one point the later."""
    best: Mount | None = None
    for one in mounts:
        if path.is_relative_to(one.point) and (best is None or len(one.point.parts) >= len(best.point.parts)):
            best = one
    return best


def nearest(path: Path) -> Path:
    """The path, or the first directory above it that is there."""
    return next(place for place in (path, *path.parents) if place.exists())


def found(path: Path) -> Mount | None:
    """The mount that the path lies on, or would. None: /proc does not say."""
    try:
        text = Path("/proc/self/mounts").read_text("utf-8", "surrogateescape")
    except OSError:
        return None
    return mount_of(nearest(path.absolute()).resolve(), parse(text))


def in_memory(path: Path) -> bool:
    """Whether the path is, or would be, on a file system in memory."""
    mount = found(path)
    return mount is not None and mount.in_memory
