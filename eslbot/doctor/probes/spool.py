"""Looks at the spool's directory, its file system, and the machine's swap. Opens nothing in it."""

import os
import re
from pathlib import Path

from eslbot.config import Settings
from eslbot.config.fields import is_loopback
from eslbot.doctor import mounts
from eslbot.doctor.probes import local
from eslbot.doctor.rights import Who
from eslbot.doctor.verdicts.spool import SpoolSeen, Swap
from eslbot.listen.spool_files import SpoolError, group_id, leftovers


def look(settings: Settings, running: bool, user: Who) -> SpoolSeen:
    """`user`: whom the service runs as. Blocks. Raises OSError where the way to it cannot be looked at."""
    path, group = settings.audio.spool, settings.audio.group
    there = path.is_dir()
    room = os.statvfs(mounts.nearest(path.absolute()))
    try:
        gid = group_id(group)
    except SpoolError:
        gid = None
    return SpoolSeen(
        str(path), mounts.found(path), local.way_or_above(path), there, room.f_bavail * room.f_frsize,
        room.f_blocks * room.f_frsize, user, switch_user(settings), group or "", gid,
        _left(path) if there and not running else 0, swaps(),
    )


def _left(path: Path) -> int:
    try:
        return len(leftovers(path, frozenset()))
    except OSError:
        return 0


def switch_user(settings: Settings) -> Who | None:
    """Whom the switch on this machine runs as: who listens on its port. None: it is elsewhere, or nobody listens."""
    ports = {switch.port for switch in settings.switches if is_loopback(switch.host)}
    there = [one for one in local.listeners() if one.port in ports]
    if len({one.uid for one in there}) != 1:
        return None
    holder = local.holder_of(there[0].inode)
    return local.who_is(there[0].uid) if holder is None else local.who_runs(holder[0], there[0].uid)


def swaps() -> tuple[Swap, ...]:
    """What the kernel swaps to now."""
    try:
        lines = Path("/proc/swaps").read_text("utf-8", "replace").splitlines()[1:]
    except OSError:
        return ()
    return tuple(Swap(name, _sealed(name)) for name in (line.split()[0] for line in lines if line.strip()))


def _sealed(name: str) -> bool:
    """Whether it is memory itself, or a device mapper's encrypted volume."""
    device = Path(name).resolve().name
    if re.fullmatch(r"zram\d+", device):
        return True
    try:
        return Path(f"/sys/block/{device}/dm/uuid").read_text("ascii", "replace").startswith("CRYPT-")
    except OSError:
        return False
