"""What a database leaves lying about. (Whole erasures: tests/record/test_erase.py.)"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from eslbot.greenlets import Greenlets
from eslbot.store import FlagRow, HoldRow, Ledger, Store, TombstoneRow, destruction
from tests.store.test_rows import CALL, RECORDING


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    group = Greenlets()
    store = Store(url, group)
    store.recordings.put(replace(RECORDING, ended=200.0, audio_header=b"-> X25519 " + b"s" * 43 + b"\n" + b"k" * 43))
    assert store.stop()
    group.stop()
    ledger = Ledger(url)
    yield ledger
    ledger.close()


def test_traces_are_the_wrapped_keys_and_macs_and_no_shares() -> None:
    header = b"age-encryption.org/v1\n-> X25519 " + b"s" * 43 + b"\n" + b"k" * 43 + b"\n--- " + b"m" * 43 + b"\n"
    row = replace(RECORDING, audio_header=header, words_header=b"")
    assert destruction.traces([row]) == [b"k" * 43, b"--- " + b"m" * 43]


def test_destroyed_headers_are_empty_and_the_row_says_so(ledger: Ledger) -> None:
    with ledger.writing() as writing:
        destruction.destroy_headers(writing, CALL)
        [row] = destruction.parts(writing.connection, CALL)
    assert (row.audio_header, row.words_header, row.state) == (b"", b"", "erased")
    assert destruction.scrub(ledger.engine, [b"k" * 43]) in ("searched", "vacuumed")


def test_holds_tombstones_and_flags_are_put_over_one_another(ledger: Ledger) -> None:
    with ledger.writing() as writing:
        for reason in ("a", "b"):
            destruction.put(writing, HoldRow(CALL, 1.0, "first", reason))
            destruction.put(writing, TombstoneRow(CALL, 1.0, "first", reason))
            destruction.put(writing, FlagRow("f", reason, 1.0))
        assert destruction.hold_of(writing.connection, CALL) == HoldRow(CALL, 1.0, "first", "b")
        assert destruction.tombstone_of(writing.connection, CALL) == TombstoneRow(CALL, 1.0, "first", "b")
        assert destruction.flag(writing.connection, "f") == "b"
        assert destruction.flag(writing.connection, "g") is None
        destruction.release(writing, CALL)
        assert destruction.hold_of(writing.connection, CALL) is None


def test_what_is_unfinished_is_found_and_what_came_back_too(ledger: Ledger) -> None:
    with ledger.writing() as writing:
        assert destruction.unfinished(writing.connection) == []
        destruction.put(writing, TombstoneRow(CALL, 1.0, "first", finished=2.0))
        assert destruction.unfinished(writing.connection) == [CALL]
        destruction.destroy_headers(writing, CALL)
        assert destruction.unfinished(writing.connection) == []
        destruction.put(writing, TombstoneRow(CALL, 1.0, "first"))
        assert destruction.unfinished(writing.connection) == [CALL]
