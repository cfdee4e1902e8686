"""Whether another user may use a path, by owners and modes. Pure: what was seen of each directory on the way in, what
bars it out. Knows no access lists (setfacl) and no mandatory access control: those may say otherwise."""

import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

READ, WRITE, SEARCH = 4, 2, 1


@dataclass(frozen=True, slots=True)
class Who:
    """A user as the kernel sees it."""

    uid: int
    gids: frozenset[int]
    name: str = ""

    def __str__(self) -> str:
        return self.name or f"uid {self.uid}"


@dataclass(frozen=True, slots=True)
class Node:
    """One name on the way, links followed."""

    path: str
    mode: int
    """With its kind, as st_mode."""
    uid: int
    gid: int



UNITS_MAKE = (Path("/run"), Path("/var/lib"))
"""Below these the units of `eslbot systemd` make what is not there."""


def units_make(path: str) -> bool:
    """Whether a directory that is not there would be there once the service is started by its unit."""
    return any(base in Path(path).parents for base in UNITS_MAKE)


def may(who: Who, node: Node, wanted: int) -> bool:
    """Whether these bits are all granted. Root may everything."""
    if who.uid == 0:
        return True
    shift = 6 if who.uid == node.uid else 3 if node.gid in who.gids else 0
    return (node.mode >> shift) & wanted == wanted


def barred(who: Who, way: Iterable[Node], wanted: int) -> str:
    """What keeps the user from doing that to the last of the way: `PATH (0750, uid 0, gid 0)`; empty where nothing
    does."""
    *above, last = way
    for node, bits in [*((each, SEARCH) for each in above), (last, wanted)]:
        if not may(who, node, bits):
            return f"{node.path} ({stat.S_IMODE(node.mode):04o}, uid {node.uid}, gid {node.gid})"
    return ""
