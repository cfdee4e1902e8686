"""A retention run: what has expired is erased, unless the clock is in doubt. Knows the store and the eraser; what
expires when is retention.py's."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import delete, select, union

from eslbot.record.erase import Eraser, Wish
from eslbot.record.retention import WITNESS, Due, Rule, Rules, doubt, due, expired
from eslbot.store import destruction
from eslbot.store.chain import Entry
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.rows import FlagRow
from eslbot.store.tables import acts, alerts, appeals, calls, closings, holds, recordings, row_of, stays, violations

AT_ONCE = 100
"""Calls erased in one transaction."""
_HEADERS = {"audio_header": b"", "words_header": b""}
"""Of no use here, and most of a row's bytes."""
Progress = Callable[[int, int], None]


class ClockInDoubt(Exception):
    """Nothing was deleted, since the clock may be wrong; says how far off it is."""


@dataclass(frozen=True, slots=True)
class Retention:
    """The recordings of one store under one rule."""

    eraser: Eraser
    rule: Rule
    """Of calls whose purpose has none of its own."""
    purposes: Mapping[str, Rule] = field(default_factory=dict)
    rows: float | None = None
    """Seconds after its end that the rows of a call are kept, at least as long as its recording; None: for ever."""

    @property
    def rules(self) -> Rules:
        """All of them."""
        return Rules(self.rule, self.purposes)

    def due(self) -> list[Due]:
        """All that have an end, soonest first."""
        with self.eraser.ledger.engine.connect() as connection:
            columns = select(*(column for column in recordings.columns if column.name not in _HEADERS))
            rows = [row_of(RecordingRow, {**found, **_HEADERS}) for found in connection.execute(columns).mappings()]
            held = {str(found[0]) for found in connection.execute(select(holds.c.call))}
            named = select(calls.c.call, calls.c.purpose).where(calls.c.purpose != "")
            purposes = {str(call): str(purpose) for call, purpose in connection.execute(named)}
        return due(rows, self.rules, held, purposes)

    def doubt(self) -> str:
        """Why the clock cannot be believed; empty where it can."""
        with self.eraser.ledger.engine.connect() as connection:
            seen = destruction.flag(connection, WITNESS)
            newest = connection.execute(select(recordings.c.ended).where(recordings.c.ended.is_not(None))
                                        .order_by(recordings.c.ended.desc()).limit(1)).scalar()
        return doubt(self.eraser.clock(), None if seen is None else float(seen), newest)

    def witness(self) -> bool:
        """Write down that the clock is right; False, and nothing written, where it is in doubt. For a running service,
        every hour: a jump is then no larger than it is."""
        if self.doubt():
            return False
        self._witness()
        return True

    def run(self, dry: bool = False, believe: bool = False, progress: Progress = lambda done, of: None,
            ) -> dict[str, Any]:
        """Erase what has expired, and again what a backup brought back; gives the report. `dry`: only say what would
        be. `believe`: a person says that the clock is right. Raises ClockInDoubt, and what an erasure raises."""
        why = self.doubt()
        if why and not believe and not dry:
            raise ClockInDoubt(why)
        now = self.eraser.clock()
        found = self.due()
        over = expired(found, now)
        held = [one for one in found if one.held and one.at <= now]
        report: dict[str, Any] = {
            "at": now, "dry_run": dry, "doubt": why, "period": self.rule.seconds, "basis": self.rule.basis,
            "purposes": {name: asdict(one) for name, one in self.purposes.items()}, "rows": 0,
            "expired": [asdict(one) for one in over], "held": [asdict(one) for one in held], "erased": 0, "again": [],
        }
        if dry:
            return report
        self._witness()
        report["again"] = self.eraser.repeat()
        for start in range(0, len(over), AT_ONCE):
            batch = over[start : start + AT_ONCE]
            report["erased"] += len(self.eraser.erase([Wish(one.call, basis=one.basis) for one in batch]))
            progress(report["erased"], len(over))
        report["rows"] = self._drop_rows(now)
        detail = f"{report['erased']} erased, {len(held)} held, {len(report['again'])} erased again"
        if self.rows is not None:
            detail += f", rows of {report['rows']} calls"
        self.eraser.ledger.append(Entry("retention", self.eraser.who, node=self.eraser.node, detail=detail))
        return report

    def _drop_rows(self, now: float) -> int:
        """Delete what is known of calls that ended long enough ago, whose recording is gone and that nobody holds;
        gives of how many. The tombstone, the recording's empty row and the audit stay."""
        if self.rows is None:
            return 0
        kept = union(select(recordings.c.call).where(recordings.c.state != destruction.ERASED), select(holds.c.call))
        old = select(calls.c.call).where(calls.c.ended < now - self.rows, calls.c.call.not_in(kept)).limit(AT_ONCE)
        count = 0
        while True:
            with self.eraser.ledger.writing() as writing:
                gone = [str(found[0]) for found in writing.connection.execute(old)]
                for table in (appeals, violations, acts, closings, alerts, stays, calls):
                    writing.connection.execute(delete(table).where(table.c.call.in_(gone)))
                if not gone:
                    writing.connection.execute(delete(alerts).where(alerts.c.call == "", alerts.c.at < now - self.rows))
                    return count
            count += len(gone)

    def _witness(self) -> None:
        now = self.eraser.clock()
        with self.eraser.ledger.writing() as writing:
            destruction.put(writing, FlagRow(WITNESS, repr(now), now, self.eraser.who))
