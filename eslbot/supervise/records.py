"""What is kept of calls, as people may see it: recordings, what was judged and done, alerts, an agent's own record.
Handlers like those of the live calls; whose a call was says its row. Knows the store's books and who asks; opens
nothing that is sealed."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any

from eslbot.store.appeal_rows import UPHELD, AppealRow, name_of
from eslbot.store.chain import Entry
from eslbot.store.listing import BadPlace, Scope, Span
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import AlertRow, CallRow, StayRow, ViolationRow
from eslbot.store.store import Store
from eslbot.supervise.access import Hidden, NoSuch, Permission, Person, Staff
from eslbot.supervise.admin import Handler
from eslbot.supervise.wire import Refused

PAGE, MOST = 50, 500
"""Rows in an answer: usually, and at most."""
LOOKED_AT = 20_000
"""Rows of one agent that are counted at most."""
OWN_DAYS = 28
JUST_SEEN = 1_000
DAY = 86_400.0


class Records:
    """The handlers."""

    def __init__(self, store: Store, clock: Callable[[], float], audit: Callable[[Entry], None]) -> None:
        """`audit` neither waits nor fails."""
        self._store, self._clock, self._audit = store, clock, audit
        self._seen: OrderedDict[str, tuple[float, str]] = OrderedDict()
        """Alerts that were acknowledged a moment ago (when, by whom): the store may not say so yet."""

    @property
    def handlers(self) -> dict[str, Handler]:
        """By verb."""
        return {
            "recordings": self.recordings, "recording": self.recording, "alerts": self.alerts,
            "acknowledge": self.acknowledge, "record": self.record,
        }

    def recordings(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Newest first: {recordings, next}; `next` is what to ask for as `after` to go on, None at the end. `limit`,
        `since` and `before` (seconds since the epoch), `state`, `agent`, `team` (one who was in it) narrow it."""
        person.needs(Permission.LIST)
        narrowed = {name: str(args[name]) for name in ("state", "agent", "team") if args.get(name)}
        rows, after = self._listed(self._store.listing.recordings, args, person, **narrowed)
        calls, stays = self._calls(row.call for row in rows), self.stays(row.call for row in rows)
        found = [self.listed(row, calls.get(row.call), stays.get(row.call, ())) for row in rows]
        return {"recordings": found, "next": after}

    def recording(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """All that is known of one: its parts, violations, acts, closing. No words: those are sealed."""
        person.needs(Permission.LIST)
        rows, stays = self.found(args, person)
        id_ = rows[0].call
        call = self._store.calls.get(id_)
        closing = self._store.closings.get(id_)
        appealed = self.appealed(call=id_)
        return {
            "call": id_, "agent": _of(call, "agent"), "team": _of(call, "team"),
            "agents": agents(stays), "outcome": _of(call, "outcome"), "parts": [row.listing() for row in rows],
            "violations": [violation(row, appealed.get(row.hit)) for row in self._store.violations.find(call=id_)],
            "acts": [_without(asdict(row), "hit") for row in self._store.acts.find(call=id_)],
            "closing": None if closing is None else closing.outcome,
        }

    def found(self, args: dict[str, Any], person: Person) -> tuple[list[RecordingRow], list[StayRow]]:
        """The parts of the recording that `args["call"]` names, and who was in it. Raises NoSuch: what is not theirs
        to see is not there."""
        id_ = str(args.get("call", "")).strip().lower()
        rows = sorted(self._store.recordings.find(call=id_), key=lambda row: row.part) if id_ else []
        stays = self._store.stays.find(call=id_) if rows else []
        if not rows or not seen(person, stays):
            said = f"there is no recording of a call {id_[:64]!r}"
            raise Hidden(said, id_) if rows else NoSuch(said)
        return rows, stays

    def alerts(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Newest first, like recordings; `open`: only those nobody has acknowledged; `call`: only of it. Alerts of no
        call are for those who see everybody's."""
        person.needs(Permission.ALERTS, Permission.SEE)
        narrowed = {"call": str(args.get("call") or "").lower(), "unseen": bool(args.get("open"))}
        rows, after = self._listed(self._store.listing.alerts, args, person, **narrowed)
        return {"alerts": [alert(row) for row in rows], "next": after}

    def acknowledge(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Somebody has seen it. The first who did is kept."""
        person.needs(Permission.ALERTS)
        row = self._store.alerts.get(str(args.get("alert", "")))
        if row is None or not seen(person, self._store.stays.find(call=row.call) if row.call else ()):
            said = f"there is no alert {str(args.get('alert', ''))[:200]!r}"
            raise NoSuch(said) if row is None else Hidden(said, row.call)
        shown = alert(row)
        if row.acknowledged is not None:
            return shown
        if row.id not in self._seen:   # of two at once, both of whom the store told that nobody had
            self._seen[row.id] = self._clock(), person.who
            if len(self._seen) > JUST_SEEN:
                self._seen.popitem(last=False)
            self._store.alerts.patch(row.id, acknowledged=self._seen[row.id][0], acknowledged_by=person.who)
            self._audit(Entry("acknowledge", person.who, row.call, row.id, str(args.get("reason", ""))))
        at, by = self._seen[row.id]
        return shown | {"acknowledged": at, "acknowledged_by": by}

    def record(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """An agent's calls of the last `days`, and what was found in them: one's own, or that of `agent` for whoever
        may list recordings and sees their team. What was overturned on appeal stands there and is not counted."""
        person.needs(Permission.OWN, Permission.LIST)
        agent = str(args.get("agent") or person.name)
        since = self._clock() - min(float(args.get("days") or OWN_DAYS), 366.0) * DAY
        stays = self._store.stays.find(agent=agent, newest_first=True, limit=LOOKED_AT)
        calls = {row.call for row in stays if row.started >= since and person.sees(row.team, row.agent)}
        found = self._store.violations.find(agent=agent, newest_first=True, limit=LOOKED_AT)
        standing = [row for row in found
                    if row.retracted is None and row.at >= since and person.sees(row.team, row.agent)]
        appealed = self.appealed(agent=agent)
        counted = [row for row in standing if row.hit not in appealed or appealed[row.hit].state != UPHELD]
        return {
            "agent": agent, "since": since, "calls": len(calls),
            "calls_with_violations": len({row.call for row in counted}),
            "violations": [violation(row, appealed.get(row.hit)) for row in standing[:MOST]],
        }

    def appealed(self, **where: Any) -> dict[str, AppealRow]:
        """The appeals with those columns, by the hit of their violation."""
        return {row.hit: row for row in self._store.appeals.find(newest_first=True, limit=LOOKED_AT, **where)}

    def stays(self, calls: Iterable[str]) -> dict[str, tuple[StayRow, ...]]:
        """Of each of these calls, who was in it."""
        found: dict[str, tuple[StayRow, ...]] = {}
        names = tuple({call for call in calls if call})
        for row in sorted(self._store.stays.find(call=names), key=lambda row: row.ordinal) if names else ():
            found[row.call] = (*found.get(row.call, ()), row)
        return found

    # -----------------------------------------------------------------------------------------------------------------
    def listed(self, row: RecordingRow, call: CallRow | None, stays: Iterable[StayRow]) -> dict[str, Any]:
        """A recording in a list."""
        shown = row.listing()
        return {
            **_without(shown, "recipients"), "agent": _of(call, "agent"), "team": _of(call, "team"),
            "agents": agents(stays),
        }

    def _listed(
        self, listing: Callable[..., tuple[list[Any], str | None]], args: dict[str, Any], person: Person, **more: Any,
    ) -> tuple[list[Any], str | None]:
        span = Span(_number(args, "since"), _number(args, "before"))
        try:
            return listing(limit_of(args), str(args.get("after") or ""), scope_of(person), span, **more)
        except BadPlace as error:
            raise Refused(f"after: {error}") from error

    def _calls(self, calls: Iterator[str]) -> dict[str, CallRow]:
        names = tuple({call for call in calls if call})
        return {row.call: row for row in self._store.calls.find(call=names)} if names else {}


def scope_of(person: Person) -> Scope:
    """Whose calls are in a list of theirs: as Person.sees_any."""
    return Scope(agent=person.name) if person.role is Staff.AGENT else Scope(person.teams)


def seen(person: Person, stays: Iterable[StayRow]) -> bool:
    """Whether a call that these agents were in is theirs to see, now or when it is over."""
    return person.sees_any((row.team, row.agent) for row in stays)


def agents(stays: Iterable[StayRow]) -> list[dict[str, Any]]:
    """Who was in a call, one after another, with from when to when."""
    return [_without(asdict(row), "call", "ordinal", "leg") for row in stays]


def _of(call: CallRow | None, name: str) -> str:
    return "" if call is None else str(getattr(call, name))


def _without(shown: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name not in names}


def violation(row: ViolationRow, appeal: AppealRow | None = None) -> dict[str, Any]:
    """As people see it: the rule, its law, and the span of samples, and what became of its appeal; no words."""
    return {
        "id": name_of(row.hit), **_without(asdict(row), "hit", "utterance", "ordinal"),
        "appeal": None if appeal is None else appeal.state, "overturned": appeal is not None and appeal.state == UPHELD,
    }


def alert(row: AlertRow) -> dict[str, Any]:
    """As people see it."""
    return _without(asdict(row), "hit", "attempts")


def limit_of(args: dict[str, Any]) -> int:
    wanted = args.get("limit") or PAGE
    if not isinstance(wanted, int) or not 0 < wanted <= MOST:
        raise Refused(f"limit: 1 to {MOST}")
    return wanted


def _number(args: dict[str, Any], name: str) -> float | None:
    value = args.get(name)
    if value is not None and not isinstance(value, int | float):
        raise Refused(f"{name}: seconds since the epoch")
    return value


