"""Which spans meet a condition, and which of them are hits of their own; what is made of them is test_program's."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.candidates import Looking, Occurrence, Plan, Span, claimed, utterance
from eslbot.judge.conditions import AnyOf, Condition, Either, Matching, Near, SomeOf
from eslbot.judge.patterns import Pattern

TEXT = "甲乙丙丁"
PLACES = {"甲": 0, "乙": 1, "丙": 2, "丁": 3}
SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=12).map(
    lambda found: sorted((Span(start, start + length, "") for start, length in found), key=lambda s: (s.end, s.start)))


@given(SPANS)
def test_each_hit_ends_behind_the_one_before_and_every_candidate_belongs_to_one(spans) -> None:
    found = claimed(iter(spans), None)
    assert found.last == (found.spans[-1] if found.spans else None)
    assert all(one.end < two.end for one, two in pairwise(found.spans))
    for span in spans:
        assert any((span.start < hit.end and hit.start < span.end) or span.start <= hit.start for hit in found.spans)


def own(spans: list[Span]) -> list[Span]:
    """What counts of all of them, said by what the last one is to those before."""
    if not spans:
        return []
    *before, candidate = spans
    hits = own(before)
    if not hits or not set(range(*candidate[:2])) & set(range(*hits[-1][:2])):
        return [*hits, candidate]
    return [*hits[:-1], candidate] if candidate.start <= hits[-1].start else hits


@given(SPANS)
def test_what_counts_is_what_the_last_one_is_to_those_before(spans) -> None:
    assert list(claimed(iter(spans), None).spans) == own(spans)


@given(SPANS, st.data())
def test_looked_at_in_pieces_there_are_as_many_hits_as_at_once(spans, data) -> None:
    """So a hit that was told is never taken back by words that come after it."""
    cut = data.draw(st.integers(0, len(spans)))
    whole, first = claimed(iter(spans), None), claimed(iter(spans[:cut]), None)
    second = claimed(iter(spans[cut:]), first.last)
    assert len(first.spans) + len(second.spans) == len(whole.spans)
    assert second.last == whole.last


def test_words_that_reach_over_two_hits_stand_for_the_later_one_only() -> None:
    """The first may have been told before the others were said."""
    assert [hit[:2] for hit in claimed(iter([Span(0, 1, ""), Span(1, 2, ""), Span(0, 3, "")]), None).spans] == [
        (0, 1), (0, 3)]


def test_what_overlaps_the_hit_carried_over_is_none_of_its_own() -> None:
    before = Span(2, 5, "")
    found = claimed(iter([Span(4, 6, ""), Span(1, 7, ""), Span(7, 8, "")]), before)
    assert list(found.spans) == [Span(7, 8, "")]


def test_the_same_words_at_more_length_take_the_hits_place() -> None:
    short, long_, other = Span(4, 6, "a"), Span(2, 8, "b"), Span(9, 11, "c")
    assert list(claimed(iter([short, long_, other]), None).spans) == [long_, other]


def met(condition: Condition, turned: str = "", after: int = 0) -> list[tuple[int, int]]:
    """What meets it in TEXT, in which each character is a phrase; words at a `turned` one are not meant."""
    words = [(number, phrase) for number, word in enumerate(condition.words) for phrase in word]
    occurrences = sorted(Occurrence(PLACES[phrase], PLACES[phrase] + 1, number, phrase) for number, phrase in words)
    plan = Plan(condition)
    present = [each for each in plan.patterns if list(each.places(utterance(TEXT, after)[1]))]
    look = Looking(TEXT, after, occurrences, present, lambda start, end, since=0: TEXT[start] not in turned)
    return [(span.start, span.end) for span in plan.candidates(look)]


def test_every_part_sees_its_own_words_only() -> None:
    either = Either((Near((("甲",), ("丙",)), 4), AnyOf((("乙",),)), SomeOf((("丙",), ("丁",)), 2)))
    assert met(either) == [(1, 2), (0, 3), (2, 4)]


def test_patterns_and_phrases_come_in_one_order_by_where_they_end() -> None:
    assert met(Either((Matching(Pattern("丙丁")), AnyOf((("丁", "甲"),)), Matching(Pattern("乙"))))) == [
        (0, 1), (1, 2), (2, 4), (3, 4),
    ]  # fmt: skip


def test_of_two_that_end_alike_the_later_parts_comes_last_so_that_it_counts() -> None:
    either = Either((AnyOf((("乙",),)), Matching(Pattern("乙"))))
    look = Looking(TEXT, 0, [Occurrence(1, 2, 0, "乙")], [Pattern("乙")], lambda start, end, since=0: True)
    assert list(Plan(either).candidates(look)) == [Span(1, 2, "乙"), Span(1, 2, "")]


def test_a_pattern_that_finds_nothing_is_left_alone_and_the_others_are_not() -> None:
    assert met(Either((Matching(Pattern("戊")), Matching(Pattern("乙丙"))))) == [(1, 3)]


def test_what_is_turned_or_was_looked_at_before_is_none() -> None:
    assert met(AnyOf((("甲", "丙", "丁"),)), turned="丙", after=1) == [(3, 4)]


def test_what_patterns_see_has_no_spaces_around_it() -> None:
    assert utterance("before  no risk  ", 7) == (8, "no risk")
    assert utterance("甲乙", 2) == (2, "")
