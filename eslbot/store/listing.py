"""Long lists a page at a time: recordings, alerts and appeals, newest first. Whose they are is asked for in the query,
so that a page costs the same however many rows there are that are not shown. A page begins after a place, which the
page before it gave. Knows tables; who may see what, it is told as a Scope."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, Table, exists, or_, select, tuple_

from eslbot.store.appeal_rows import AppealRow
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import AlertRow, CallRow
from eslbot.store.tables import TABLE_OF, alerts, appeals, calls, key_of, recordings, row_of, stays

BETWEEN = "~"
"""Parts the columns of a place."""


class BadPlace(ValueError):
    """What was given as a place is none."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose calls are listed: those in which an agent of these teams was, or this agent."""

    teams: frozenset[str] | None = None
    """None: everybody's, and those of nobody known."""
    agent: str | None = None
    """None: whoever it was."""


EVERYBODYS = Scope()


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds since the epoch."""

    since: float | None = None
    until: float | None = None
    """The first that is not in it."""


class Listing:
    """Of one store."""

    def __init__(self, run: Callable[..., Any], engine: Engine) -> None:
        """`run` calls a function that reads, off the hub where there is one."""
        self._run, self._engine = run, engine

    def recordings(
        self, limit: int, after: str = "", scope: Scope = EVERYBODYS, span: Span = Span(), state: str = "",
        agent: str = "", team: str = "",
    ) -> tuple[list[RecordingRow], str | None]:
        """`limit` of them, and the place to go on from; None at the end. `agent`, `team`: where such a one was in it.
        Raises BadPlace."""
        where = [recordings.c.state == state] if state else []
        where += [_of_agent(recordings, agent)] if agent else []
        where += [_in_it(recordings, stays.c.team == team)] if team else []
        return self._page(RecordingRow, limit, after, scope, span, where)

    def alerts(
        self, limit: int, after: str = "", scope: Scope = EVERYBODYS, span: Span = Span(), call: str = "",
        unseen: bool = False,
    ) -> tuple[list[AlertRow], str | None]:
        """The same of alerts; `unseen`: those of which nobody has taken note. Alerts of no call are in the list of
        whoever sees everybody's."""
        where = [alerts.c.call == call] if call else []
        where += [alerts.c.acknowledged.is_(None)] if unseen else []
        return self._page(AlertRow, limit, after, scope, span, where)

    def appeals(
        self, limit: int, after: str = "", scope: Scope = EVERYBODYS, states: Iterable[str] = (),
    ) -> tuple[list[AppealRow], str | None]:
        """The same of appeals, filed last first: of violations of an agent of these teams, whoever else was in the
        call. `states`: in one of these; none: in whichever."""
        where: list[ColumnElement[bool]] = [appeals.c.state.in_(sorted(states))] if states else []
        if scope.agent is not None:
            where.append(appeals.c.agent == scope.agent)
        if scope.teams is not None:
            where.append(appeals.c.team.in_(sorted(scope.teams)))
        return self._page(AppealRow, limit, after, EVERYBODYS, Span(), where)

    def calls_of_leg(self, leg: str) -> list[CallRow]:
        """Calls in which a channel was whose uuid is this, or begins so."""
        columns = (calls.c.customer_leg, calls.c.agent_leg)
        at_all = exists().where(stays.c.call == calls.c.call, stays.c.leg.startswith(leg, autoescape=True))
        query = select(calls).where(or_(*(column.startswith(leg, autoescape=True) for column in columns), at_all))
        return [row_of(CallRow, found) for found in self._run(self._read, query.order_by(calls.c.started))]

    def _page(
        self, kind: Any, limit: int, after: str, scope: Scope, span: Span, where: list[ColumnElement[bool]],
    ) -> tuple[list[Any], str | None]:
        table = TABLE_OF[kind]
        order = _order(table)
        where = [*where, *_scoped(table, scope)]
        where += [order[0] >= span.since] if span.since is not None else []
        where += [order[0] < span.until] if span.until is not None else []
        if after:
            place = _placed(after, order)
            where += [order[0] <= place[0], tuple_(*order) < tuple_(*place)]  # the first is what an index is used for
        query = select(table).where(*where).order_by(*(column.desc() for column in order)).limit(limit + 1)
        rows = [row_of(kind, found) for found in self._run(self._read, query)]
        more = len(rows) > limit
        return rows[:limit], place_of(rows[limit - 1]) if more else None

    def _read(self, query: Any) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            return [dict(found) for found in connection.execute(query).mappings()]


def place_of(row: RecordingRow | AlertRow | AppealRow) -> str:
    """The place after this row."""
    return BETWEEN.join(
        repr(value) if isinstance(value := getattr(row, column.name), float) else str(value)
        for column in _order(TABLE_OF[type(row)]))


def _placed(text: str, order: list[Any]) -> list[Any]:
    parts = text.split(BETWEEN, len(order) - 1)
    try:
        return [column.type.python_type(part) for column, part in zip(order, parts, strict=True)]
    except ValueError as error:
        raise BadPlace(f"{text[:100]!r} is no place in a list: give what the page before gave") from error


def _order(table: Table) -> list[Any]:
    time = "started" if "started" in table.columns else "at"
    return [table.columns[time], *(table.columns[name] for name in key_of(table))]


def _scoped(table: Table, scope: Scope) -> list[ColumnElement[bool]]:
    where = [] if scope.agent is None else [_of_agent(table, scope.agent)]
    return where if scope.teams is None else [*where, _in_it(table, stays.c.team.in_(sorted(scope.teams)))]


def _of_agent(table: Table, agent: str) -> ColumnElement[bool]:
    """An agent has few of all calls: those are looked up."""
    return table.c.call.in_(select(stays.c.call).where(stays.c.agent == agent))


def _in_it(table: Table, who: ColumnElement[bool]) -> ColumnElement[bool]:
    """A team may have most of them: each is looked at in its order, until a page is full."""
    return exists().where(stays.c.call == table.c.call, who)
