"""The packs in force: loaded at start, and again when a person asks (SIGHUP, `eslbot rules reload`), when a pack was
published, and when a day brings one into force. A set that cannot be loaded leaves the old one in force, and people are
told. Knows where packs lie; not what is in them, nor how a call is judged.

Loading compiles: it is done off the hub, so that no call waits for it. Calls that are up keep the packs they began
under."""

import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Protocol

import gevent
import structlog
from gevent.lock import RLock

from eslbot.act import alert
from eslbot.clock import today
from eslbot.judge import Pack, PackErrors, Packs, Problem, load
from eslbot.judge.kept import forget
from eslbot.judge.outdated import outdated
from eslbot.judge.published import sources
from eslbot.model.orders import Alert
from eslbot.store.offhub import OffHub
from eslbot.supervise.access import Permission, Person
from eslbot.supervise.wire import Refused

log = structlog.get_logger("eslbot")
LOOK_EVERY = 30.0
"""Seconds between two looks at the day and at the directory of published packs."""


class Told(Protocol):
    """Where it is counted (watch.metrics.Metrics)."""

    def reloaded(self, result: str) -> None: ...
    def rules(self, severities: Mapping[str, str]) -> None: ...
    def reviews(self, due: Mapping[str, float]) -> None: ...


class RulesInForce:
    """`packs` is what a call that begins now is judged by."""

    def __init__(
        self, configured: tuple[str, ...], directory: Path, told: Callable[[], Told],
        alerted: Callable[[Alert], object], known: Callable[[str], bool] = lambda name: False,
        day: Callable[[], date] = today, in_force: Callable[[str], object] = lambda why: None,
        kept: Path | None = None,
    ) -> None:
        """Loads them here and now. `told` gives where it is counted; `known`: whether an alert of that name was raised
        before, perhaps in an earlier life; `in_force(why)` is told of each reload that succeeded; `kept`: where what
        packs say is kept for the next start. Raises PackErrors: a service does not start without its rules."""
        self._configured, self._directory = configured, directory
        self._told, self._alerted, self._known, self._day = told, alerted, known, day
        self._in_force, self._kept = in_force, kept
        self._off_hub, self._turn = OffHub(1), RLock()
        self._failures = 0
        self._reviewed: set[str] = set()
        """Names of the alerts of reviews that were looked up in this life."""
        self._loaded_on, self._seen = self._day(), self._state()
        self.packs = self._load()

    def watch(self) -> None:
        """A greenlet's work: looks again and again whether a day or the directory brings other packs."""
        self.look_at_reviews()
        self.look_at_taken()
        while True:
            gevent.sleep(LOOK_EVERY)
            self.look()

    def look(self) -> None:
        """One look."""
        day = self._day()
        if self._state() != self._seen:
            self.reload("changed")
        elif (change := self.packs.next_change(self._loaded_on)) is not None and change <= day:
            self.reload("day")
        self.look_at_reviews()

    def reload(self, why: str) -> tuple[str, ...]:
        """Load them again. Returns what is wrong, one line for each place; then the old ones stay in force."""
        with self._turn:
            self._loaded_on, self._seen = self._day(), self._state()
            try:
                packs = self._off_hub.run(self._load)
            except PackErrors as error:
                problems = tuple(map(str, error.problems))
                log.error("the packs cannot be loaded; those before stay in force", why=why, problems=len(problems),
                          first=problems[0])
                self._told().reloaded("failed")
                self._failures += 1
                text = f"{len(problems)} things are wrong, the first: {problems[0]}"
                self._alerted(alert.of_packs("packs-broken", "", text, f"{self._loaded_on}!{self._failures}"))
                return problems
            self.packs = packs
        self._told().reloaded("done")
        self._tell()
        log.info("packs in force", why=why, packs=[f"{pack.name} {pack.version}" for pack in packs.packs])
        self._in_force(why)
        self.look_at_reviews()
        self.look_at_taken()
        return ()

    def look_at_reviews(self) -> None:
        """Tell how long each pack has until it is to be looked at again, and of those whose day has come."""
        self._tell()
        for pack in self.packs.review_due(self._day()):
            assert pack.review is not None
            told = alert.of_packs("review-due", pack.name, f"version {pack.version} was to be looked at again by "
                                  f"{pack.review}", f"{pack.version}-{pack.review}")
            self._tell_once(told)

    def look_at_taken(self) -> None:
        """Tell, once, of packs that go on with rules of a former version of a shipped one."""
        for problem in self._off_hub.run(self._outdated):
            name = f"{zlib.crc32(problem.text.encode()):08x}"
            self._tell_once(alert.of_packs("pack-outdated", Path(problem.file).stem, str(problem), name))

    def _tell_once(self, told: Alert) -> None:
        if told.id not in self._reviewed:
            self._reviewed.add(told.id)
            if not self._known(told.id):
                self._alerted(told)

    def asked(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """`eslbot rules reload`."""
        person.needs(Permission.OPERATE)
        problems = self.reload(f"asked by {person.who}")
        if problems:
            raise Refused("\n".join([*problems, "the packs before stay in force"]))
        return {"packs": [_plain(pack) for pack in self.packs.packs]}

    def severities(self) -> dict[str, str]:
        """Rule -> severity, of the packs in force."""
        return {rule: verdict.severity.label for rule, verdict in self.packs.verdicts.items()}

    def _tell(self) -> None:
        self._told().rules(self.severities())
        self._told().reviews({
            pack.name: _seconds(pack.review) for pack in self.packs.packs if pack.review is not None})

    def _load(self) -> Packs:
        try:
            files = sources(self._configured, self._directory, kept=self._kept)
            return load(files, day=self._day(), kept=self._kept)
        finally:
            forget()

    def _outdated(self) -> list[Problem]:
        try:
            return outdated([pack.file for pack in self.packs.loaded], kept=self._kept)
        finally:
            forget()

    def _state(self) -> tuple[tuple[str, int], ...]:
        """What is published: changed where a pack was. (A configured file that is edited comes into force only where a
        person asks for it.)"""
        return tuple((str(note), note.stat().st_mtime_ns) for note in sorted(self._directory.glob("*/*.json")))


def _plain(pack: Pack) -> dict[str, Any]:
    return {"pack": pack.name, "version": pack.version,
            "effective": pack.effective.isoformat() if pack.effective else None}  # fmt: skip


def _seconds(day: date) -> float:
    """Its first moment here, since the epoch."""
    return datetime.combine(day, time()).astimezone().timestamp()
