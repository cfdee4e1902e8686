"""A violation and its appeal as one service knows them: found for whoever may see them, opened and sealed, and kept
where the audit is appended. Knows the store, whose a violation is, and where a call's letters are sealed and opened;
who may do what by when is improve/appeals'."""

from typing import Any

from eslbot.record import letters
from eslbot.record.keys import KeyProblem
from eslbot.service.people.letters import Letters, Read
from eslbot.store.appeal_rows import OPEN, AppealRow, name_of
from eslbot.store.appeals import AppealStore, Change
from eslbot.store.chain import Entry
from eslbot.store.offhub import OffHub
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import ViolationRow
from eslbot.store.store import Store
from eslbot.supervise.access import Hidden, NoSuch, Permission, Person
from eslbot.supervise.records import LOOKED_AT, violation
from eslbot.supervise.wire import Refused


class Contested:
    """Of one store."""

    def __init__(self, store: Store, url: str, read: Letters | None, node: str) -> None:
        """`read`: opens letters and words; None: this service has no key."""
        self._store, self._url, self._read, self._node = store, url, read, node
        self._off_hub = OffHub(1)
        self._kept: AppealStore | None = None

    # --- looking -----------------------------------------------------------------------------------------------------
    def found(self, name: str, person: Person) -> tuple[ViolationRow, AppealRow | None]:
        """The violation of that name: an agent's own, of others what was contested. Raises NoSuch: what is not theirs
        to see is not there."""
        name = name.strip().lower()
        row = self._store.appeals.get(name) if name else None
        found = self._store.violations.get(row.hit) if row is not None else None
        if found is None and name and person.may(Permission.OWN):
            mine = self._store.violations.find(agent=person.name, newest_first=True, limit=LOOKED_AT)
            found = next((one for one in mine if name_of(one.hit) == name), None)
        if found is None or not person.sees(found.team, found.agent):
            said = f"there is no appeal {name[:64]!r}"
            raise NoSuch(said) if found is None else Hidden(said, found.call)
        return found, row

    def part(self, found: ViolationRow, row: AppealRow | None) -> RecordingRow | None:
        """The part of the recording that an appeal is sealed with: the one that holds the violation, where there are
        several."""
        parts = sorted(self._store.recordings.find(call=found.call), key=lambda one: one.part)
        if row is not None:
            return next((one for one in parts if one.part == row.part), None)
        begun = [one for one in parts if one.first <= max(found.start, 0)]
        return (begun or parts)[-1 if begun else 0] if parts else None

    def opened(
        self, found: ViolationRow, row: AppealRow | None, sound: RecordingRow | None, person: Person,
    ) -> Read:
        """What was said, and what was written about it. Raises StoreProblem: the audit is away."""
        if sound is None or sound.state == "erased":
            return Read(why="erased")
        if self._read is None:
            return Read(why="no-key")
        return self._read.read(sound, found, row, person)

    def deeds(self, call: str, who: str) -> list[str]:
        """See store/appeals."""
        return self._off_hub.run(lambda: self._appeals().deeds(call, who))

    # --- doing -------------------------------------------------------------------------------------------------------
    def change(self, found: ViolationRow, person: Person, change: Change, what: str) -> AppealRow:
        """What `change` makes of the violation's appeal, audited as `what`. Raises what it raises, and StoreProblem."""

        def entry(row: AppealRow) -> Entry:
            return Entry(what, person.who, row.call, row.id, node=self._node,
                         detail=f"{found.rule}, {found.pack} {found.version}: {row.state}")

        return self._off_hub.run(
            lambda: self._appeals().change(name_of(found.hit), found.call, person.who, change, entry))

    @staticmethod
    def seal(text: str, sound: RecordingRow | None) -> str:
        """A letter with that part's words; empty where nobody could open it, since the call's keys are destroyed."""
        if sound is None or not sound.letters or sound.state == "erased":
            return ""
        try:
            return letters.seal(text, sound.letters)
        except KeyProblem as error:
            raise Refused(f"the call's key for letters cannot be used: {error}") from error

    def _appeals(self) -> AppealStore:
        """In the thread."""
        if self._kept is None:
            self._kept = AppealStore(self._url)
        return self._kept

    def stop(self) -> None:
        """Let the database go."""
        kept, self._kept = self._kept, None
        if kept is not None:
            self._off_hub.run(kept.close)
        self._off_hub.close()


def listed(row: AppealRow | None, found: ViolationRow, now: float) -> dict[str, Any]:
    """As people see it in a list; nothing that is sealed."""
    return {
        "id": name_of(found.hit), "state": row.state if row else None, "filed": row.at if row else None,
        "due": row.due if row else None, "overdue": row is not None and row.state == OPEN and row.due < now,
        "closed": row.closed if row else None, "closed_by": row.closed_by if row else "",
        "violation": violation(found, row),
    }


def gone(sound: RecordingRow | None) -> bool:
    """Whether nothing can be sealed with it: it was erased, was never there, or is from before there were letters."""
    return sound is None or sound.state == "erased" or not sound.letters

