"""What is kept in tables: calls and who was in them, recordings, violations, acts, closings, alerts, appeals, flags,
holds, tombstones, and the audit's chain. No row holds a spoken word (what people write of them is sealed), a number or
a name of a party. `Store` is the way in; offline readers use `Store.open_readonly`; `Ledger` appends to the audit, from
any process."""

from eslbot.store.appeal_rows import AppealRow
from eslbot.store.backlog import Ticket
from eslbot.store.ledger import Ledger
from eslbot.store.recording_rows import HoldRow, RecordingRow, TombstoneRow
from eslbot.store.rows import ActRow, AlertRow, AuditRow, CallRow, ClosingRow, FlagRow, StayRow, ViolationRow
from eslbot.store.store import Store, StoreProblem

__all__ = ["ActRow", "AlertRow", "AppealRow", "AuditRow", "CallRow", "ClosingRow", "FlagRow", "HoldRow", "Ledger",
           "RecordingRow", "StayRow", "Store", "StoreProblem", "Ticket", "TombstoneRow", "ViolationRow"]
