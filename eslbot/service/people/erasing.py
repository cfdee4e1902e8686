"""Recordings held, released and erased by those who may: the handlers behind the API and the console. Knows who asks,
why, and whether a call is up; how a key is destroyed record/erase.py knows. What takes long is done off the hub."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from eslbot.record.erase import Eraser, ErasureRefused, Wish
from eslbot.service.people.reasons import NoReason, why
from eslbot.store.engine import StoreProblem
from eslbot.store.ledger import Ledger
from eslbot.store.offhub import OffHub
from eslbot.store.recording_rows import HoldRow
from eslbot.store.store import Store
from eslbot.supervise.access import Permission, Person
from eslbot.supervise.admin import Handler
from eslbot.supervise.records import Records
from eslbot.supervise.wire import Refused

Make = Callable[[str], Eraser]
"""What erases in somebody's name; opens the audit, so it blocks."""


def eraser(url: str, directory: Path, live: Path, node: str, clock: Callable[[], float]) -> Make:
    """Of one service's places."""
    return lambda who: Eraser(Ledger(url, clock), directory, live, node, who, clock)


class Erasing:
    """The handlers of one service. Each is done for a reason only, and done again changes nothing."""

    def __init__(self, make: Make, store: Store, records: Records, up: Callable[[str], bool]) -> None:
        """`up`: whether a call is on the line."""
        self._make, self._store, self._records, self._up = make, store, records, up
        self._off_hub = OffHub(1)   # one at a time: each searches the store's files

    @property
    def handlers(self) -> dict[str, Handler]:
        """By verb."""
        return {"keeping": self.keeping, "hold": self.hold, "release": self.release, "erase": self.erase}

    def keeping(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """How a recording stands: {call, hold, erased}."""
        return self._shown(self._meant(args, person))

    def hold(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Neither erasure nor its period's end touches it until it is released. The first hold is kept."""
        return self._done(args, person, lambda call, eraser, reason: eraser.hold(call, reason))

    def release(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Ends the hold."""

        def release(call: str, eraser: Eraser, reason: str) -> None:
            if self._store.holds.get(call) is not None:
                eraser.release(call, reason)

        return self._done(args, person, release)

    def erase(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Destroys its keys, then its files, for good; `erased` is the receipt. Refused while it is held, or up."""

        def erase(call: str, eraser: Eraser, reason: str) -> None:
            if self._up(call):
                raise Refused(f"{call} is up; erase it when it has ended")
            eraser.erase([Wish(call, reason)])

        return self._done(args, person, erase)

    def stop(self) -> None:
        """Let the thread go. What it was at is finished by the next who asks, or by the next start of retention."""
        self._off_hub.close()

    # -----------------------------------------------------------------------------------------------------------------
    def _meant(self, args: dict[str, Any], person: Person) -> str:
        person.needs(Permission.ERASE)
        return self._records.found(args, person)[0][0].call

    def _done(
        self, args: dict[str, Any], person: Person, act: Callable[[str, Eraser, str], None],
    ) -> dict[str, Any]:
        call, reason = self._meant(args, person), why(args)
        if not reason:
            raise NoReason("holding, releasing and erasing ask for a reason")

        def work() -> None:
            eraser = self._make(person.who)
            try:
                act(call, eraser, reason)
            finally:
                eraser.ledger.close()

        try:
            self._off_hub.run(work)
        except ErasureRefused as refused:
            raise Refused(str(refused)) from refused
        except OSError as error:
            raise StoreProblem(f"its keys are destroyed; a file is left: {error.strerror}; ask again") from error
        return self._shown(call)

    def _shown(self, call: str) -> dict[str, Any]:
        stone = self._store.tombstones.get(call)
        erased = None if stone is None else {**stone.receipt, "finished": stone.finished}
        return {"call": call, "hold": _shown(self._store.holds.get(call)), "erased": erased}


def _shown(row: HoldRow | None) -> dict[str, Any] | None:
    return None if row is None else {"at": row.at, "by": row.by, "reason": row.reason}
