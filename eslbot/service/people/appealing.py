"""Appeals as people file and decide them: the handlers behind `eslbot appeals`, the API and the pages. Knows who asks
and what that takes; who may do what by when is improve/appeals', where it is kept and sealed is contested.py's."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import gevent

from eslbot.greenlets import Greenlets
from eslbot.improve import appeals
from eslbot.improve.appeals import AFTER, DECISIONS, Bar, Step
from eslbot.service.people.contested import Contested, gone, listed
from eslbot.service.people.reasons import why
from eslbot.store.appeal_rows import OPEN, REJECTED, UPHELD, WITHDRAWN, AppealRow, name_of
from eslbot.store.listing import BadPlace
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import ViolationRow
from eslbot.store.store import Store
from eslbot.supervise.access import NoSuch, Permission, Person
from eslbot.supervise.admin import Handler
from eslbot.supervise.records import limit_of, scope_of
from eslbot.supervise.wire import Refused

LOOK_EVERY = 30.0
"""Seconds between two looks at what is open: another service on the same store, or a restore, may have changed it."""
STATES = {"open": (OPEN,), "closed": (UPHELD, REJECTED, WITHDRAWN), "all": ()}
"""What a list may be narrowed to."""


class Barred(Refused):
    """It cannot be done; the text says why, and where it is too late since when."""


@dataclass(frozen=True, slots=True)
class Periods:
    """Seconds."""

    within: float
    """From a violation to its appeal."""
    answer: float
    """From the appeal to its decision."""


class Appealing:
    """The handlers of one service. `start`, then `stop`."""

    def __init__(
        self, store: Store, contested: Contested, periods: Periods, clock: Callable[[], float],
        up: Callable[[str], bool],
    ) -> None:
        """`up`: whether a call goes on."""
        self._store, self._contested, self._periods, self._clock, self._up = store, contested, periods, clock, up
        self._open: list[tuple[float, str, str]] = []
        """(due, team, agent) of each open one, as it was at the last look."""

    @property
    def handlers(self) -> dict[str, Handler]:
        """By verb."""
        return {
            "appeals": self.appeals, "appeal": self.appeal, "appeal_file": self.file,
            "appeal_withdraw": self.withdraw, "appeal_decide": self.decide,
        }

    # --- looking -----------------------------------------------------------------------------------------------------
    def appeals(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """{appeals, next, open}: the open ones, due first (`state`: open, the usual one), or those that are closed, or
        all, filed last first. One's own for an agent. `open`: how many wait for an answer."""
        person.needs(Permission.APPEALS, Permission.OWN)
        state = str(args.get("state") or "open")
        if state not in STATES:
            raise Refused(f"state: {', '.join(STATES)}")
        self.look()
        limit, after = limit_of(args), None
        if state == "open":
            rows = [row for row in self._store.appeals.find(state=OPEN) if person.sees(row.team, row.agent)]
            rows = sorted(rows, key=lambda row: (row.due, row.at))[:limit]
        else:
            place = str(args.get("after") or "")
            try:
                rows, after = self._store.listing.appeals(limit, place, scope_of(person), STATES[state])
            except BadPlace as error:
                raise Refused(f"after: {error}") from error
        found = {one.hit: one for one in self._store.violations.find(hit=tuple(row.hit for row in rows))}
        shown = [listed(row, found[row.hit], self._clock()) for row in rows if row.hit in found]
        return {"appeals": shown, "next": after, "open": self.waiting(person)}

    def appeal(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """A violation with its words, what was written of it, and what the person may do about it: an agent's own, also
        where nobody has contested it; of others what was contested."""
        person.needs(Permission.APPEALS, Permission.OWN)
        found, row = self._contested.found(str(args.get("appeal") or ""), person)
        sound = self._contested.part(found, row)
        read = self._contested.opened(found, row, sound, person)
        may, bar = self._may(found, row, sound, person)
        return {
            **listed(row, found, self._clock()),
            "until": appeals.until(found, self._periods.within), "words": read.words, "said": read.said,
            "reason": read.reason, "answer": read.answer, "sealed": read.why, "may": may,
            "barred": bar.code if bar else "", "detail": bar.text if bar else "", "part": sound.part if sound else None,
            "second": round(found.start / sound.rate, 2) if sound else None,
        }

    def waiting(self, person: Person) -> int:
        """How many appeals of whom the person sees wait for an answer; none for whoever decides none."""
        if not person.may(Permission.APPEALS):
            return 0
        return sum(person.sees(team, agent) for _, team, agent in self._open)

    def standing(self) -> tuple[int, int]:
        """How many are open, and how many of them overdue."""
        return len(self._open), appeals.overdue((due for due, _, _ in self._open), self._clock())

    def look(self) -> None:
        """See what is open."""
        self._open = [(row.due, row.team, row.agent) for row in self._store.appeals.find(state=OPEN)]

    # --- doing -------------------------------------------------------------------------------------------------------
    def file(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """The agent contests the violation of that name (`violation`), with a `reason`. Raises Barred."""
        person.needs(Permission.OWN)
        reason = _said(args, "say why this violation should not count")
        found, row = self._contested.found(str(args.get("violation") or ""), person)
        sound = self._contested.part(found, row)

        def change(before: AppealRow | None, _: list[str]) -> AppealRow:
            bar = self._bar_filing(found, before, sound)
            if bar is not None or sound is None:
                raise Barred(bar.text if bar else "there is no recording of the call")
            now = self._clock()
            return AppealRow(
                name_of(found.hit), found.hit, found.call, sound.part, now, found.agent, found.team,
                now + self._periods.answer, AFTER["", Step.FILE], self._contested.seal(reason, sound))

        return self._changed(found, person, change, "appeal-filed")

    def withdraw(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """The agent takes an open one back. Raises Barred."""
        person.needs(Permission.OWN)
        found, _ = self._contested.found(str(args.get("appeal") or ""), person)

        def change(before: AppealRow | None, _: list[str]) -> AppealRow:
            row = _unless(before, appeals.bar_withdrawing)
            return replace(row, state=AFTER[row.state, Step.WITHDRAW], closed=self._clock(), closed_by=person.who)

        return self._changed(found, person, change, "appeal-withdrawn")

    def decide(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """`outcome`: upheld (the violation does not count) or rejected, with a `reason`. Raises Barred."""
        person.needs(Permission.APPEALS)
        step = DECISIONS.get(str(args.get("outcome")))
        if step is None:
            raise Refused(f"outcome: {' or '.join(DECISIONS)}")
        reason = _said(args, "say why it is decided so")
        found, row = self._contested.found(str(args.get("appeal") or ""), person)
        sound = self._contested.part(found, row)

        def change(before: AppealRow | None, done: list[str]) -> AppealRow:
            row = _unless(before, lambda row: appeals.bar_deciding(row, _account(person), done))
            return replace(row, state=AFTER[row.state, step], closed=self._clock(), closed_by=person.who,
                           answer=self._contested.seal(reason, sound))

        return self._changed(found, person, change, "appeal-decided")

    # -----------------------------------------------------------------------------------------------------------------
    def _changed(self, found: ViolationRow, person: Person, change: Any, what: str) -> dict[str, Any]:
        row = self._contested.change(found, person, change, what)
        self.look()
        return listed(row, found, self._clock())

    def _bar_filing(self, found: ViolationRow, row: AppealRow | None, sound: RecordingRow | None) -> Bar | None:
        return appeals.bar_filing(
            found, row, self._clock(), self._periods.within, self._up(found.call), gone(sound))

    def _may(
        self, found: ViolationRow, row: AppealRow | None, sound: RecordingRow | None, person: Person,
    ) -> tuple[list[str], Bar | None]:
        """What they may do now, and why not that."""
        if person.may(Permission.OWN):
            step = Step.FILE if row is None else Step.WITHDRAW
            bar = self._bar_filing(found, row, sound) if row is None else appeals.bar_withdrawing(row)
            return ([] if bar else [step.value]), bar
        if row is None:
            return [], None
        bar = appeals.bar_deciding(row, _account(person), self._contested.deeds(found.call, person.who))
        return ([] if bar else ["decide"]), bar

    # --- running -----------------------------------------------------------------------------------------------------
    def start(self, greenlets: Greenlets) -> None:
        """Keep an eye on what is open."""
        greenlets.spawn("appeals", self._watch, restart_after=LOOK_EVERY)

    def _watch(self) -> None:
        while True:
            self.look()
            gevent.sleep(LOOK_EVERY)

    def stop(self) -> None:
        """Let the database go."""
        self._contested.stop()


def _said(args: dict[str, Any], needed: str) -> str:
    """What they wrote, already without numbers (people/reasons)."""
    text = why(args).strip()
    if not text:
        raise Refused(f"reason: {needed}")
    return text


def _unless(row: AppealRow | None, bar: Callable[[AppealRow], Bar | None]) -> AppealRow:
    """The appeal, where there is one and nothing bars it. Raises NoSuch, Barred."""
    if row is None:
        raise NoSuch("this violation was not appealed")
    why_not = bar(row)
    if why_not is not None:
        raise Barred(why_not.text)
    return row


def _account(person: Person) -> str:
    """Their account's name; a Unix user has none."""
    return "" if person.via == "socket" else person.name
