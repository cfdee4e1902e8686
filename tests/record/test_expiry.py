"""Retention runs over a real store and real files; clocks that jump."""

import pytest

from eslbot.greenlets import Greenlets
from eslbot.record.expiry import ClockInDoubt, Retention
from eslbot.record.reader import Damaged
from eslbot.record.retention import DAY, Rule
from eslbot.store import Store
from eslbot.store.appeal_rows import AppealRow
from eslbot.store.rows import ActRow, AlertRow, CallRow, ClosingRow, StayRow, ViolationRow
from tests.record.keeping import CALLS, Kept
from tests.record.rig import STARTED

OLD, NEW, HELD = CALLS[:3]
RULE = Rule(30 * DAY, "policy 7")


def retention(kept: Kept) -> Retention:
    return Retention(kept.eraser(), RULE)


@pytest.fixture
def full(kept: Kept) -> Kept:
    """Two recordings of forty days ago, one of them held, one of today; the clock was right an hour ago."""
    kept.record(OLD, HELD, started=STARTED - 40 * DAY)
    kept.record(NEW)
    kept.eraser().hold(HELD, "court")
    assert retention(kept).witness()
    kept.now += 3600
    return kept


def test_what_has_expired_goes_and_the_rest_stays(full: Kept) -> None:
    report = retention(full).run()
    assert (report["erased"], [one["call"] for one in report["expired"]]) == (1, [OLD])
    assert [one["call"] for one in report["held"]] == [HELD]
    with pytest.raises(Damaged):
        full.opens(OLD)
    assert full.opens(NEW)
    assert full.opens(HELD)
    [stone] = full.read("tombstones")
    assert (stone.call, stone.basis, stone.finished) == (OLD, "policy 7", full.now)
    assert [what for what, _, _ in full.audited()] == ["hold", "erase", "retention"]
    assert retention(full).run()["erased"] == 0


def test_a_released_hold_lets_the_period_end(full: Kept) -> None:
    full.eraser().release(HELD, "done")
    assert retention(full).run()["erased"] == 2


def test_a_dry_run_changes_nothing(full: Kept) -> None:
    report = retention(full).run(dry=True)
    assert ([one["call"] for one in report["expired"]], report["erased"]) == ([OLD], 0)
    assert full.opens(OLD)
    assert full.read("tombstones") == []


@pytest.mark.parametrize("jump", [-3 * 3600, -400 * DAY, 3 * DAY, 400 * DAY])
def test_a_clock_that_jumped_deletes_nothing_until_a_person_says_it_is_right(full: Kept, jump: float) -> None:
    full.now += jump
    for _ in range(2):   # nor does asking again make it right
        with pytest.raises(ClockInDoubt, match=r"(behind|ahead)"):
            retention(full).run()
        assert not retention(full).witness()
    assert full.opens(OLD)
    assert full.read("tombstones") == []
    assert retention(full).run(dry=True)["doubt"]
    expected = {OLD, NEW} if jump > 30 * DAY else {OLD} if jump > -10 * DAY else set()
    report = retention(full).run(believe=True)
    assert {one["call"] for one in report["expired"]} == expected
    assert retention(full).doubt() == ""


def test_the_first_run_ever_takes_the_newest_recording_for_a_witness(kept: Kept) -> None:
    kept.record(OLD, started=STARTED - 40 * DAY)
    with pytest.raises(ClockInDoubt, match="ahead"):
        retention(kept).run()
    kept.record(NEW)
    assert retention(kept).run()["erased"] == 1


def test_what_is_still_going_on_is_left_alone_however_old(kept: Kept) -> None:
    kept.record(OLD, started=STARTED - 90 * DAY, ended=False, samples=40_000)
    kept.record(NEW)
    assert retention(kept).run()["erased"] == 0
    assert kept.row(OLD).audio_header


def test_more_than_one_transactions_worth_goes_all(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eslbot.record.expiry.AT_ONCE", 2)
    kept.record(*CALLS[:5], started=STARTED - 40 * DAY)
    kept.record(CALLS[6])
    told: list[tuple[int, int]] = []
    report = retention(kept).run(progress=lambda done, of: told.append((done, of)))
    assert report["erased"] == 5
    assert told == [(2, 5), (4, 5), (5, 5)]


def calls_of(kept: Kept, *rows: CallRow) -> None:
    group = Greenlets()
    store = Store(kept.url, group)
    for row in rows:
        store.calls.put(row)
        store.violations.put(ViolationRow(
            f"{row.call}/x", row.call, 1.0, "r", "t", "p", "1", "notice", "final", "agent", 0, 0, 0, 1))
        store.appeals.put(AppealRow(row.call, row.call, row.call, 1, 1.0, "seat7", "north", 9.0))
        store.acts.put(ActRow(f"{row.call}#1", row.call, "mute", 1.0))
        store.closings.put(ClosingRow(row.call, "played"))
        store.stays.put(StayRow(row.call, 1, "leg", 1.0, "seat7", "north"))
        store.alerts.put(AlertRow(f"{row.call}#2", row.call, 1.0, "violation", "severe"))
    store.alerts.put(AlertRow("old", "", STARTED - 90 * DAY, "store-down", "severe"))
    assert store.flush(30)
    store.stop()
    group.stop()


BOOKS = ("calls", "stays", "violations", "appeals", "acts", "closings", "alerts")


def test_a_calls_purpose_decides_and_its_receipt_says_so(full: Kept) -> None:
    kept = CallRow(NEW, "pbx", STARTED, bridged=STARTED, ended=STARTED, purpose="survey")
    calls_of(full, CallRow(OLD, "pbx", STARTED - 40 * DAY, ended=STARTED - 40 * DAY, purpose="collection"), kept)
    both = {"collection": Rule(90 * DAY, "debts"), "survey": Rule(1.0, "polls")}
    report = Retention(full.eraser(), RULE, both).run()
    assert [(one["call"], one["basis"]) for one in report["expired"]] == [(NEW, "polls")]
    assert [(stone.call, stone.basis) for stone in full.read("tombstones")] == [(NEW, "polls")]
    assert full.opens(OLD)
    assert [row.call for row in full.read("calls")] == [OLD, NEW], "rows stay where no period is set for them"


def test_rows_go_after_their_own_period_and_never_before_the_recording_or_under_a_hold(full: Kept) -> None:
    unrecorded, days = CALLS[4], 40 * DAY
    calls_of(full, *(CallRow(call, "pbx", STARTED - days, ended=STARTED - days) for call in (OLD, HELD, unrecorded)),
             CallRow(NEW, "pbx", STARTED, ended=STARTED), CallRow(CALLS[5], "pbx", STARTED - days))
    long = Rule(90 * DAY, "policy 7")
    assert Retention(full.eraser(), long, rows=50 * DAY).run()["rows"] == 0
    assert Retention(full.eraser(), long, rows=30 * DAY).run(dry=True)["rows"] == 0
    report = Retention(full.eraser(), long, rows=30 * DAY).run()
    assert (report["rows"], report["erased"]) == (1, 0)
    for book in BOOKS:
        assert unrecorded not in {row.call for row in full.read(book)}
        assert {OLD, HELD, NEW, CALLS[5]} <= {row.call for row in full.read(book)}
    assert "old" not in {row.id for row in full.read("alerts")}
    assert Retention(full.eraser(), RULE, rows=30 * DAY).run()["rows"] == 1
    assert {row.call for row in full.read("calls")} == {HELD, NEW, CALLS[5]}
    assert [stone.call for stone in full.read("tombstones")] == [OLD]
