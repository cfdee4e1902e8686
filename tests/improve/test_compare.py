"""What is the same hit under two packs."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from eslbot.improve.compare import compare
from eslbot.improve.rejudge import Found

ONE = Found("promise", "agent", "severe", "p", "1", 3, 8000, 12000, "稳赚不赔")
MISSED = Found("notice", "agent", "severe", "p", "1", -1, 0, 80000, "")


def test_a_phrase_that_begins_a_word_earlier_is_neither_gained_nor_lost() -> None:
    assert compare([replace(ONE, start=6000)], [ONE]) == ([], [], [replace(ONE, start=6000)])


def test_words_elsewhere_of_another_side_or_rule_are_another_hit() -> None:
    for other in (replace(ONE, start=12000, end=13000), replace(ONE, role="customer"), replace(ONE, rule="else")):
        assert compare([other], [ONE]) == ([other], [ONE], [])


def test_a_missed_disclosure_is_the_same_whatever_its_deadline() -> None:
    assert compare([replace(MISSED, end=160000)], [MISSED])[2] == [replace(MISSED, end=160000)]
    assert compare([replace(ONE, rule="notice")], [MISSED])[:2] == ([replace(ONE, rule="notice")], [MISSED])


def test_one_hit_answers_for_one_only() -> None:
    wide = replace(ONE, start=0, end=20000)
    assert compare([ONE, replace(ONE, start=13000, end=14000)], [wide])[0] == [replace(ONE, start=13000, end=14000)]


HITS = st.lists(st.builds(
    lambda rule, role, start, length: Found(rule, role, "severe", "p", "1", 0, start, start + length, "x"),
    st.sampled_from("ab"), st.sampled_from(["agent", "customer"]), st.integers(0, 50), st.integers(1, 20),
), max_size=8)  # fmt: skip


@given(HITS, HITS)
def test_every_hit_is_told_once(new: list[Found], old: list[Found]) -> None:
    gained, lost, kept = compare(new, old)
    assert sorted(map(repr, gained + kept)) == sorted(map(repr, new))
    assert len(kept) + len(lost) == len(old)
    assert compare(new, new)[:2] == ([], [])
