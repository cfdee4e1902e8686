"""The spool: in memory and of a size, room enough, open to the two users and to nobody else, no swap beside it."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eslbot.doctor.findings import Finding, error, good, hint, warning
from eslbot.doctor.mounts import Mount
from eslbot.doctor.rights import SEARCH, WRITE, Node, Who, barred, units_make
from eslbot.doctor.verdicts.spelling import lasting, size

A_CALL = 32_000
"""Bytes a second of one call at 8 kHz."""
LITTLE, SCARCE = 64 << 20, 8 << 20
"""Bytes free: below the first it hurts soon, below the second now."""


@dataclass(frozen=True, slots=True)
class Swap:
    """A line of /proc/swaps."""

    name: str
    sealed: bool
    """Encrypted, or in memory itself (zram)."""


@dataclass(frozen=True, slots=True)
class SpoolSeen:
    """What was seen of it."""

    path: str
    mount: Mount | None
    way: tuple[Node, ...]
    """To the directory, or to the nearest one above it that is there."""
    there: bool
    free: int
    """Bytes."""
    total: int
    ours: Who
    switch: Who | None = None
    """Whom the switch runs as; None: it is elsewhere, or cannot be told."""
    group: str = ""
    """As configured; empty: none is."""
    gid: int | None = None
    """Of that group; None: there is none of that name."""
    left: int = 0
    """Files of calls in it while no service runs."""
    swaps: tuple[Swap, ...] = ()


def judge(seen: SpoolSeen) -> Iterator[Finding]:
    yield from _memory(seen)
    yield from _room(seen)
    yield from _rights(seen)
    yield from _swap(seen)
    if seen.left:
        yield hint("spool.left", f"{seen.left} files of calls lie in it and no service runs: words in plain, until it "
                   "starts", "systemctl start eslbot", seen.path)


def _memory(seen: SpoolSeen) -> Iterator[Finding]:
    whose = f"mode=2770,uid={seen.ours},gid={seen.group}" if seen.group else f"mode=0700,uid={seen.ours}"
    mount = f"tmpfs  {seen.path}  tmpfs  size=256m,{whose},noexec,nosuid,nodev  0 0"
    if seen.mount is None:
        yield hint("spool.memory", "/proc does not say what it lies on", f"findmnt -T {seen.path}", seen.path)
    elif not seen.mount.in_memory:
        yield error("spool.memory", f"lies on {seen.mount.kind} ({seen.mount.point}), not in memory: speech is on the "
                    "disk in plain", f"/etc/fstab: {mount}", seen.path)
    elif not seen.there and seen.mount.point != Path("/dev/shm"):
        yield warning("spool.memory", f"is not there: made now it would lie in {seen.mount.point}, which others fill "
                      "too", f"systemctl start '*spool.mount' (eslbot systemd writes it), or /etc/fstab: {mount}",
                      seen.path)
    elif seen.mount.point == Path("/dev/shm"):
        yield hint("spool.memory", "lies in /dev/shm, which others fill too and which has no size of its own",
                   f"/etc/fstab: {mount.replace(seen.path, '/run/eslbot-spool')}, then [audio] spool", seen.path)
    else:
        yield good("spool.memory", f"in memory, {size(seen.total)} of its own", seen.path)


def _room(seen: SpoolSeen) -> Iterator[Finding]:
    told = f"{size(seen.free)} free: 10 calls for {lasting(seen.free / A_CALL / 10)} of a dead eslbot"
    if seen.free < SCARCE:
        yield error("spool.room", told, "mount it larger (size=); look for files of calls that are over", seen.path)
    elif seen.free < LITTLE:
        yield warning("spool.room", told, "mount it larger: size=256m", seen.path)
    else:
        yield good("spool.room", told, seen.path)


def _rights(seen: SpoolSeen) -> Iterator[Finding]:
    *_, last = seen.way
    mode = stat.S_IMODE(last.mode)
    if seen.group and seen.gid is None:
        yield error("spool.rights", f"there is no group {seen.group} on this machine", f"groupadd {seen.group}, and "
                    "usermod -aG it for eslbot's user and FreeSWITCH's", seen.path)
        return
    strangers = [who for who in (seen.ours, seen.switch) if seen.gid is not None and who is not None
                 and who.uid not in (0, seen.ours.uid if who is seen.switch else -1) and seen.gid not in who.gids]
    for who in strangers:
        yield error("spool.rights", f"{who} is not in the group {seen.group}, which is to share it, or was not "
                    "started again since", f"usermod -aG {seen.group} {who}, and restart what runs as {who} "
                    "(FreeSWITCH: when no call is up)", seen.path)
    if strangers:
        return
    if not seen.there:
        kept_out = barred(seen.ours, seen.way, WRITE | SEARCH)
        if kept_out and units_make(seen.path):
            yield warning("spool.rights", f"is not there, and {seen.ours} may not make it: the mount unit does",
                          "eslbot systemd -o /etc/systemd/system, and systemctl start its units", seen.path)
        elif kept_out:
            yield error("spool.rights", f"is not there, and {seen.ours} may not make it: {kept_out}",
                        f"install -d -o {seen.ours} -m 0700 {seen.path}", seen.path)
        else:
            yield good("spool.rights", "is not there yet; the service makes it", seen.path)
        return
    if last.uid not in (seen.ours.uid, 0):
        yield error("spool.rights", f"belongs to uid {last.uid}; it must be {seen.ours}'s or root's",
                    f"chown {seen.ours} {seen.path}", seen.path)
    elif mode & 0o007 and not mode & stat.S_ISVTX:
        yield error("spool.rights", f"mode {mode:04o} lets everyone in, where speech lies in plain",
                    f"chmod {'2770' if seen.group else '0700'} {seen.path}", seen.path)
    elif kept_out := barred(seen.ours, seen.way, WRITE | SEARCH):
        yield error("spool.rights", f"{seen.ours} may not write it: {kept_out}", f"chown {seen.ours} {seen.path}",
                    seen.path)
    elif seen.switch is None:
        yield good("spool.rights", f"{seen.ours} may write it; whom FreeSWITCH runs as could not be told", seen.path)
    elif kept_out := barred(seen.switch, seen.way, WRITE | SEARCH):
        yield error("spool.rights", f"FreeSWITCH runs as {seen.switch}, who is kept out by {kept_out}",
                    "[audio] group = \"telephony\": a group in common (docs/how-to/spool.md)", seen.path)
    else:
        both = f"{seen.ours} and {seen.switch}" if seen.switch.uid != seen.ours.uid else str(seen.ours)
        yield good("spool.rights", f"{both} may write it, and nobody else", seen.path)


def _swap(seen: SpoolSeen) -> Iterator[Finding]:
    plain = [swap.name for swap in seen.swaps if not swap.sealed]
    if not plain:
        yield good("spool.swap", "no swap that would take speech to a disk in plain", seen.path)
    elif seen.mount is not None and "noswap" in seen.mount.options:
        yield good("spool.swap", f"swap is on ({', '.join(plain)}), and the spool is mounted with noswap", seen.path)
    else:
        yield warning("spool.swap", f"swap is on ({', '.join(plain)}): what is in memory may be written there in plain",
                      "swapoff -a and take it out of /etc/fstab, encrypt it, or mount the spool with noswap (Linux "
                      "6.4)", seen.path)
