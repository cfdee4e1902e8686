"""Decoded samples and the call's samples, both ways through jumps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.listen.timeline import Timeline


def test_a_jump_is_kept_and_its_edge_belongs_to_the_run_that_is_asked_about() -> None:
    timeline = Timeline()
    timeline.add(1000, 100)
    timeline.add(5000, 100)
    assert timeline.sample(0) == 1000
    assert timeline.sample(99) == 1099
    assert timeline.sample(100) == 5000
    assert timeline.until(100) == 1100
    assert timeline.until(101) == 5001
    assert timeline.run_of(100) == 1000
    assert timeline.run_of(101) == 5000


def test_times_a_little_outside_count_on_from_the_nearest_run() -> None:
    timeline = Timeline()
    timeline.add(1000, 100)
    assert timeline.until(110) == 1110
    assert timeline.sample(-5) == 995


def test_nothing_decoded_has_no_place() -> None:
    with pytest.raises(LookupError):
        Timeline().sample(0)
    with pytest.raises(LookupError):
        Timeline().run_of(0)


pieces = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 40)), min_size=1, max_size=30)
"""(samples skipped before it, samples decoded)"""


@given(pieces, st.data())
def test_every_decoded_sample_is_where_it_was_fed_from_also_after_forgetting(
    steps: list[tuple[int, int]], data: st.DataObject
) -> None:
    timeline, at = Timeline(), 0
    truth: list[int] = []
    for skip, size in steps:
        at += skip
        timeline.add(at, size)
        truth += range(at, at + size)
        at += size
    assert timeline.end == len(truth)
    forgotten = data.draw(st.integers(0, len(truth) - 1))
    timeline.forget(forgotten)
    for index in range(forgotten, len(truth)):
        assert timeline.sample(index) == truth[index]
        assert timeline.until(index + 1) == truth[index] + 1
