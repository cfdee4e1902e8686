"""The list of gaps against a picture of every sample."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from eslbot.record.gaps import MASKED, Gaps, add, lost, masked

REASONS = st.sampled_from(["source", "restart", "disk"])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12), REASONS), max_size=12))
def test_the_list_says_of_every_sample_what_was_said_of_it_first(told: list[tuple[int, int, str]]) -> None:
    picture: dict[int, str] = {}
    listed: Gaps = ()
    for first, count, reason in told:
        listed = add(listed, first, first + count, reason)
        for sample in range(first, first + count):
            picture.setdefault(sample, reason)
    assert {s: g["reason"] for g in listed for s in range(g["first"], g["end"])} == picture
    assert sum(g["end"] - g["first"] for g in listed) == len(picture)
    for a, b in itertools.pairwise(listed):
        assert a["end"] < b["first"] or (a["end"] == b["first"] and a["reason"] != b["reason"])


def test_adding_again_changes_nothing() -> None:
    once = add((), 5, 10, "source")
    assert add(once, 6, 9, "disk") == once == ({"first": 5, "end": 10, "reason": "source"},)
    assert add(once, 3, 12, "disk") == ({"first": 3, "end": 5, "reason": "disk"}, once[0],
                                        {"first": 10, "end": 12, "reason": "disk"})
    assert add(once, 7, 7, "disk") == once


def test_what_was_masked_is_no_loss() -> None:
    listed = add(add((), 5, 10, "source"), 8, 20, MASKED)
    assert lost(listed) == ({"first": 5, "end": 10, "reason": "source"},)
    assert masked(listed) == ((10, 20),)
