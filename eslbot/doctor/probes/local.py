"""What several subjects look at on this machine: the way to a path, users, who listens on a port. Reads /proc and stat;
judges nothing."""

import os
import pwd
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eslbot.doctor.mounts import nearest
from eslbot.doctor.rights import Node, Who

_LINE = re.compile(r"\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ 0A \S+ \S+ \S+\s+(\d+)\s+\d+ (\d+)")


@dataclass(frozen=True, slots=True)
class Listener:
    """A listening TCP socket of this machine."""

    address: str
    """Hexadecimal, as /proc/net/tcp writes it."""
    port: int
    uid: int
    inode: int


def way_to(path: Path) -> tuple[Node, ...]:
    """Each directory from the root to the path, and the path itself, links followed. Raises OSError where it is not
    there or cannot be looked at."""
    real = path.resolve(strict=True)
    return tuple(_node(each) for each in (*reversed(real.parents), real))


def way_or_above(path: Path) -> tuple[Node, ...]:
    """The same of the nearest directory that is there."""
    return way_to(nearest(path.absolute()))


def _node(path: Path) -> Node:
    seen = path.stat()
    return Node(str(path), seen.st_mode, seen.st_uid, seen.st_gid)


def who_is(uid: int) -> Who:
    """A user with all of its groups; one that has no account has none."""
    try:
        account = pwd.getpwuid(uid)
    except KeyError:
        return Who(uid, frozenset())
    return Who(uid, frozenset(os.getgrouplist(account.pw_name, account.pw_gid)), account.pw_name)


def who_runs(pid: int, uid: int) -> Who:
    """The user of a running process with the groups that the process has: those it was started with, whatever the
    group file has been changed to since, and what its unit gave it beside. Where they are not shown: as `who_is`."""
    known = who_is(uid)
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8", "replace")
    except OSError:
        return known
    numbers = [line.split()[1:] for line in status.splitlines() if line.startswith(("Gid:", "Groups:"))]
    return Who(uid, frozenset(int(number) for line in numbers for number in line), known.name)


def listeners() -> list[Listener]:
    """All that the kernel shows."""
    found: list[Listener] = []
    for name in ("tcp", "tcp6"):
        try:
            found += parse_listeners(Path(f"/proc/net/{name}").read_text("ascii", "replace"))
        except OSError:
            continue
    return found


def parse_listeners(text: str) -> Iterator[Listener]:
    """The lines of /proc/net/tcp or tcp6 that listen."""
    for line in text.splitlines():
        at = _LINE.match(line)
        if at is not None:
            yield Listener(at[1], int(at[2], 16), int(at[3]), int(at[4]))


def holder_of(inode: int) -> tuple[int, str] | None:
    """The process that has this socket open, and its command's name; None where it is not shown to us."""
    wanted = f"socket:[{inode}]"
    for directory in Path("/proc").iterdir():
        if not directory.name.isdecimal():
            continue
        try:
            if any(os.readlink(each) == wanted for each in (directory / "fd").iterdir()):
                return int(directory.name), (directory / "comm").read_text("utf-8", "replace").strip()
        except OSError:
            continue
    return None
