"""The store and its audit: whether it can be read and is of our shape, whether the chain is what was signed last, and
when what is done from time to time was done last."""

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from eslbot.doctor.findings import Finding, error, good, hint, warning
from eslbot.doctor.rights import READ, SEARCH, WRITE, Node, Who, barred
from eslbot.doctor.verdicts.spelling import ago


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """An account, as far as the doctor asks."""

    name: str
    rules: bool
    """Can sign in as an admin."""
    codes: str | None
    """How its phone's feature codes stand: one of shown.CODES; None: not in this role."""


@dataclass(frozen=True, slots=True)
class StoreSeen:
    """What the tables said."""

    url: str
    """Without its password."""
    problem: str = ""
    """Why it could not be read; empty where it could."""
    absent: bool = False
    """SQLite's file is not there."""
    driver: str = ""
    """Of a database whose driver is not installed."""
    revision: str | None = None
    newest: str = ""
    known: bool = True
    """Whether this program knows that revision."""
    open_to_others: bool = False
    """SQLite's file can be read by others."""
    way: tuple[Node, ...] = ()
    """To SQLite's file; empty for another database, or none."""
    newest_recording: float | None = None
    """When the newest recording ended."""
    recordings: int = 0
    """Those that are closed and not erased."""
    witness: float | None = None
    """The last wall time that was believed."""
    chores: Mapping[str, float] = field(default_factory=dict)
    """When each was last done, by its name."""

    accounts: Sequence[AccountSeen] = ()

    @property
    def readable(self) -> bool:
        """Whether its rows could be read."""
        return not self.problem and not self.absent and not self.driver and self.revision == self.newest


@dataclass(frozen=True, slots=True)
class AuditSeen:
    """What there is beside the chain."""

    key: str = ""
    """The configured key's file; empty: none is."""
    key_problem: str = ""
    file: str = ""
    """Of checkpoints; empty: they go to the webhook only."""
    file_problem: str = ""
    at: float | None = None
    """When the last checkpoint was made."""
    seq: int = 0
    signed: str = ""
    """The digest that was signed for that row."""
    there: str | None = None
    """The digest the row has now; None: there is no such row."""
    way: tuple[Node, ...] = ()
    """To the file of checkpoints, or to the nearest directory above it that is there."""


def judge(seen: StoreSeen, ours: Who) -> Iterator[Finding]:
    """Reachable, of our shape, and the service's to write."""
    if seen.driver:
        yield error("store.reachable", f"{seen.url}: {seen.driver}", "pip install 'eslbot[postgresql]'", seen.url)
        return
    if seen.absent:
        yield hint("store.reachable", "there is no store yet; the first start makes it", "systemctl start eslbot",
                   seen.url)
        return
    if seen.problem:
        yield error("store.reachable", seen.problem, "look at [store] url, and whether the database is up", seen.url)
        return
    yield good("store.reachable", "can be read", seen.url)
    if seen.revision == seen.newest:
        yield good("store.revision", f"revision {seen.revision}, the newest", seen.url)
    elif seen.known:
        yield warning("store.revision", f"revision {seen.revision or 'none'}, and this eslbot writes {seen.newest}",
                      "eslbot backup run with the eslbot that made it, then start this one: it brings the store up",
                      seen.url)
    else:
        yield error("store.revision", f"revision {seen.revision}, of a newer eslbot; this one knows {seen.newest}",
                    "install the eslbot that made it, or restore a backup", seen.url)
    if seen.open_to_others:
        yield warning("store.mode", "other users may read it", f"chmod 600 {seen.url.removeprefix('sqlite:///')}",
                      seen.url)
    if kept_out := barred(ours, seen.way, READ | WRITE) if seen.way else "":
        yield error("store.writable", f"{ours} may not write it: {kept_out}", f"chown {ours} {seen.way[-1].path}",
                    seen.url)


def _wanted(node: Node) -> int:
    return WRITE | SEARCH if stat.S_ISDIR(node.mode) else WRITE


def judge_audit(seen: AuditSeen, store: StoreSeen, every: float, now: float, ours: Who) -> Iterator[Finding]:
    """The last checkpoint: there, signed, young, and of the chain as it is now; the file the service's to write."""
    if kept_out := barred(ours, seen.way, _wanted(seen.way[-1])) if seen.way else "":
        where = kept_out.partition(" (")[0]
        yield error("store.checkpoint", f"{ours} may not write it: {kept_out}", f"chown {ours} {where}", seen.file)
    if not seen.key:
        yield hint("store.checkpoint", "no checkpoints are made: nobody could tell whether the audit's tail was cut "
                   "off", "eslbot audit key -o FILE, then [audit] key and checkpoint")
        return
    if seen.key_problem:
        yield error("store.checkpoint", seen.key_problem, "eslbot audit key -o FILE makes another; chmod 600 it",
                    seen.key)
        return
    if seen.file_problem:
        yield error("store.checkpoint", seen.file_problem, "eslbot audit checkpoint, and eslbot audit verify "
                    "--checkpoint FILE", seen.file)
        return
    at = seen.at if seen.file else store.chores.get("checkpoint")
    if at is None:
        yield hint("store.checkpoint", "no checkpoint was made yet", "eslbot audit checkpoint", seen.file)
        return
    if seen.file and store.readable and seen.seq and seen.there != seen.signed:
        what = "is not there any more" if seen.there is None else "is another than the one that was signed"
        yield error("store.chain", f"row {seen.seq} of the audit {what}", f"eslbot audit verify --checkpoint "
                    f"{seen.file}; then a backup of the store", seen.file)
    elif seen.file and store.readable:
        yield good("store.chain", f"row {seen.seq} of the audit is the one that was signed", seen.file)
    told = f"the last checkpoint was made {ago(now - at)}"
    if now - at > 2 * every + 600:
        yield warning("store.checkpoint", told, "systemctl status eslbot: the service makes them; by hand: "
                      "eslbot audit checkpoint", seen.file)
    else:
        yield good("store.checkpoint", told, seen.file)
