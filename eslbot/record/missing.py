"""Calls that should have a recording and have none, or one that nobody closed, as the store's rows say. Knows tables;
asks no running service and opens no recording."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, select

from eslbot.store.tables import alerts, calls, recordings

SETTLES = 600.0
"""Seconds after a call's end in which its recording may still be closing."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One call."""

    call: str
    switch: str
    bridged: float
    ended: float
    outcome: str
    what: str
    """`none`: there is no recording; `unclosed`: it was begun, and never closed."""
    told: str
    """What an alert said of it, while the call was up; empty where none did."""

    def plain(self) -> dict[str, Any]:
        """For scripts."""
        return asdict(self)


def missing(connection: Connection, since: float, now: float) -> list[Missing]:
    """Of the calls that ended from `since` on, those whose parties heard each other and that are not recorded, by their
    end. Consults that became the far side of another call are that call's."""
    over = (calls.c.bridged.is_not(None), calls.c.ended >= since, calls.c.ended < now - SETTLES,
            calls.c.outcome != "merged")
    columns = (calls.c.call, calls.c.switch, calls.c.bridged, calls.c.ended, calls.c.outcome)
    none = select(*columns).where(*over, calls.c.call.not_in(select(recordings.c.call)))
    unclosed = select(*columns).where(
        *over, calls.c.call.in_(select(recordings.c.call).where(recordings.c.ended.is_(None))))
    found = [(*row, what) for query, what in ((none, "none"), (unclosed, "unclosed"))
             for row in connection.execute(query)]
    told = select(alerts.c.call, alerts.c.detail).where(
        alerts.c.kind == "recording-missing", alerts.c.call.in_([row[0] for row in found])).order_by(alerts.c.at)
    said = {str(call): str(detail) for call, detail in connection.execute(told)} if found else {}
    return sorted((Missing(*row, told=said.get(row[0], "")) for row in found), key=lambda one: (one.ended, one.call))
