"""One table's rows: what is put is there, patched, found and gone through page by page."""

import dataclasses
from typing import Any

import pytest

from eslbot.store import (
    ActRow,
    AlertRow,
    AppealRow,
    CallRow,
    ClosingRow,
    FlagRow,
    HoldRow,
    RecordingRow,
    StayRow,
    Store,
    TombstoneRow,
    ViolationRow,
)
from eslbot.store.rows import Row
from tests.store.conftest import Open
from tests.store.test_rows import CALL, RECORDING, ROWS


def book(store: Store, row: Row) -> Any:
    return {CallRow: store.calls, StayRow: store.stays, RecordingRow: store.recordings,
            ViolationRow: store.violations, ActRow: store.acts, ClosingRow: store.closings, AlertRow: store.alerts,
            AppealRow: store.appeals, FlagRow: store.flags, HoldRow: store.holds,
            TombstoneRow: store.tombstones}[type(row)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: type(row).__name__)
def test_a_row_comes_back_as_it_was_put_after_a_restart_too(opened: Open, row: Row) -> None:
    store = opened()
    assert book(store, row).put(row).wait(30)
    assert book(store, row).find() == [row]
    assert book(opened(), row).find() == [row]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: type(row).__name__)
def test_putting_a_row_again_replaces_it(opened: Open, row: Row) -> None:
    store = opened()
    last = dataclasses.fields(row)[-1].name
    values = {"team": "north", "node": "n2", "retracted": 7.5, "reply": 8.5, "stopped": 9.5, "acknowledged_by": "me",
              "end": 900, "escalated": 9.0, "by": "me", "reason": "another", "receipt": {}, "purpose": "survey",
              "letters": "age1x", "answer": "sealed"}
    changed = dataclasses.replace(row, **{last: values[last]})
    assert book(store, row).put(row).wait(30)
    assert book(store, row).put(changed).wait(30)
    assert book(store, row).find() == [changed]


def test_a_patch_changes_its_columns_and_nothing_else(opened: Open) -> None:
    store = opened()
    store.recordings.put(RECORDING)
    store.recordings.patch(CALL, 1, chunks=7, gaps=())
    assert store.flush(30)
    assert store.recordings.get(CALL, 1) == dataclasses.replace(RECORDING, chunks=7, gaps=())
    assert store.recordings.patch(CALL, 2, chunks=9).wait(30)
    assert len(store.recordings.find()) == 1
    with pytest.raises(TypeError, match="chunk_count"):
        store.recordings.patch(CALL, 1, chunk_count=1)
    with pytest.raises(TypeError, match="part"):
        store.recordings.patch(CALL, 1, part=2)


def test_find_narrows_orders_and_limits(opened: Open) -> None:
    store = opened()
    for n in range(5):
        store.calls.put(CallRow(f"{n}_a%", "pbx1" if n % 2 else "pbx2", 10.0 - n))
    assert store.flush(30)
    assert [c.call[0] for c in store.calls.find()] == ["4", "3", "2", "1", "0"]
    assert [c.call[0] for c in store.calls.find(newest_first=True, limit=2)] == ["0", "1"]
    assert [c.call[0] for c in store.calls.find(switch="pbx1")] == ["3", "1"]
    assert [c.call[0] for c in store.calls.find(call=("0_a%", "4_a%"))] == ["4", "0"]
    assert [c.call[0] for c in store.calls.find(prefix="2_")] == ["2"]
    assert store.calls.find(prefix="2%") == []
    assert store.calls.find(prefix="' or 1=1 --") == []
    assert store.calls.get("9") is None


def test_pages_give_every_row_once_by_time_whatever_the_size_and_count_as_many(opened: Open) -> None:
    store = opened()
    for n in range(7):
        store.calls.put(CallRow(f"{n}", "pbx1", float(n // 3)))  # three of one time: the key decides
    assert store.flush(30)
    for size in (1, 2, 3, 7, 8):
        pages = list(store.calls.pages(size))
        assert [row.call for page in pages for row in page] == list("0123456")
        assert max(map(len, pages)) <= size
    assert [row.call for page in store.calls.pages(2, since=1.0, until=2.0) for row in page] == list("345")
    assert store.calls.count(since=1.0, until=2.0) == 3
