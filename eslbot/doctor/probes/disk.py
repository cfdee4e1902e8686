"""Looks at the directories that the service writes to. Writes nothing in them."""

import os
from pathlib import Path

from eslbot.config import Settings
from eslbot.doctor import mounts
from eslbot.doctor.probes import local
from eslbot.doctor.rights import Who
from eslbot.doctor.verdicts.disk import DirectorySeen


def look(setting: str, path: Path) -> DirectorySeen:
    """Blocks. Raises OSError where the way to it cannot be looked at."""
    there = path.is_dir()
    room = os.statvfs(mounts.nearest(path.absolute()))
    return DirectorySeen(
        setting, str(path), local.way_or_above(path), there, room.f_bavail * room.f_frsize,
        room.f_blocks * room.f_frsize, room.f_favail if room.f_files else None,
    )


def user_of(settings: Settings, running: int, pid: int = 0) -> Who:
    """Whom the service runs as: the running one's user (`running`, -1 for none) with its process's groups (`pid`),
    else whose the recordings are, or the nearest directory above them that is there and not root's, else who looks."""
    if running >= 0:
        return local.who_runs(pid, running)
    try:
        there = mounts.nearest(settings.record.directory.absolute())
        owner = there.stat().st_uid
        return local.who_is(owner if owner or there == settings.record.directory else os.geteuid())
    except OSError:
        return local.who_is(os.geteuid())
