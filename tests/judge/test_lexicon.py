import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.lexicon import Found, Lexicon


def test_overlapping_phrases_are_all_found_by_their_ends() -> None:
    assert Lexicon(["保本", "保本保息", "保息"]).scan("保本保息") == [(0, 2, 0), (0, 4, 1), (2, 4, 2)]


def test_a_place_leaves_out_the_spaces_around_it() -> None:
    assert Lexicon([" no risk "]).scan(" there is no risk ") == [Found(10, 17, 0)]


def test_english_is_found_on_word_boundaries_only() -> None:
    assert Lexicon([" risk "]).scan(" asterisk risky ") == []


def test_an_empty_lexicon_finds_nothing() -> None:
    assert Lexicon([]).scan("保本") == []


@pytest.mark.parametrize("phrases", [["甲", "甲"], [""], [" "]])
def test_a_phrase_that_is_there_twice_or_empty_is_refused(phrases: list[str]) -> None:
    with pytest.raises(ValueError, match="phrase"):
        Lexicon(phrases)


@given(st.lists(st.text(alphabet="甲乙丙", min_size=1, max_size=4), unique=True), st.text(alphabet="甲乙丙丁"))
def test_it_finds_what_looking_at_every_place_finds(phrases: list[str], text: str) -> None:
    everywhere = [
        (start, start + len(phrase), index)
        for index, phrase in enumerate(phrases)
        for start in range(len(text))
        if text.startswith(phrase, start)
    ]
    assert Lexicon(phrases).scan(text) == sorted(everywhere, key=lambda found: (found[1], found[0]))
