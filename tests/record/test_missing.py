"""Calls without a recording, as the rows of a store say, of each kind of store."""

from eslbot.greenlets import Greenlets
from eslbot.record.missing import SETTLES, Missing, missing
from eslbot.store import Store
from eslbot.store.engine import engine_of
from eslbot.store.rows import AlertRow, CallRow
from tests.record.keeping import CALLS, Kept
from tests.record.rig import STARTED

WHOLE, NONE, OPEN, UNANSWERED, UP, FRESH, CONSULT, OLD = CALLS
NOW = STARTED + 5000


def test_only_what_was_answered_is_over_and_settled_is_missed(kept: Kept) -> None:
    kept.record(WHOLE)
    kept.record(OPEN, ended=False)
    group = Greenlets()
    store = Store(kept.url, group)
    ended = STARTED + 60

    def call(
        name: str, bridged: float | None = STARTED, ended: float | None = ended, outcome: str = "completed",
    ) -> None:
        store.calls.put(CallRow(name, "pbx", STARTED, bridged=bridged, ended=ended, outcome=outcome))

    call(WHOLE)
    call(NONE)
    call(OPEN, ended=ended + 1)
    call(UNANSWERED, bridged=None, outcome="unanswered")
    call(UP, ended=None, outcome="")
    call(FRESH, ended=NOW - SETTLES + 1)
    call(CONSULT, outcome="merged")
    call(OLD, ended=STARTED - 1)
    store.alerts.put(AlertRow("a", NONE, STARTED + 30, "recording-missing", "severe", detail="-ERR no room"))
    assert store.flush(30)
    store.stop()
    group.stop()
    engine = engine_of(kept.url, readonly=True)
    with engine.connect() as connection:
        found = missing(connection, STARTED, NOW)
        assert found == [
            Missing(NONE, "pbx", STARTED, ended, "completed", "none", "-ERR no room"),
            Missing(OPEN, "pbx", STARTED, ended + 1, "completed", "unclosed", ""),
        ]
        assert [one.call for one in missing(connection, STARTED - 10, NOW)] == [OLD, NONE, OPEN]
        assert missing(connection, NOW, NOW) == []
    engine.dispose()
