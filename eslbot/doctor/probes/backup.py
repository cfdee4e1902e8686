"""Looks at the newest snapshot where backups lie. Reads names and that one small file; writes nothing there."""

import os
from pathlib import Path

from eslbot.config import Settings
from eslbot.doctor.mounts import nearest
from eslbot.doctor.probes.local import way_to
from eslbot.doctor.verdicts.backup import BackupSeen
from eslbot.record.backup.checking import chosen
from eslbot.record.backup.layout import BackupProblem
from eslbot.record.backup.making import snapshot, snapshots
from eslbot.record.backup.places import place_of
from eslbot.record.checkpoint import CheckpointProblem, public_file, public_key


def look(settings: Settings) -> BackupSeen | None:
    """None where none is configured. Blocks; raises nothing for a place that fails."""
    to = settings.backup.to
    if to is None:
        return None
    local = "://" not in to
    if local and not Path(to).is_dir():
        return BackupSeen(to, f"{to}: there is no such directory")
    try:
        place = place_of(to, settings.backup.endpoint)
        there = snapshots(place)
        newest = snapshot(place, there[-1]) if there else None
        forged = newest is not None and bool(newest.signature) and _forged(settings, place, there[-1])
    except (BackupProblem, OSError, ModuleNotFoundError) as problem:
        return BackupSeen(to, f"{to}: {problem}" if to not in str(problem) else str(problem))
    free, same = _disk(settings, Path(to)) if local else (None, False)
    way = way_to(Path(to)) if local else ()
    if newest is None:
        return BackupSeen(to, free=free, same_disk=same, way=way)
    return BackupSeen(to, "", newest.number, newest.at, bool(newest.signature), forged, same, free, way)


def _forged(settings: Settings, place: object, number: int) -> bool:
    key = settings.audit.key
    if key is None:
        return False
    try:
        public = public_key(public_file(key))
    except CheckpointProblem:
        return False   # told by the audit's look
    try:
        chosen(place, number, public)  # type: ignore[arg-type]
    except BackupProblem:
        return True
    return False


def _disk(settings: Settings, to: Path) -> tuple[int, bool]:
    room = os.statvfs(to)
    recordings = nearest(settings.record.directory.absolute())
    return room.f_bavail * room.f_frsize, to.stat().st_dev == recordings.stat().st_dev
