import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.patterns import LARGEST, LARGEST_OF_A_PACK, LONGEST, Among, Pattern, PatternError, pattern, unheard
from eslbot.judge.text import folder


def places(text: str, folded: str) -> list[str]:
    return [folded[start:end] for start, end in Pattern(text).places(folded)]


def test_a_pattern_finds_its_places_from_left_to_right_and_none_twice() -> None:
    assert places("保.{0,2}本", "保本又保证成本") == ["保本", "保证成本"]
    assert places("甲+", "甲甲乙甲") == ["甲甲", "甲"]
    assert places(r"\bno risk\b", "no risk at all no risky") == ["no risk"]


def test_places_of_no_length_are_left_out() -> None:
    assert list(Pattern(r"乙|\b").places("a乙")) == [(1, 2)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("(甲", r"missing \)"),
        ("甲(?=乙)", "invalid perl operator"),
        (r"(甲)\1", "invalid escape sequence"),
        ("甲{2000}", "invalid repetition size"),
        ("((甲{100}){10}){10}", "invalid repetition size"),
        (".{900}", f"the pattern is too large: .* at most {LARGEST}"),
        ("甲" * (LONGEST + 1), f"longer than {LONGEST} characters"),
        ("甲*", "finds even nothing"),
        ("", "finds even nothing"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(text: str, says: str) -> None:
    with pytest.raises(PatternError, match=says):
        Pattern(text)


@pytest.mark.parametrize("text", ["(甲+)+乙", "(甲|甲甲)+乙", "(.*甲){20}", "甲.*甲.*甲.*甲.*乙"])
def test_patterns_that_hang_other_engines_are_answered(text: str) -> None:
    """In a backtracking engine these take longer than the universe; here the suite's own time limit is not near."""
    assert list(Pattern(text).places("甲" * 5000)) == [] or text == "(.*甲){20}"


def test_equal_texts_are_equal_and_compiled_once() -> None:
    assert Pattern("甲") == Pattern("甲")
    assert Pattern("甲") != Pattern("乙")
    assert hash(Pattern("甲")) == hash(Pattern("甲"))
    assert pattern("甲") is pattern("甲")
    assert "甲" in repr(Pattern("甲"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("保.{0,10}本", ""),
        (r"\p{Han}{2}[一-龥]+(?:甲|乙)\x61", ""),
        ("(?i)vip", ""),
        ("[[:alpha:]]+", ""),
        ("您好", "'您' finds nothing: it is heard as '你'"),
        ("收[益穩]", "'穩' finds nothing: it is heard as '稳'"),
        ("VIP", "'V' finds nothing: it is heard as 'v'"),
        ("don't", "\"'\" is not heard"),
    ],
)
def test_what_a_folded_text_never_holds_is_named(text: str, says: str) -> None:
    assert unheard(text, "zh") == says


def test_digits_are_named_where_they_are_not_heard_as_digits() -> None:
    heard = folder("zh").fold("1").strip()
    assert bool(unheard(r"\d{6}", "zh")) is (not heard.isdigit())
    assert unheard(r"\d{6}", "en") == ""


SIMPLE = st.lists(st.sampled_from(["甲", "乙", ".", "甲?", "乙+", "[甲丙]", "(甲|乙丙)", "丙{1,2}"]), max_size=5)


@given(SIMPLE.map("".join).filter(lambda text: not re.fullmatch(text, "")), st.text("甲乙丙", max_size=20))
def test_it_finds_what_the_standard_library_finds(text: str, folded: str) -> None:
    assert list(Pattern(text).places(folded)) == [found.span() for found in re.finditer(text, folded)]


@given(st.text("甲乙()[]{}*+?.|\\^$0123,-:", max_size=20))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    unheard(text, "zh")
    with suppress(PatternError):
        list(Pattern(text).places("甲乙甲乙"))


@given(
    st.lists(SIMPLE.map("".join).filter(lambda text: not re.fullmatch(text, "")), max_size=6).map(
        lambda texts: [Pattern(text) for text in texts]
    ),
    st.text("甲乙丙", max_size=20),
)
def test_read_together_they_find_what_they_find_one_by_one(patterns: list[Pattern], folded: str) -> None:
    assert Among(patterns).find(folded) == {each for each in patterns if list(each.places(folded))}


def test_more_patterns_than_one_pack_may_have_are_all_looked_for() -> None:
    """Six packs of one language are read together; each pattern here is nearly as large as one may be."""
    many = [Pattern(f"{chr(0x4E00 + n)}[乙-龥]{{90}}丁") for n in range(3 * LARGEST_OF_A_PACK // 300)]
    assert sum(each.size for each in many) > 2 * LARGEST_OF_A_PACK
    text = "".join(f"{chr(0x4E00 + n)}{'乙' * 90}丁" for n in range(0, len(many), 7))
    assert Among(many).find(text) == set(many[::7])
