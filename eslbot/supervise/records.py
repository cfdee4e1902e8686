"""What is kept of calls, as people may see it: recordings, what was judged and done, alerts, an agent's own record.
Handlers like those of the live calls; whose a call was says its row. Knows the store's books and who asks; opens
nothing that is sealed."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from eslbot.store.chain import Entry
from eslbot.store.rows import AlertRow, CallRow, RecordingRow, ViolationRow
from eslbot.store.store import Store
from eslbot.supervise.access import NoSuch, Permission, Person
from eslbot.supervise.admin import Handler
from eslbot.supervise.wire import Refused

PAGE, MOST = 50, 500
"""Rows in an answer: usually, and at most."""
LOOKED_AT = 20_000
"""Rows that one answer looks through at most; what is further back the next one finds."""
OWN_DAYS = 28
DAY = 86_400.0


class Records:
    """The handlers."""

    def __init__(self, store: Store, clock: Callable[[], float], audit: Callable[[Entry], None]) -> None:
        """`audit` neither waits nor fails."""
        self._store, self._clock, self._audit = store, clock, audit

    @property
    def handlers(self) -> dict[str, Handler]:
        """By verb."""
        return {
            "recordings": self.recordings, "recording": self.recording, "alerts": self.alerts,
            "acknowledge": self.acknowledge, "record": self.record,
        }

    def recordings(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Newest first: {recordings, next}; `next` is what to ask for `before` to go on, None at the end. `limit`,
        `before` (seconds since the epoch), `since`, `state`, `agent`, `team` narrow it."""
        person.needs(Permission.LIST)
        limit, since = _limit(args), _number(args, "since")
        where = {"state": args["state"]} if args.get("state") else {}
        wanted = {name: args[name] for name in ("agent", "team") if args.get(name)}
        found: list[dict[str, Any]] = []
        last: float | None = _number(args, "before")
        for rows, calls in self._pages(last, where):
            for row in rows:
                if since is not None and row.started < since:
                    return {"recordings": found, "next": None}
                last, call = row.started, calls.get(row.call)
                if _seen(person, call) and all(_of(call, name) == value for name, value in wanted.items()):
                    found.append(self.listed(row, call))
                if len(found) >= limit:
                    return {"recordings": found, "next": last}
            if len(rows) < MOST:
                return {"recordings": found, "next": None}
        return {"recordings": found, "next": last}

    def recording(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """All that is known of one: its parts, violations, acts, closing. No words: those are sealed."""
        person.needs(Permission.LIST)
        rows, call = self.found(args, person)
        id_ = rows[0].call
        closing = self._store.closings.get(id_)
        return {
            "call": id_, "agent": _of(call, "agent"), "team": _of(call, "team"),
            "outcome": _of(call, "outcome"), "parts": [row.listing() for row in rows],
            "violations": [violation(row) for row in self._store.violations.find(call=id_)],
            "acts": [_without(asdict(row), "hit") for row in self._store.acts.find(call=id_)],
            "closing": None if closing is None else closing.outcome,
        }

    def found(self, args: dict[str, Any], person: Person) -> tuple[list[RecordingRow], CallRow | None]:
        """The parts of the recording that `args["call"]` names, and its call. Raises NoSuch: what is not theirs to see
        is not there."""
        id_ = str(args.get("call", "")).strip().lower()
        rows = sorted(self._store.recordings.find(call=id_), key=lambda row: row.part) if id_ else []
        call = self._store.calls.get(id_) if rows else None
        if not rows or not _seen(person, call):
            raise NoSuch(f"there is no recording of a call {id_[:64]!r}")
        return rows, call

    def alerts(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Newest first, like recordings; `open`: only those nobody has acknowledged; `call`: only of it. Alerts of no
        call are for those who see everybody's."""
        person.needs(Permission.ALERTS, Permission.SEE)
        limit, last = _limit(args), _number(args, "before")
        where = {"call": str(args["call"]).lower()} if args.get("call") else {}
        found: list[dict[str, Any]] = []
        for _ in range(LOOKED_AT // MOST):
            rows = self._store.alerts.find(limit=MOST, newest_first=True, until=last, **where)
            calls = self._calls(row.call for row in rows)
            for row in rows:
                last = row.at
                if _seen(person, calls.get(row.call)) and not (args.get("open") and row.acknowledged is not None):
                    found.append(alert(row))
                if len(found) >= limit:
                    return {"alerts": found, "next": last}
            if len(rows) < MOST:
                return {"alerts": found, "next": None}
        return {"alerts": found, "next": last}

    def acknowledge(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """Somebody has seen it. The first who did is kept."""
        person.needs(Permission.ALERTS)
        row = self._store.alerts.get(str(args.get("alert", "")))
        if row is None or not _seen(person, self._store.calls.get(row.call) if row.call else None):
            raise NoSuch(f"there is no alert {str(args.get('alert', ''))[:200]!r}")
        shown = alert(row)
        if row.acknowledged is None:
            now = self._clock()
            self._store.alerts.patch(row.id, acknowledged=now, acknowledged_by=person.who)
            self._audit(Entry("acknowledge", person.who, row.call, row.id, str(args.get("reason", ""))))
            shown |= {"acknowledged": now, "acknowledged_by": person.who}
        return shown

    def record(self, args: dict[str, Any], person: Person) -> dict[str, Any]:
        """An agent's calls of the last `days`, and what was found in them: one's own, or that of `agent` for whoever
        may list recordings and sees their team."""
        person.needs(Permission.OWN, Permission.LIST)
        agent = str(args.get("agent") or person.name)
        since = self._clock() - min(float(args.get("days") or OWN_DAYS), 366.0) * DAY
        rows = self._store.calls.find(agent=agent, newest_first=True, limit=LOOKED_AT)
        calls = {row.call: row for row in rows if row.started >= since and _seen(person, row)}
        found: list[ViolationRow] = []
        names = tuple(calls)
        for first in range(0, len(names), MOST):
            found += self._store.violations.find(call=names[first : first + MOST])
        standing = [row for row in found if row.retracted is None]
        return {
            "agent": agent, "since": since, "calls": len(calls),
            "calls_with_violations": len({row.call for row in standing}),
            "violations": [violation(row) for row in sorted(standing, key=lambda row: -row.at)[:MOST]],
        }

    # -----------------------------------------------------------------------------------------------------------------
    def listed(self, row: RecordingRow, call: CallRow | None) -> dict[str, Any]:
        """A recording in a list."""
        shown = row.listing()
        return {**_without(shown, "recipients"), "agent": _of(call, "agent"), "team": _of(call, "team")}

    def _pages(
        self, before: float | None, where: dict[str, Any],
    ) -> Iterator[tuple[list[RecordingRow], dict[str, CallRow]]]:
        for _ in range(LOOKED_AT // MOST):
            rows = self._store.recordings.find(limit=MOST, newest_first=True, until=before, **where)
            yield rows, self._calls(row.call for row in rows)
            if not rows:
                return
            before = rows[-1].started

    def _calls(self, calls: Iterator[str]) -> dict[str, CallRow]:
        names = tuple({call for call in calls if call})
        return {row.call: row for row in self._store.calls.find(call=names)} if names else {}


def _seen(person: Person, call: CallRow | None) -> bool:
    return person.sees(_of(call, "team"), _of(call, "agent"))


def _of(call: CallRow | None, name: str) -> str:
    return "" if call is None else str(getattr(call, name))


def _without(shown: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name not in names}


def violation(row: ViolationRow) -> dict[str, Any]:
    """As people see it: the rule, its law, and the span of samples; no words."""
    return _without(asdict(row), "hit", "utterance", "ordinal")


def alert(row: AlertRow) -> dict[str, Any]:
    """As people see it."""
    return _without(asdict(row), "hit", "attempts")


def _limit(args: dict[str, Any]) -> int:
    wanted = args.get("limit") or PAGE
    if not isinstance(wanted, int) or not 0 < wanted <= MOST:
        raise Refused(f"limit: 1 to {MOST}")
    return wanted


def _number(args: dict[str, Any], name: str) -> float | None:
    value = args.get(name)
    if value is not None and not isinstance(value, int | float):
        raise Refused(f"{name}: seconds since the epoch")
    return value


