"""What is kept of calls, as the handlers give it; over HTTP, with teams and pages, it is web/test_api's."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eslbot.greenlets import Greenlets
from eslbot.store.chain import Entry
from eslbot.store.rows import CallRow, ViolationRow
from eslbot.store.store import Store
from eslbot.supervise.access import Denied, NoSuch, Person, Staff
from eslbot.supervise.records import DAY, MOST, Records
from eslbot.supervise.wire import Refused

NOW = 100 * DAY
LEAD = Person("lead", Staff.SUPERVISOR, "session")
SEAT = Person("seat7", Staff.AGENT, "session", frozenset({"north"}))
CALL = "aaaaaaaa-0000-4000-8000-000000000001"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    greenlets = Greenlets()
    store = Store(f"sqlite:///{tmp_path}/eslbot.db", greenlets)
    yield store
    store.stop()
    greenlets.stop()


@pytest.fixture
def records(store: Store) -> Records:
    return Records(store, lambda: NOW, _audited)


def _audited(entry: Entry) -> None:
    raise AssertionError(f"looking is not audited here: {entry.what}")


@pytest.mark.parametrize("limit", [-1, MOST + 1, "50", 1.5])
def test_a_limit_is_a_number_of_rows_and_not_too_many(records: Records, limit: object) -> None:
    with pytest.raises(Refused, match=f"1 to {MOST}"):
        records.recordings({"limit": limit}, LEAD)
    assert records.recordings({"limit": MOST}, LEAD) == {"recordings": [], "next": None}


def test_a_person_is_asked_for_the_right_of_what_they_look_at(records: Records) -> None:
    with pytest.raises(Denied):
        records.recordings({}, SEAT)
    with pytest.raises(Denied):
        records.alerts({}, SEAT)
    for looked in ({}, {"call": ""}, {"call": "%"}):
        with pytest.raises(NoSuch, match="no recording"):
            records.recording(looked, LEAD)
    with pytest.raises(NoSuch, match="no alert"):
        records.acknowledge({"alert": "nothing"}, LEAD)


def test_what_was_taken_back_is_in_no_agents_record(records: Records, store: Store) -> None:
    hit = ViolationRow("1", CALL, NOW - 50, "promise", "A promise", "pack", "1", "severe", "final", "agent", 1, 0, 8000,
                       9000, "law", "yes", agent="seat7", team="north")
    store.calls.put(CallRow(CALL, "pbx", NOW - 60, True, ended=NOW, outcome="completed", agent="seat7", team="north"))
    store.violations.put(hit)
    store.violations.put(replace(hit, hit="2", retracted=NOW))
    assert store.flush(30)
    found = records.record({}, SEAT)
    assert (found["agent"], found["calls_with_violations"], len(found["violations"])) == ("seat7", 1, 1)
    assert "hit" not in found["violations"][0]
