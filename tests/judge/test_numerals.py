import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.numerals import FORMS, edges, goes_on, spellings
from eslbot.judge.text import folder

FOLD = folder("zh").fold
TALK = st.text(alphabet="零一二两三五九十百千万亿幺点百分之%定起第年个赚第不", max_size=14)


@pytest.mark.parametrize(
    "same",
    [
        ["5%", "百分之五", "５％", "百分之5", "五%"],
        ["100%", "百分之百", "百分百", "百分之一百", "一百%"],
        ["15", "十五", "一十五", "１５"],
        ["120", "一百二十", "一百二"],
        ["2000", "两千", "二千", "2千", "２千"],
        ["10000", "一万", "1万"],
        ["15000", "一万五千", "一万五", "1.5万", "一点五万", "1万5千"],
        ["1000000", "一百万", "100万"],
        ["0.5", "零点五", "０．５"],
        ["8.5%", "百分之八点五", "百分之8.5"],
        ["2026", "二零二六", "二〇二六", "两千零二十六"],
        ["12315", "一二三一五", "幺二三幺五"],
        ["110", "一一零", "幺幺零", "么么零"],
        ["105", "一百零五"], ["1010", "一千零一十"], ["10010", "一万零一十"],
        ["120000000", "一亿两千万", "1.2亿"],
        ["10万", "十万", "拾万", "100000"],
    ],
)  # fmt: skip
def test_each_way_to_write_a_number_is_a_spelling_of_each_other(same: list[str]) -> None:
    for phrase in map(FOLD, same):
        if "么" in phrase:
            continue  # a recogniser's mistake, which no pack's author makes
        assert {FOLD(other) for other in same} <= set(spellings(phrase)), phrase


@pytest.mark.parametrize("phrase", ["一定", "一点", "万一", "千万不要", "十分安全", "一起", "第一", "统一", "保本"])
def test_words_that_merely_hold_a_numeral_are_no_numbers(phrase: str) -> None:
    assert spellings(phrase) == [phrase]
    assert edges(phrase) == (False, False)


@pytest.mark.parametrize("phrase", ["百千", "亿万", "十百", "二百百"])
def test_numerals_without_a_value_are_left_alone(phrase: str) -> None:
    assert spellings(phrase) == [phrase]


@given(st.integers(0, 10**9))
def test_figures_and_words_of_a_number_lead_to_each_other(value: int) -> None:
    figures = FOLD(str(value))
    for spelling in spellings(figures):
        if "幺" not in spelling and "么" not in spelling:
            assert figures in spellings(spelling), spelling


@given(TALK)
def test_a_phrase_is_its_own_first_spelling_and_has_not_too_many(text: str) -> None:
    found = spellings(text)
    assert found[0] == text
    assert len(found) == len(set(found)) <= FORMS
    assert all(FOLD(spelling) == spelling for spelling in found)


@pytest.mark.parametrize(
    ("before", "phrase", "after", "expected"),
    [
        ("", "五%", "", False), ("一", "五%", "", True), ("年化", "五%", "", False), ("点", "五%", "", False),
        ("", "百分之五", "", False), ("", "百分之五", "十", True), ("", "百分之五", "点五", True),
        ("", "百分之五", "一年", False), ("", "百分之五", "一定", False), ("", "百分之五", "十分", False),
        ("赚", "一百", "一定", False), ("赚", "一百", "二十", True), ("百分之百", "一定赚", "", False),
        ("二", "十五天", "", True), ("第", "十五天", "", False), ("统一", "五块", "", False),
        ("打", "一二三一五", "一", False),        ("", "百分之百", "一定", False), ("", "百分之百", "十", False),
    ],
)  # fmt: skip
def test_a_number_at_an_edge_may_go_on(before: str, phrase: str, after: str, expected: bool) -> None:
    begins, ends = edges(phrase)
    place = len(before), len(before) + len(phrase)
    assert (goes_on(before + phrase + after, *place, begins, ends)) is expected
