"""Replays over sealed words, with real processes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from eslbot.improve.labels import Label
from eslbot.improve.replay import Replay, Wanted
from eslbot.improve.tally import Outcome, plain
from eslbot.record.keys import new_identity
from eslbot.store.store import Store
from tests.improve.conftest import Place
from tests.improve.sealed import STARTED


def wanted(place: Place, **values: Any) -> Wanted:
    plain: dict[str, Any] = {
        "new": (str(place.new),), "old": (str(place.old),), "base": place.directory,
        "directory": place.directory / "recordings", "identities": (place.identity,), "jobs": 1,
    }  # fmt: skip
    return Wanted(**plain | values)


def run(place: Place, **values: Any) -> Outcome:
    store = Store.open_readonly(f"sqlite:///{place.directory}/eslbot.db")
    return Replay(wanted(place, **values), store).run()


def lines(outcome: Outcome, change: str) -> list[tuple[str, str, str]]:
    """(rule, call, line)."""
    return sorted(
        (rule, hit["call"][:8], hit["text"]) for rule, tally in outcome.rules.items() for hit in tally.lines[change]
    )


def test_hits_are_gained_lost_and_kept_with_their_lines(place: Place) -> None:
    outcome = run(place, jobs=2)
    assert outcome.judged == 5
    assert lines(outcome, "gained") == [("promise", "00000001", "这个 产品 保本"), ("promise", "00000004", "保本")]
    assert lines(outcome, "lost") == [("rude", "00000002", "滚开")]
    assert {rule: tally.kept for rule, tally in outcome.rules.items()} == {"promise": 2, "rude": 0}


def test_against_nothing_every_hit_is_gained(place: Place) -> None:
    outcome = run(place, old=())
    assert (outcome.rules["promise"].gained, outcome.rules["promise"].kept) == (4, 0)


def test_every_row_is_told_of_once_and_in_the_end_all_of_them(place: Place) -> None:
    told: list[tuple[int, int]] = []
    store = Store.open_readonly(f"sqlite:///{place.directory}/eslbot.db")
    Replay(wanted(place), store, lambda done, of: told.append((done, of))).run()
    assert told[-1] == (5, 5)


def test_a_stretch_of_time_is_from_the_first_moment_up_to_the_last_excluded(place: Place) -> None:
    outcome = run(place, since=STARTED + 60, until=STARTED + 240)
    assert outcome.judged == 3
    assert lines(outcome, "gained") == [("promise", "00000001", "这个 产品 保本")]


def test_damaged_and_foreign_recordings_are_named_and_stop_nothing(place: Place) -> None:
    stranger = place.add(5, ["保本"], new_identity())
    flipped = place.file(place.rows[1])
    data = bytearray(flipped.read_bytes())
    data[-20] ^= 1
    flipped.write_bytes(data)
    place.file(place.rows[3]).unlink()
    cut = place.file(place.rows[0])
    cut.write_bytes(cut.read_bytes()[:-30])
    outcome = run(place)
    assert (outcome.judged, outcome.failed) == (2, 4)
    named = {one["call"]: one["why"] for one in outcome.failures}
    assert set(named) == {place.rows[n].call for n in (0, 1, 3)} | {stranger.call}
    assert str(flipped) in named[place.rows[1].call]
    assert "No such file" in named[place.rows[3].call]
    assert lines(outcome, "gained") == [("promise", "00000004", "保本")]


def test_a_transcript_that_is_none_is_named_and_stops_nothing(place: Place) -> None:
    row = place.add(7, ["保本"])
    from tests.improve.sealed import seal

    seal(place.directory / "recordings", row.call, [{"kind": "words", "role": "ghost"}], place.identity)
    other = replace(row, words_header=seal(
        place.directory / "recordings", row.call, [{"kind": "words", "role": "ghost"}], place.identity).words_header)
    place.store.recordings.put(other)
    assert place.store.flush(30)
    outcome = run(place)
    assert (outcome.judged, outcome.failed, outcome.failures[0]["kind"]) == (5, 1, "BadRecord")


def test_what_is_still_going_on_and_what_was_destroyed_is_left_out_and_counted(place: Place) -> None:
    place.add(8, ["保本"], state="recording")
    gone = place.add(9, ["保本"])
    place.store.recordings.put(replace(gone, words_header=b""))
    assert place.store.flush(30)
    outcome = run(place)
    assert (outcome.judged, outcome.going_on, outcome.destroyed, outcome.failed) == (5, 1, 1, 0)


def test_the_parts_of_a_recording_are_one_call(place: Place) -> None:
    from tests.improve.sealed import seal, words_of

    first = place.rows[3]
    second = seal(
        place.directory / "recordings", first.call, words_of("保本"), place.identity, started=STARTED + 900, part=2)
    place.store.recordings.put(second)
    assert place.store.flush(30)
    outcome = run(place, until=STARTED + 600)
    assert outcome.judged == 5
    assert ("promise", "00000003", "保本") in lines(outcome, "gained")


def test_labels_give_precision_and_recall_before_and_after(place: Place) -> None:
    calls = [row.call for row in place.rows]
    labels = {
        calls[1]: [Label(call=calls[1], rule="promise", right=True)],
        calls[4]: [Label(call=calls[4], rule="promise", right=right) for right in (False, True)],
        "nowhere": [Label(call="nowhere", rule="promise", right=True)],
    }  # fmt: skip
    outcome = run(place, labels=labels)
    promise = outcome.rules["promise"]
    assert (promise.new.right_hits, promise.new.wrong_hits, promise.new.missed) == (2, 1, 0)
    assert promise.old.missed == 1
    assert outcome.unlabelled == 1


def test_lines_are_kept_up_to_a_number_and_all_are_counted(place: Place) -> None:
    promise = run(place, lines=1).rules["promise"]
    assert (promise.gained, len(promise.lines["gained"])) == (2, 1)


def test_numbers_are_taken_out_of_lines_unless_asked_for(place: Place) -> None:
    place.add(6, ["保本 卡号 四一一一 一一一一 一一一一 一一一一"])
    assert ("promise", "00000006", "保本 卡号 [card]") in lines(run(place), "gained")
    whole = ("promise", "00000006", "保本 卡号 四一一一 一一一一 一一一一 一一一一")
    assert whole in lines(run(place, redacted=False), "gained")


def test_a_process_that_dies_costs_the_calls_that_killed_it_and_no_other(place: Place, tmp_path: Path) -> None:
    """A pack that a process cannot even load kills every one of them: all calls are named, and the run ends."""
    outcome = run(place, new=(str(tmp_path / "none.yaml"),), until=STARTED + 120)
    assert (outcome.judged, outcome.failed) == (0, 2)
    assert {one["kind"] for one in outcome.failures} == {"WorkerLost"}


def test_nothing_is_written_anywhere(place: Place) -> None:
    before = {path: path.stat().st_mtime_ns for path in place.directory.rglob("*") if "eslbot.db" not in path.name}
    run(place)
    assert {
        path: path.stat().st_mtime_ns for path in place.directory.rglob("*") if "eslbot.db" not in path.name} == before


def test_the_outcome_as_json_has_counts_and_rules_in_order(place: Place) -> None:
    found = plain(run(place))
    assert found["calls"]["judged"] == 5
    assert [rule["rule"] for rule in found["rules"]] == ["promise", "rude"]
    assert found["rules"][0]["lines"]["gained"][0]["rate"] == 8000
