"""What a listing shows of a recording."""

import dataclasses

from tests.store.test_rows import CALL, RECORDING


def test_the_listing_has_the_contracts_columns() -> None:
    row = dataclasses.replace(RECORDING, samples=12_000, ended=104.0, state="partial", sha256="ab")
    assert row.listing() == {
        "call": CALL, "part": 1, "switch": "pbx1", "started": 100.0, "ended": 104.0, "seconds": 1.5, "rate": 8000,
        "channels": 2, "state": "partial", "gaps": [{"first": 1, "end": 2, "reason": "source"}], "sha256": "ab",
        "recipients": ["age1a", "age1b"], "masked": []}


def test_what_was_masked_is_listed_apart_from_what_was_lost() -> None:
    lost, masked = {"first": 1, "end": 2, "reason": "source"}, {"first": 5, "end": 9, "reason": "masked"}
    listed = dataclasses.replace(RECORDING, gaps=(lost, masked)).listing()
    assert (listed["gaps"], listed["masked"]) == ([lost], [{"first": 5, "end": 9}])


def test_seconds_count_what_is_durable() -> None:
    assert dataclasses.replace(RECORDING, samples=1).seconds == 0.0
    assert dataclasses.replace(RECORDING, samples=16384).seconds == 2.048
    assert dataclasses.replace(RECORDING, samples=16384, rate=16000).seconds == 1.024
