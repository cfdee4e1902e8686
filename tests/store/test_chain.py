"""The chain: whatever single thing is done to it is found, and the row that is named is the first bad one."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.store import chain
from eslbot.store.chain import Entry
from eslbot.store.rows import AuditRow

TEXT = st.text(st.characters(codec=None), max_size=12)
ENTRIES = st.lists(
    st.builds(Entry, st.sampled_from(sorted(chain.WHAT)), TEXT, TEXT, TEXT, TEXT, TEXT, TEXT,
              st.integers(-(1 << 40), 1 << 52)),
    min_size=1, max_size=8)


def made(entries: list[Entry]) -> list[AuditRow]:
    rows: list[AuditRow] = []
    for entry in entries:
        rows.append(chain.linked(entry, rows[-1] if rows else None, 0))
    return rows


def test_a_rows_digest_can_be_computed_from_the_page_alone() -> None:
    row = chain.linked(Entry("export", "审计员", "call", "sha", "why", "n1", "d", 5, "id"), None, 0)
    said = '["eslbot-audit-1",1,"id",5,"\\u5ba1\\u8ba1\\u5458","export","call","sha","why","n1","d","' + "0" * 64 + '"]'
    assert row.digest == hashlib.sha256(said.encode()).hexdigest()
    assert json.loads(chain.canonical(row))[1:4] == [1, "id", 5]


@given(ENTRIES)
def test_what_was_appended_is_good_whatever_the_texts_and_clocks(entries: list[Entry]) -> None:
    rows = made(entries)
    checked = chain.walk(rows)
    assert (checked.rows, checked.head, checked.fault) == (len(rows), rows[-1].digest, None)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))


@given(ENTRIES, st.data())
def test_any_edited_field_of_any_row_is_found_and_that_row_named(entries: list[Entry], data: st.DataObject) -> None:
    rows = made(entries)
    at = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from([f for f in chain.FIELDS if f != "seq"] + ["digest"]))
    was = getattr(rows[at], name)
    rows[at] = replace(rows[at], **{name: was + 1 if isinstance(was, int) else was + "x"})
    fault = chain.walk(rows).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (at + 1, "edited")


@given(ENTRIES, st.data())
def test_any_edit_that_also_makes_its_digest_anew_is_found_at_the_next_row(
        entries: list[Entry], data: st.DataObject) -> None:
    rows = made([*entries, Entry("mute", "b")])
    at = data.draw(st.integers(0, len(rows) - 2))
    changed = replace(rows[at], detail=rows[at].detail + "x")
    rows[at] = replace(changed, digest=chain.digest(changed))
    fault = chain.walk(rows).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (at + 2, "unlinked")


@given(ENTRIES, st.data())
def test_any_deleted_row_but_the_last_is_found_and_named(entries: list[Entry], data: st.DataObject) -> None:
    rows = made([*entries, Entry("mute", "b")])
    at = data.draw(st.integers(0, len(rows) - 2))
    del rows[at]
    fault = chain.walk(rows).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (at + 1, "missing")


@given(ENTRIES, st.data())
def test_any_two_rows_that_change_places_are_found_at_the_first(entries: list[Entry], data: st.DataObject) -> None:
    rows = made([*entries, Entry("mute", "b")])
    first = data.draw(st.integers(0, len(rows) - 2))
    second = data.draw(st.integers(first + 1, len(rows) - 1))
    rows[first], rows[second] = replace(rows[second], seq=first + 1), replace(rows[first], seq=second + 1)
    fault = chain.walk(rows).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (first + 1, "edited")


@given(ENTRIES, st.data())
def test_a_row_put_in_is_found_at_it_or_at_its_successor(entries: list[Entry], data: st.DataObject) -> None:
    rows = made(entries)
    at = data.draw(st.integers(0, len(rows) - 1))
    forged = chain.linked(Entry("export", "mallory"), rows[at - 1] if at else None, 0)
    rows = [*rows[:at], forged, *(replace(row, seq=row.seq + 1) for row in rows[at:])]
    fault = chain.walk(rows).fault
    assert fault is not None
    assert fault.seq == at + 2


@given(ENTRIES, st.data())
def test_a_cut_tail_shows_by_a_checkpoint_and_only_by_one(entries: list[Entry], data: st.DataObject) -> None:
    rows = made(entries)
    marks = {rows[-1].seq: rows[-1].digest}
    left = rows[: data.draw(st.integers(0, len(rows) - 1))]
    assert chain.walk(left).fault is None
    fault = chain.walk(left, marks).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (len(left) + 1, "cut")
    assert chain.walk(rows, marks).fault is None


@given(ENTRIES, st.data())
def test_a_chain_made_anew_shows_by_a_checkpoint(entries: list[Entry], data: st.DataObject) -> None:
    rows = made(entries)
    at = data.draw(st.integers(0, len(rows) - 1))
    anew = made([*entries[:at], replace(entries[at], who="mallory!"), *entries[at + 1:]])
    assert chain.walk(anew).fault is None
    fault = chain.walk(anew, {rows[-1].seq: rows[-1].digest}).fault
    assert fault is not None
    assert (fault.seq, fault.kind) == (len(rows), "rewritten")


def test_an_empty_chain_is_good_and_knows_what_comes_first() -> None:
    assert chain.walk([]) == chain.Checked(0, "0" * 64, None)


def test_what_is_not_known_cannot_be_audited() -> None:
    with pytest.raises(ValueError, match="nothing that is audited"):
        Entry("exprot", "me")


def test_texts_are_kept_as_every_database_keeps_them() -> None:
    row = chain.linked(Entry("export", "a\0b", reason="x" * 2000, detail="\ud800"), None, 0)
    assert (row.who, len(row.reason), row.detail) == ("ab", 1000, "?")
