"""What is kept in tables: calls, recordings, violations, acts, closings, alerts, flags. No row holds a spoken word, a
number or a name of a party. `Store` is the way in; offline readers use `Store.open_readonly`."""

from eslbot.store.backlog import Ticket
from eslbot.store.rows import ActRow, AlertRow, CallRow, ClosingRow, FlagRow, RecordingRow, ViolationRow
from eslbot.store.store import Store, StoreProblem

__all__ = ["ActRow", "AlertRow", "CallRow", "ClosingRow", "FlagRow", "RecordingRow", "Store", "StoreProblem",
           "Ticket", "ViolationRow"]
