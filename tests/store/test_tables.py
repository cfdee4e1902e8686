"""Rows and their columns."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from eslbot.store.rows import Row
from eslbot.store.tables import TABLE_OF, audit, columns_of, key_of, row_of
from tests.store.test_rows import AUDIT, ROWS


def test_every_row_has_its_table_and_every_field_its_column() -> None:
    for kind, table in TABLE_OF.items():
        assert [f.name for f in dataclasses.fields(kind)] == list(columns_of(
            next(r for r in ROWS if type(r) is kind)))
        assert {f.name for f in dataclasses.fields(kind)} == {c.name for c in table.columns}


def test_the_audits_columns_stand_in_the_order_of_its_fields() -> None:
    """ledger.py builds rows by it."""
    assert [f.name for f in dataclasses.fields(AUDIT)] == [c.name for c in audit.columns] == list(columns_of(AUDIT))


@given(st.sampled_from(ROWS))
def test_columns_and_row_are_inverse(row: Row) -> None:
    assert row_of(type(row), columns_of(row)) == row


def test_every_table_has_a_key_of_columns_that_are_never_empty() -> None:
    assert {table.name: key_of(table) for table in TABLE_OF.values()} == {
        "calls": ("call",), "stays": ("call", "ordinal"), "recordings": ("call", "part"), "violations": ("hit",),
        "acts": ("id",),
        "closings": ("call",), "alerts": ("id",), "appeals": ("id",), "flags": ("name",), "holds": ("call",),
        "tombstones": ("call",)}
    assert not any(table.columns[name].nullable for table in TABLE_OF.values() for name in key_of(table))
