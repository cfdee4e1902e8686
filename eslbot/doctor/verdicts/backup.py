"""Backups: whether there is one, how old it is, whether it was signed and rehearsed, and whether it lies elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass

from eslbot.doctor.findings import Finding, error, good, hint, warning
from eslbot.doctor.rights import SEARCH, WRITE, Node, Who, barred
from eslbot.doctor.verdicts.spelling import ago, size
from eslbot.doctor.verdicts.store import StoreSeen

LITTLE = 1 << 30
"""Bytes free where it lies, below which the next may not fit."""


@dataclass(frozen=True, slots=True)
class BackupSeen:
    """What the place had."""

    to: str
    problem: str = ""
    """Why it could not be looked at."""
    number: int = 0
    """Of the newest snapshot; 0: there is none."""
    at: float = 0.0
    signed: bool = False
    """By the audit's key."""
    forged: bool = False
    """It has a signature that is not that key's."""
    same_disk: bool = False
    """As the recordings."""
    free: int | None = None
    """Bytes, where that can be told."""
    way: tuple[Node, ...] = ()
    """To the directory; empty for an object store."""


def judge(seen: BackupSeen | None, store: StoreSeen, every: float, rehearse: float, has_key: bool,
          now: float, ours: Who) -> Iterator[Finding]:
    """`seen` None: no backup is configured. `ours`: whom the service, which makes them, runs as."""
    if seen is None:
        yield warning("backup.age", "nothing is backed up: with this disk the recordings and the audit are lost",
                      "[backup] to = \"/mnt/elsewhere/eslbot\" (docs/how-to/backup.md)")
        return
    if seen.problem:
        yield error("backup.age", seen.problem, "look at [backup] to, its rights, and whether it is mounted", seen.to)
        return
    if kept_out := barred(ours, seen.way, WRITE | SEARCH) if seen.way else "":
        yield error("backup.writable", f"{ours} may not write it: {kept_out}", f"chown -R {ours} {seen.to}", seen.to)
    yield from _age(seen, store, every, now)
    if seen.forged:
        yield error("backup.signature", f"snapshot {seen.number} is not signed by [audit] key",
                    "eslbot backup verify; who else writes there?", seen.to)
    elif seen.number and has_key and not seen.signed:
        yield hint("backup.signature", f"snapshot {seen.number} is not signed", "eslbot backup run, now that there is "
                   "a key", seen.to)
    if seen.same_disk:
        yield warning("backup.place", "it lies on the same disk as the recordings: one fault takes both",
                      "[backup] to: another machine's disk, or s3://", seen.to)
    if seen.free is not None and seen.free < LITTLE:
        yield warning("backup.room", f"{size(seen.free)} free where it lies", "make room, or [backup] keep", seen.to)
    if seen.number:
        yield from _rehearsed(seen, store, rehearse, now)


def _age(seen: BackupSeen, store: StoreSeen, every: float, now: float) -> Iterator[Finding]:
    mend = "eslbot backup run says what keeps it; the service does it as often as [backup] every says"
    if not seen.number:
        told = f"there is no snapshot, and {store.recordings} recordings" if store.recordings else "no snapshot yet"
        yield (error if store.recordings else hint)("backup.age", told, "eslbot backup run", seen.to)
        return
    age = now - seen.at
    told = f"snapshot {seen.number} was made {ago(age)}"
    if age > 3 * every:
        yield error("backup.age", told, mend, seen.to)
    elif age > 1.5 * every:
        yield warning("backup.age", told, mend, seen.to)
    else:
        yield good("backup.age", told, seen.to)


def _rehearsed(seen: BackupSeen, store: StoreSeen, every: float, now: float) -> Iterator[Finding]:
    at = store.chores.get("rehearsal")
    if at is None:
        yield hint("backup.rehearsal", "its return was never rehearsed by the service", "eslbot backup rehearse",
                   seen.to)
    elif now - at > 2 * every:
        yield warning("backup.rehearsal", f"its return was last rehearsed {ago(now - at)}", "eslbot backup rehearse",
                      seen.to)
    else:
        yield good("backup.rehearsal", f"its return was rehearsed {ago(now - at)}", seen.to)
