"""Appeals in the store: filed and closed where the audit is appended, so that each stands or falls with the row that
tells of it, and two at once are one after the other. Knows tables, not who may do what: that is asked of a function,
inside the transaction. Every method blocks: a service calls it off its hub."""

import time
from collections.abc import Callable

from sqlalchemy import Connection, insert, select, update

from eslbot.store.appeal_rows import AppealRow
from eslbot.store.chain import Entry
from eslbot.store.ledger import Ledger
from eslbot.store.tables import acts, alerts, appeals, audit, columns_of, row_of

Change = Callable[[AppealRow | None, list[str]], AppealRow]
"""(the row as it is, what the person did in its call) -> the row as it is to be. Raises what refuses it."""


class AppealStore:
    """Of one store."""

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        """Opens a store that is there and up to date. Raises StoreProblem."""
        self._ledger = Ledger(url, clock)

    def close(self) -> None:
        """Let the database go."""
        self._ledger.close()

    def deeds(self, call: str, who: str) -> list[str]:
        """As `deeds` below. Raises StoreProblem."""
        with self._ledger.reading() as connection:
            return deeds(connection, call, who)

    def change(self, name: str, call: str, who: str, change: Change, entry: Callable[[AppealRow], Entry]) -> AppealRow:
        """What `change` makes of the appeal of that name is kept, with what `entry` says of it; `who`: the person, as
        the audit names them. Raises what `change` raises, and StoreProblem; nothing is kept then."""
        with self._ledger.writing() as writing:
            found = writing.connection.execute(select(appeals).where(appeals.c.id == name)).mappings().first()
            before = None if found is None else row_of(AppealRow, dict(found))
            after = change(before, deeds(writing.connection, call, who))
            if before is None:
                writing.connection.execute(insert(appeals).values(columns_of(after)))
            elif after != before:
                writing.connection.execute(update(appeals).where(appeals.c.id == name).values(columns_of(after)))
            if after != before:
                writing.append(entry(after))
        return after


def deeds(connection: Connection, call: str, who: str) -> list[str]:
    """What somebody did in a call or about its alerts: kinds as the audit has them, each once; also what the audit has
    not taken yet."""
    found = {str(row[0]) for row in connection.execute(
        select(audit.c.what).where(audit.c.call == call, audit.c.who == who))}
    found |= {str(row[0]) for row in connection.execute(
        select(acts.c.kind).where(acts.c.call == call, acts.c.by == who))}
    if connection.execute(
            select(alerts.c.id).where(alerts.c.call == call, alerts.c.acknowledged_by == who).limit(1)).first():
        found.add("acknowledge")
    return sorted(found)
