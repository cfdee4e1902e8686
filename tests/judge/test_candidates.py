"""Which of the spans that meet a condition are hits of their own."""

from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.candidates import Span, claimed

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=12).map(
    lambda found: sorted((Span(start, start + length, "") for start, length in found), key=lambda s: (s.end, s.start)))


@given(SPANS, st.none() | st.tuples(st.integers(0, 10), st.integers(1, 9)))
def test_each_hit_ends_behind_the_one_before_and_every_candidate_belongs_to_one(spans, before) -> None:
    last = None if before is None else Span(before[0], sum(before), "")
    found = claimed(iter(spans), last)
    assert all(one.end < two.end for one, two in zip(found.spans, found.spans[1:], strict=False))
    hits = [*([last] if last else []), *found.spans]
    for span in spans:
        assert any((span.start < hit.end and hit.start < span.end) or span.start <= hit.start for hit in hits)


def test_the_same_words_at_more_length_take_the_hits_place() -> None:
    short, long_, other = Span(4, 6, "a"), Span(2, 8, "b"), Span(9, 11, "c")
    assert list(claimed(iter([short, long_, other]), None).spans) == [long_, other]
