"""Sealed for others: whoever dies, erases, holds or records meanwhile, each recording opens for the old recipients or
for the new ones, and what was destroyed stays so."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.record.container import NoMatch
from eslbot.record.erase import Wish
from eslbot.record.grants import Grant, access, parse_grants
from eslbot.record.keys import Identity, KeyProblem, new_hybrid_identity, new_identity
from eslbot.record.reader import Recording, Words
from eslbot.record.rotation import Change, Report, Rotation, unfinished
from eslbot.store import Ledger, RecordingRow, destruction, headers
from eslbot.store.engine import StoreProblem
from tests.record.headers import fill, keys_of
from tests.record.keeping import CALLS, Kept
from tests.record.rig import IDENTITY, SECOND

NEW, OTHER = new_identity(), new_identity()


def to(*identities: Identity, **more: object) -> Change:
    return Change(tuple(Grant(one.recipient) for one in identities), **more)  # type: ignore[arg-type]


def rotate(kept: Kept, change: Change, *identities: Identity) -> Report:
    return Rotation(Ledger(kept.url), identities or (SECOND,), change, "first", "n1").run()


def rows(kept: Kept) -> list[RecordingRow]:
    return sorted(kept.read("recordings"), key=lambda row: row.call)


def test_the_new_recipients_open_it_the_old_do_not_and_no_payload_was_touched(kept: Kept) -> None:
    kept.record(*CALLS[:3])
    files = {file: file.read_bytes() for file in kept.options.directory.rglob("*.*")}
    before = rows(kept)
    report = rotate(kept, to(NEW, OTHER))
    assert (report.recordings, report.rewrapped, report.failed) == (3, 3, 0)
    for row, old in zip(rows(kept), before, strict=True):
        assert row.recipients == (str(NEW.recipient), str(OTHER.recipient))
        assert row.sha256 == old.sha256
        for identity in (NEW, OTHER):
            assert Recording(row, kept.options.directory, [identity]).verify().whole
        for identity in (IDENTITY, SECOND):
            with pytest.raises(NoMatch):
                Recording(row, kept.options.directory, [identity])
        assert keys_of(row, NEW) == keys_of(old, SECOND)
    assert files == {file: file.read_bytes() for file in kept.options.directory.rglob("*.*")}
    assert rotate(kept, to(NEW, OTHER), NEW).rewrapped == 0


def test_what_the_old_recipients_opened_is_nowhere_in_the_database_afterwards(tmp_path: Path) -> None:
    kept = Kept(tmp_path, f"sqlite:///{tmp_path / 'e.db'}")
    kept.make_store()
    fill(kept.url, 300, [IDENTITY, SECOND])
    old = [one for row in rows(kept) for one in destruction.traces([row])]
    assert len(old) == 300 * 2 * 3
    assert rotate(kept, to(NEW)).store == "written anew"
    held = kept.database()
    assert not [one for one in old if one in held]


def test_recipients_are_added_and_taken_away_from_what_each_recording_has(kept: Kept) -> None:
    kept.record(CALLS[0])
    rotate(kept, to(SECOND, NEW))
    kept.record(CALLS[1])
    rotate(kept, Change(add=(Grant(OTHER.recipient),), remove=(NEW.recipient, IDENTITY.recipient)))
    assert [row.recipients for row in rows(kept)] == [(str(SECOND.recipient), str(OTHER.recipient))] * 2


def test_a_role_opens_the_words_alone(kept: Kept) -> None:
    kept.record(CALLS[0])
    rotate(kept, Change(add=parse_grants([str(OTHER.recipient), f"{NEW.recipient} words"])))
    row = kept.row(CALLS[0])
    assert list(Words(row, kept.options.directory, [NEW]).records())
    with pytest.raises(NoMatch):
        Recording(row, kept.options.directory, [NEW])
    rotate(kept, Change(add=parse_grants([f"{NEW.recipient} audio", str(OTHER.recipient)])))
    assert access(kept.row(CALLS[0]).recipients)[str(NEW.recipient)] == {"audio", "words"}
    assert Recording(kept.row(CALLS[0]), kept.options.directory, [NEW]).verify().whole


def test_hybrid_keys_take_the_place_of_the_others(kept: Kept) -> None:
    kept.record(CALLS[0])
    first, second = new_hybrid_identity(), new_hybrid_identity()
    rotate(kept, to(first, second))
    assert Recording(kept.row(CALLS[0]), kept.options.directory, [second]).verify().whole
    assert rotate(kept, Change(add=(Grant(NEW.recipient),)), first).failed == 1   # beside X25519 they protect nothing


def test_nobody_is_left_without_a_recipient(kept: Kept) -> None:
    kept.record(CALLS[0])
    report = rotate(kept, Change(remove=(IDENTITY.recipient, SECOND.recipient)))
    assert (report.rewrapped, report.failed) == (0, 1)
    assert CALLS[0] in report.problems[0]
    assert kept.opens(CALLS[0])
    report = rotate(kept, Change(remove=(IDENTITY.recipient, SECOND.recipient), add=parse_grants(
        [f"{NEW.recipient} words", f"{OTHER.recipient} audio"])))
    assert report.rewrapped == 1


def test_what_the_identity_does_not_open_stays_as_it_is_and_is_named(kept: Kept) -> None:
    kept.record(CALLS[0])
    rotate(kept, to(NEW))
    kept.record(CALLS[1])
    report = rotate(kept, to(OTHER))
    assert (report.rewrapped, report.failed) == (1, 1)
    assert report.problems == [f"{CALLS[0]}: none of the identities given opens its audio"]
    assert keys_of(kept.row(CALLS[0]), NEW)


def test_a_call_that_is_going_on_is_left_and_done_when_it_has_ended(kept: Kept) -> None:
    kept.record(CALLS[0])
    kept.record(CALLS[1], ended=False)
    assert rotate(kept, to(NEW)).recordings == 1
    assert kept.row(CALLS[1]).recipients == (str(IDENTITY.recipient), str(SECOND.recipient))
    kept.record(CALLS[1])
    assert rotate(kept, to(NEW), SECOND).rewrapped == 1
    assert Recording(kept.row(CALLS[1]), kept.options.directory, [NEW]).verify().whole


def test_a_call_that_ends_meanwhile_is_done_too_wherever_it_stands(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.record(CALLS[1])
    real, ended = headers.swap, []

    def swap(*given: object) -> int:
        if not ended:
            ended.append(CALLS[0])   # before what is being done, so that this pass has passed it
            kept.record(CALLS[0])
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(headers, "swap", swap)
    assert rotate(kept, to(NEW)).rewrapped == 2
    assert [row.recipients for row in rows(kept)] == [(str(NEW.recipient),)] * 2


def test_a_held_recording_is_given_recipients_and_loses_none_unless_that_is_meant(kept: Kept) -> None:
    kept.record(*CALLS[:2])
    kept.eraser().hold(CALLS[0], "case 12")
    report = rotate(kept, to(NEW))
    assert (report.rewrapped, report.kept_for_a_hold) == (2, 1)
    assert set(kept.row(CALLS[0]).recipients) == {str(one.recipient) for one in (IDENTITY, SECOND, NEW)}
    assert kept.row(CALLS[1]).recipients == (str(NEW.recipient),)
    report = rotate(kept, to(NEW), NEW)
    assert (report.rewrapped, report.kept_for_a_hold) == (0, 1)
    assert rotate(kept, to(NEW, held=True), NEW).rewrapped == 1
    assert kept.row(CALLS[0]).recipients == (str(NEW.recipient),)


def test_only_recordings_since_a_day_are_done(kept: Kept) -> None:
    kept.record(CALLS[0], started=1_795_000_000)
    kept.record(CALLS[1], started=1_795_100_000)
    assert rotate(kept, to(NEW, since=1_795_050_000.0)).rewrapped == 1
    assert kept.opens(CALLS[0])


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_call_erased_meanwhile_stays_erased(kept: Kept, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    kept.record(*CALLS[:3])
    real = headers.swap

    def erased(*given: object) -> int:
        if moment == "before":
            kept.eraser().erase([Wish(CALLS[1])])
        done = real(*given)  # type: ignore[arg-type]
        if moment == "after":
            kept.eraser().erase([Wish(CALLS[1])])
        return done

    monkeypatch.setattr(headers, "swap", erased)
    report = rotate(kept, to(NEW))
    assert report.rewrapped == (2 if moment == "before" else 3)
    assert (kept.row(CALLS[1]).audio_header, kept.row(CALLS[1]).state) == (b"", "erased")
    for call in (CALLS[0], CALLS[2]):
        assert keys_of(kept.row(call), NEW)


def test_an_erasure_while_a_rotation_is_unfinished_looks_for_older_headers_too(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.record(*CALLS[:2])
    with monkeypatch.context() as patched:
        patched.setattr(destruction, "scrub", _fails)
        with pytest.raises(StoreProblem):
            rotate(kept, to(NEW))
    seen: list[object] = []
    real = destruction.scrub
    monkeypatch.setattr(destruction, "scrub", lambda engine, wanted: seen.append(wanted) or real(engine, wanted))
    kept.eraser().erase([Wish(CALLS[0])])
    assert seen == [None]


def _fails(*_: object) -> str:
    raise StoreProblem("somebody has been reading for 10 s")


def test_what_failed_half_way_is_gone_on_with_and_the_audit_tells_each(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.record(*CALLS[:2])
    with monkeypatch.context() as patched:
        patched.setattr(destruction, "scrub", _fails)
        with pytest.raises(StoreProblem):
            rotate(kept, to(NEW))
    begun = unfinished(Ledger(kept.url))
    assert begun is not None
    assert begun["change"] == f"to {NEW.recipient}"
    report = rotate(kept, to(NEW), NEW)
    assert (report.rewrapped, report.resumed, bool(report.store)) == (0, True, True)
    assert unfinished(Ledger(kept.url)) is None
    told = [(row.subject, row.detail) for row in Ledger(kept.url).rows(what="rotate")]
    assert [subject for subject, _ in told] == ["begun", "gone on", "ended"]
    assert told[0][1] == f"2 recordings; with {SECOND.recipient}; to {NEW.recipient}"
    assert told[2][1].startswith("0 sealed anew, 0 kept for a hold, 0 failed")


def test_without_the_audit_nothing_is_opened(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.record(CALLS[0])
    ledger = Ledger(kept.url)
    monkeypatch.setattr(ledger, "writing", _fails)
    with pytest.raises(StoreProblem):
        Rotation(ledger, (SECOND,), to(NEW), "first", "n1").run()
    assert kept.opens(CALLS[0])


def test_killed_at_any_page_every_recording_still_opens_and_the_next_run_ends_it(kept: Kept) -> None:
    kept.make_store()
    fill(kept.url, 200, [IDENTITY, SECOND])
    before = {row.call: keys_of(row, SECOND) for row in rows(kept)}
    for pages in (0, 1, 3, 2):
        _victim(kept, SECOND, pages)
        for row in rows(kept):
            assert keys_of(row, SECOND, NEW) == before[row.call]
        done = sum(row.recipients == (str(NEW.recipient),) for row in rows(kept))
        assert done % 25 == 0
    assert 0 < done < 200
    assert _victim(kept, SECOND, None)[-1] == "ended"
    assert all(keys_of(row, NEW) == before[row.call] for row in rows(kept))
    subjects = [row.subject for row in Ledger(kept.url).rows(what="rotate")]
    assert subjects[0] == "begun"
    assert subjects[-1] == "ended"
    assert set(subjects[1:-1]) == {"gone on"}


def _victim(kept: Kept, identity: Identity, pages: int | None) -> list[str]:
    """Killed after so many pages; None: not at all. Gives what it said."""
    command = [sys.executable, "-m", "tests.record.rotating_victim", kept.url, identity.encode(), str(NEW.recipient)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    if pages is not None:
        for _ in range(pages):
            process.stdout.readline()
        process.kill()
    said = process.communicate(timeout=120)[0].split()
    return said


@given(st.lists(st.sampled_from(["a", "b", "c", "a words", "b audio"]), max_size=4), st.booleans())
def test_a_held_one_never_loses_anybody_and_any_other_ends_as_wished(now: list[str], held: bool) -> None:
    change = to(NEW, OTHER)
    before, after = access(now), access(change.wanted(tuple(now), held))
    wanted = {str(one.recipient): frozenset({"audio", "words"}) for one in (NEW, OTHER)}
    if held:
        assert all(opens <= after[text] for text, opens in before.items())
        assert {text: after[text] for text in wanted} == wanted
    else:
        assert after == wanted
    again = change.wanted(change.wanted(tuple(now), held), held)
    assert access(again) == after


def test_calls_are_recorded_while_it_goes_on_and_neither_disturbs_the_other(kept: Kept) -> None:
    kept.make_store()
    fill(kept.url, 300, [IDENTITY, SECOND])
    command = [sys.executable, "-m", "tests.record.rotating_victim", kept.url, SECOND.encode(), str(NEW.recipient)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for n, call in enumerate(CALLS):   # each by a service that starts, records, and stops
            kept.record(call)
            if n == 1:
                assert process.stdout is not None
                process.stdout.readline()
        said = process.communicate(timeout=120)[0].split()
    assert said[-1] == "ended"
    assert rotate(kept, to(NEW), NEW, SECOND).failed == 0
    for call in CALLS:
        assert Recording(kept.row(call), kept.options.directory, [NEW]).verify().whole
    assert all(row.recipients == (str(NEW.recipient),) for row in rows(kept))


def test_grants_that_cannot_be_are_no_change() -> None:
    with pytest.raises(KeyProblem, match="same recipient"):
        parse_grants([str(NEW.recipient), f"{NEW.recipient} words"])
