"""The directories that the service writes to: there or to be made, writable, and room on their disks."""

from collections.abc import Iterator
from dataclasses import dataclass

from eslbot.doctor.findings import Finding, error, good, warning
from eslbot.doctor.rights import SEARCH, WRITE, Node, Who, barred, units_make
from eslbot.doctor.verdicts.spelling import lasting, size

A_CALL = 32_000
"""Bytes a second of a sealed call at 8 kHz."""
LITTLE, SCARCE = 2 << 30, 256 << 20
"""Bytes free, below which it hurts soon, and now."""
FEW_NODES = 1000


@dataclass(frozen=True, slots=True)
class DirectorySeen:
    """One of them."""

    setting: str
    """`[record] directory`."""
    path: str
    way: tuple[Node, ...]
    """To it, or to the nearest directory above it that is there."""
    there: bool
    free: int
    """Bytes that a user may still write."""
    total: int
    nodes: int | None
    """Files that can still be made; None: its file system counts none."""


def judge(seen: DirectorySeen, ours: Who, check: str = "disk") -> Iterator[Finding]:
    """`check`: the subject it is told under."""
    named = f"{seen.setting} {seen.path}"
    kept_out = barred(ours, seen.way, WRITE | SEARCH)
    if kept_out and not seen.there and units_make(seen.path):
        yield warning(f"{check}.writable", f"is not there, and {ours} may not make it: the unit does", "eslbot systemd "
                      "-o /etc/systemd/system, and systemctl start eslbot", named)
    elif kept_out:
        yield error(f"{check}.writable", f"{ours} may not {'write it' if seen.there else 'make it'}: {kept_out}",
                    f"install -d -o {ours} -m 0700 {seen.path}", named)
    told = f"{size(seen.free)} of {size(seen.total)} free"
    if seen.setting == "[record] directory":
        told += f": room for {lasting(seen.free / A_CALL)} of calls, added up"
    if seen.free < SCARCE or (seen.nodes is not None and seen.nodes < FEW_NODES):
        yield error(f"{check}.room", told if seen.free < SCARCE else f"only {seen.nodes} more files can be made",
                    "make room, or [retention] keep", named)
    elif seen.free < LITTLE:
        yield warning(f"{check}.room", told, "make room, or [retention] keep", named)
    else:
        yield good(f"{check}.room", told if seen.there else f"{told}; the service makes the directory", named)
