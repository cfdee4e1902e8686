"""Names and files of a backup: what was written is read back, and what was changed is not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.record.backup import layout
from eslbot.record.backup.layout import BackupProblem, Listed, Snapshot
from tests.store.test_rows import CALL, RECORDING

SHA = "ab" * 32
SNAPSHOT = Snapshot(7, 1.5, "n1", "0002", 1, 2, 300, {"calls": 1}, SHA, SHA, 9, SHA, (CALL,))


def test_a_snapshot_is_read_back_and_its_signature_covers_all_but_itself() -> None:
    assert layout.decode_snapshot(SNAPSHOT.encode(), "x") == SNAPSHOT
    values = {f: getattr(SNAPSHOT, f) for f in Snapshot.__slots__}
    assert Snapshot(**values | {"signature": "s"}).signed() == SNAPSHOT.signed()
    assert Snapshot(**values | {"erased": ()}).signed() != SNAPSHOT.signed()


@given(st.data())
def test_a_snapshot_with_any_byte_changed_is_refused_or_the_same(data: st.DataObject) -> None:
    held = bytearray(SNAPSHOT.encode())
    held[data.draw(st.integers(0, len(held) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = layout.decode_snapshot(bytes(held), "x")
    except BackupProblem:
        return
    assert found == SNAPSHOT


def test_the_index_is_read_back_and_names_nothing_but_digests_and_calls() -> None:
    listed = [Listed(CALL, SHA, ((SHA, 1), ("cd" * 32, 2)))]
    assert layout.decode_index(b"".join(one.encode() for one in listed), "x") == listed
    for bad in (["../x", SHA, []], [CALL, "../x", []], [CALL, SHA, [["../../etc", 1]]], [CALL], 5):
        with pytest.raises(BackupProblem):
            layout.decode_index(json.dumps(bad).encode(), "x")


def test_a_calls_file_is_read_back_with_its_headers() -> None:
    files = {"audio": (SHA, 5), "words": ("cd" * 32, 6)}
    assert layout.decode_call(layout.encode_call([(RECORDING, files)]), "x") == [(RECORDING, files)]
    for bad in (b"{}", b"[]", b"null", b'{"parts": [{"row": {}, "files": {}}]}', b"\xff"):
        with pytest.raises(BackupProblem):
            layout.decode_call(bad, "x")


def test_nothing_but_a_digest_or_a_call_becomes_a_name() -> None:
    assert layout.payload_name(SHA) == f"payload/ab/{SHA}"
    assert layout.call_name(CALL) == f"call/6f/{CALL}.json"
    for bad in ("", "../x", SHA.upper(), SHA + "\n"):
        with pytest.raises(ValueError, match="SHA-256"):
            layout.payload_name(bad)
    with pytest.raises(ValueError, match="UUID"):
        layout.call_name("../x")


@given(st.integers(1, 99_999_999))
def test_a_snapshots_number_is_in_its_name(number: int) -> None:
    assert layout.number_of(layout.names(number)[0]) == number
    assert layout.number_of(layout.names(number)[1]) is None
