"""What the service has done from time to time: checkpoints of the audit, retention, backups. Each is the very command a
person would type, in a process of its own and with less priority, so that neither its work nor its fall touches a call.
Knows when each is due and whether it succeeded, not what it does."""

import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import gevent
import gevent.subprocess
import structlog

from eslbot.config import Settings
from eslbot.greenlets import Greenlets
from eslbot.model.call import PURPOSES
from eslbot.record.retention import SLACK, WITNESS, doubt
from eslbot.store.rows import FlagRow
from eslbot.store.store import Store

log = structlog.get_logger("eslbot")
RETRY_SECONDS = 900.0
"""Until what failed is tried again, where it is not due sooner."""
FIRST_SECONDS = 60.0
"""After the start, before anything is done: calls are taken up first."""
WITNESS_SECONDS = 3600.0
DAILY = 86_400.0


@dataclass(frozen=True, slots=True)
class Chore:
    """One command and how often it is due."""

    name: str
    arguments: tuple[str, ...]
    every: float
    alert: str
    """Kind of the alert where it fails."""
    wants_clock: bool = False
    """Not done while the wall clock and the service's own have parted."""
    first: float = FIRST_SECONDS
    """Seconds after the start, where it was never done."""


def of(settings: Settings) -> list[Chore]:
    """Those that are configured."""
    found = [Chore("completeness", ("recordings", "missing", "--within", "2d"), DAILY, "recording-missing")]
    if settings.audit.key is not None:
        found.append(Chore("checkpoint", ("audit", "checkpoint"), settings.audit.every, "audit-down"))
    if any(period is not None for period in _periods(settings)):
        found.append(Chore("retention", ("retention", "run"), settings.retention.every, "retention-refused", True))
    if settings.backup.to is not None:
        backup = settings.backup
        found.append(Chore("backup", ("backup", "run"), backup.every, "backup-failed"))
        found.append(Chore("rehearsal", ("backup", "rehearse"), backup.rehearse, "backup-failed", first=3600.0))
    return found


def _periods(settings: Settings) -> list[float | None]:
    """All that may let something expire."""
    section = settings.retention
    return [section.keep, section.rows, *(getattr(section.purpose, purpose).keep for purpose in PURPOSES)]


def command(file: Path) -> Callable[[Chore], list[str]]:
    """The command line of a chore under that configuration."""
    nice = shutil.which("nice")
    first = [nice, "-n", "10"] if nice else []
    return lambda chore: [*first, sys.executable, "-m", "eslbot", *chore.arguments, "-c", str(file), "--json"]


class Chores:
    """Every chore in a greenlet of its own."""

    def __init__(
        self, chores: Sequence[Chore], command: Callable[[Chore], list[str]], store: Store, clock: Callable[[], float],
        failed: Callable[[str, str], None], done: Callable[[str, bytes], None], wall: Callable[[], float] = time.time,
    ) -> None:
        """`clock`: the steady one; `wall`: what the machine shows. `failed(kind, reason)`: people are to be told.
        `done(name, output)`: it succeeded, and printed that."""
        self._chores, self._command, self._store = chores, command, store
        self._clock, self._wall, self._failed, self._done = clock, wall, failed, done

    def start(self, greenlets: Greenlets) -> None:
        """Begin."""
        for chore in self._chores:
            greenlets.spawn(f"chore-{chore.name}", self._keep, chore, restart_after=RETRY_SECONDS)
        greenlets.spawn("clock-witness", self._witness, restart_after=WITNESS_SECONDS)

    def _keep(self, chore: Chore) -> None:
        flag = self._store.flags.get(_flag(chore))
        now = self._clock()
        due = chore.first if flag is None else min(max(FIRST_SECONDS, flag.at + chore.every - now), chore.every)
        while True:
            gevent.sleep(due)
            due = chore.every if self.perform(chore) else min(RETRY_SECONDS, chore.every)

    def perform(self, chore: Chore) -> bool:
        """Do it now; whether it succeeded."""
        apart = self._wall() - self._clock()
        if chore.wants_clock and abs(apart) > SLACK:
            self._failed(chore.alert, f"{chore.name}: the machine's clock went {apart / 3600:+.1f} h since the start")
            return False
        process = gevent.subprocess.Popen(
            self._command(chore), stdin=gevent.subprocess.DEVNULL, stdout=gevent.subprocess.PIPE,
            stderr=gevent.subprocess.PIPE, start_new_session=True,
        )
        try:
            output, complaint = process.communicate()
        finally:   # the service ends: what is done in steps goes on with the next
            if process.poll() is None:
                process.terminate()
        if process.returncode:
            said = complaint.decode("utf-8", "replace").strip().splitlines()
            self._failed(chore.alert, f"{chore.name}: {said[-1] if said else f'exit code {process.returncode}'}"[:300])
            return False
        log.info("chore", name=chore.name)
        now = self._clock()
        self._store.flags.put(FlagRow(_flag(chore), "done", now))
        self._done(chore.name, output)
        return True

    def _witness(self) -> None:
        """Writes down every hour that the clock is right, while it is, so that a jump shows to whoever deletes."""
        while True:
            self.see()
            gevent.sleep(WITNESS_SECONDS)

    def see(self) -> None:
        """Once."""
        flag = self._store.flags.get(WITNESS)
        now = self._wall()
        newest = None if flag is not None else max(
            (row.ended for row in self._store.recordings.find(limit=50, newest_first=True) if row.ended), default=None)
        if abs(now - self._clock()) <= SLACK and not doubt(now, float(flag.value) if flag else None, newest):
            self._store.flags.put(FlagRow(WITNESS, repr(now), now))


def _flag(chore: Chore) -> str:
    return f"chore-{chore.name}"
