import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.english import FORMS, edges, goes_on, spellings
from eslbot.judge.text import folder

FOLD = folder("en").fold
WORDS = [
    "five", "twenty", "hundred", "a", "and", "percent", "per", "cent", "%", "5", "100", "point", "cant", "can", "not",
    "cannot", "it", "is", "its", "risk", "thousand", "zero",
]  # fmt: skip


@pytest.mark.parametrize(
    "same",
    [
        ["5%", "five percent", "5 percent", "five per cent", "5 %"],
        ["100%", "a hundred percent", "one hundred percent", "100 per cent"],
        ["0.5%", "zero point five percent"],
        ["25", "twenty five", "twenty-five"],
        ["120", "a hundred twenty", "one hundred and twenty"],
        ["2,000", "2000", "two thousand"],
        ["1000000", "a million", "one million"],
        ["you can't lose", "you cannot lose", "you can not lose", "you cant lose"],
        ["it's risk free", "it is risk free"],
        ["won't lose", "will not lose"],
        ["you're safe", "you are safe"],
    ],
)
def test_each_way_to_write_it_is_a_spelling_of_each_other(same: list[str]) -> None:
    for phrase in map(FOLD, same):
        assert {FOLD(other) for other in same} - {FOLD("2,000")} <= set(spellings(phrase)), phrase


@given(st.integers(0, 10**6))
def test_figures_and_words_of_a_number_lead_to_each_other(value: int) -> None:
    figures = FOLD(str(value))
    for spelling in spellings(figures):
        assert figures in spellings(spelling), spelling


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join))
def test_a_phrase_is_its_own_first_spelling_and_all_are_folded(text: str) -> None:
    folded = FOLD(text)
    found = spellings(folded)
    assert found[0] == folded
    assert len(found) == len(set(found)) <= FORMS
    assert [FOLD(spelling) for spelling in found] == found


@pytest.mark.parametrize(
    ("text", "phrase", "expected"),
    [
        ("twenty five percent", "five percent", True), ("about five percent", "five percent", False),
        ("point five percent", "five percent", True), ("a hundred and five", "a hundred", False),
        ("a hundred five", "a hundred", True), ("two hundred percent", "hundred percent", True),
    ],
)  # fmt: skip
def test_a_number_at_an_edge_may_go_on(text: str, phrase: str, expected: bool) -> None:
    folded, looked = FOLD(text), FOLD(phrase)
    start = folded.index(looked) + 1
    assert goes_on(folded, start, start + len(looked.strip()), *edges(looked)) is expected
