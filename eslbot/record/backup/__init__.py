"""Backups of the store and of sealed recordings, to a directory or an object store: run, verify, rehearse, restore.
layout.py says what lies where. No identity is needed to make a backup."""

from eslbot.record.backup.layout import BackupProblem
from eslbot.record.backup.places import Place, place_of

__all__ = ["BackupProblem", "Place", "place_of"]
