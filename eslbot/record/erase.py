"""Erasure: a call's keys are destroyed, then its files are removed; a tombstone and a receipt stay. Legal holds, which
forbid it. Knows the store's rows and where files lie; asks for no identity, since none is needed to destroy.

Each step can be done again, so whoever dies half-way finishes it by doing it again: first one transaction takes both
headers, leaves the tombstone and tells the audit; then the store's files are searched for what may be left of the keys;
then the payload files go."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eslbot.record import paths
from eslbot.record.disk import sync_directory
from eslbot.record.live import LiveDirectory
from eslbot.store import destruction
from eslbot.store.chain import Entry
from eslbot.store.ledger import Ledger, Writing
from eslbot.store.recording_rows import HoldRow, RecordingRow, TombstoneRow

ROTATING = "keys-rotation"
"""The flag of a rotation that is not finished: older headers than the rows' may lie in the database's free pages."""
REQUEST = "request"
"""Basis of an erasure that somebody asked for."""


class ErasureRefused(Exception):
    """It may not be erased, or there is nothing to erase; names the call and says why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be erased, and why."""

    call: str
    reason: str = ""
    """As the person gave it, without numbers."""
    basis: str = REQUEST


@dataclass(frozen=True, slots=True)
class Eraser:
    """Erases from one store and one machine's directory."""

    ledger: Ledger
    directory: Path
    """Of the recordings."""
    live: Path
    """Keys of calls that are going on."""
    node: str
    who: str
    clock: Callable[[], float] = time.time

    def erase(self, wishes: Sequence[Wish]) -> list[dict[str, Any]]:
        """Destroy them all; gives each one's receipt. What was erased before gives the receipt it had. One refusal
        refuses all, and nothing is done. Raises ErasureRefused, StoreProblem, OSError."""
        wanted: list[bytes] = []
        with self.ledger.writing() as writing:
            for wish in wishes:
                wanted += self._bury(writing, wish)
        return self._finish([wish.call for wish in wishes], wanted)

    def repeat(self) -> list[str]:
        """Finish what was begun, and destroy again what a restored backup brought back; gives those calls."""
        with self.ledger.writing() as writing:
            calls = destruction.unfinished(writing.connection)
            wanted: list[bytes] = []
            for call in calls:
                stone = destruction.tombstone_of(writing.connection, call)
                rows = destruction.parts(writing.connection, call)
                if stone is not None and any(row.state != destruction.ERASED for row in rows):
                    wanted += self._destroy(writing, replace(stone, finished=None), rows, "destroyed again")
        if calls:
            self._finish(calls, wanted)
        return calls

    def hold(self, call: str, reason: str) -> None:
        """Forbid erasure and expiry of the call, until it is released. Raises ErasureRefused where there is nothing to
        hold."""
        with self.ledger.writing() as writing:
            if destruction.tombstone_of(writing.connection, call) is not None:
                raise ErasureRefused(f"{call} is erased already: there is nothing to hold")
            if destruction.hold_of(writing.connection, call) is None:
                destruction.put(writing, HoldRow(call, self.clock(), self.who, reason))
                writing.append(Entry("hold", self.who, call, reason=reason, node=self.node))

    def release(self, call: str, reason: str) -> None:
        """End the hold. Raises ErasureRefused where there is none."""
        with self.ledger.writing() as writing:
            if destruction.hold_of(writing.connection, call) is None:
                raise ErasureRefused(f"{call} is not under a hold")
            destruction.release(writing, call)
            writing.append(Entry("release", self.who, call, reason=reason, node=self.node))

    # --- inside the transaction ---------------------------------------------------------------------------------
    def _bury(self, writing: Writing, wish: Wish) -> list[bytes]:
        """Gives what must not be found in the store any more."""
        held = destruction.hold_of(writing.connection, wish.call)
        if held is not None:
            why = f": {held.reason}" if held.reason else ""
            raise ErasureRefused(f"{wish.call} is under a legal hold of {held.by}{why}; release it first")
        rows = destruction.parts(writing.connection, wish.call)
        stone = destruction.tombstone_of(writing.connection, wish.call)
        if stone is not None and all(row.state == destruction.ERASED for row in rows):
            return []
        if not rows:
            raise ErasureRefused(f"there is no recording of call {wish.call}")
        if any(row.ended is None for row in rows):
            raise ErasureRefused(f"{wish.call} is still being recorded (or a crash left it: start the service, which "
                                 "closes it); erase it when it has ended")
        stone = stone or TombstoneRow(wish.call, self.clock(), self.who, wish.reason, wish.basis)
        return self._destroy(writing, replace(stone, finished=None), rows, wish.basis)

    def _destroy(self, writing: Writing, stone: TombstoneRow, rows: list[RecordingRow], detail: str) -> list[bytes]:
        row = writing.append(Entry("erase", self.who, stone.call, ", ".join(r.sha256 for r in rows if r.sha256),
                                   stone.reason, self.node, detail))
        receipt = {
            "call": stone.call, "at": stone.at, "by": stone.by, "reason": stone.reason, "basis": stone.basis,
            "audit": row.seq, "audit_digest": row.digest, "parts": [_destroyed(r) for r in rows],
        }
        destruction.destroy_headers(writing, stone.call)
        destruction.put(writing, replace(stone, audit=row.seq, receipt=receipt))
        return destruction.traces(rows)

    # --- after it -----------------------------------------------------------------------------------------------
    def _finish(self, calls: Sequence[str], wanted: Sequence[bytes]) -> list[dict[str, Any]]:
        """`wanted`: traces of the keys that were destroyed just now; empty where a process before us did it."""
        with self.ledger.writing() as writing:
            found = [(self._stone(writing, call), destruction.parts(writing.connection, call)) for call in calls]
            stale = destruction.flag(writing.connection, ROTATING) is not None
        how = ""
        if any(stone.finished is None and "store" not in stone.receipt for stone, _ in found):
            how = destruction.scrub(self.ledger.engine, None if stale else wanted or None)
        return [self._finished(stone, rows, how) for stone, rows in found]

    def _finished(self, stone: TombstoneRow, rows: list[RecordingRow], how: str) -> dict[str, Any]:
        if stone.finished is None:
            LiveDirectory(self.live).discard(paths.checked(stone.call))
            files, left = self._remove(rows)
            receipt = {"store": how, **stone.receipt, "files": [*stone.receipt.get("files", ()), *files], "left": left}
            stone = replace(stone, receipt=receipt, finished=None if left else self.clock())
            with self.ledger.writing() as writing:
                destruction.put(writing, stone)
        return {**stone.receipt, "finished": stone.finished}

    @staticmethod
    def _stone(writing: Writing, call: str) -> TombstoneRow:
        stone = destruction.tombstone_of(writing.connection, call)
        assert stone is not None  # nobody takes one away
        return stone

    def _remove(self, rows: Sequence[RecordingRow]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Files that were removed, and those that lie in another machine's directory."""
        removed, left = [], []
        for row in rows:
            for name in (paths.audio(self.directory, row.path), paths.words(self.directory, row.path)):
                where = {"file": str(name.relative_to(self.directory)), "node": row.node}
                if name.exists():
                    removed.append({**where, "bytes": name.stat().st_size})
                    name.unlink()
                    sync_directory(name.parent)
                elif row.node not in ("", self.node):
                    left.append(where)
        return removed, left


def _destroyed(row: RecordingRow) -> dict[str, Any]:
    return {
        "part": row.part, "sha256": row.sha256, "words_sha256": row.words_sha256, "seconds": row.seconds,
        "audio_header_sha256": hashlib.sha256(row.audio_header).hexdigest(),
        "words_header_sha256": hashlib.sha256(row.words_header).hexdigest(),
    }
