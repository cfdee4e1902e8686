"""A machine whose store and recordings are backed up, and brought back elsewhere."""

from pathlib import Path
from typing import Any

from eslbot.record.backup import Place, making, restoring
from eslbot.record.backup.making import Source
from eslbot.store import Ledger
from tests.record.keeping import Kept
from tests.record.rig import IDENTITY, SECOND


def source(kept: Kept, **more: Any) -> Source:
    return Source(Ledger(kept.url), kept.options.directory, kept.node, "first", (IDENTITY.recipient, SECOND.recipient),
                  lambda: kept.now, **more)


def back_up(kept: Kept, place: Place, keep: int = 7, **more: Any) -> dict[str, Any]:
    return making.run(source(kept, **more), place, keep)


def bring_back(place: Place, directory: Path, **more: Any) -> tuple[Kept, dict[str, Any]]:
    """Restored to an empty SQLite store and directory, by another recipient."""
    new = Kept(directory, f"sqlite:///{directory / 'restored.db'}")
    report = restoring.restore(place, new.url, new.options.directory, [SECOND], "second", "n1", **more)
    return new, report
