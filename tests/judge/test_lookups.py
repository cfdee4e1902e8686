"""The tables as they are looked up: the longest word wins, and English words end where a space does."""

from eslbot.judge.grammar import AFTER, BEFORE
from eslbot.judge.lookups import GRAMMARS, leftwards, openings, rightwards


def test_of_two_words_at_one_place_the_longer_is_found() -> None:
    table = leftwards("zh")
    for word, kinds in table.words.items():
        if any(follows is None for _, follows in kinds):
            found = table.at(word, 0)
            assert found is not None
            assert found[0] == word


def test_english_words_end_at_spaces() -> None:
    table = rightwards("en")
    for word, kinds in table.words.items():
        if word.isalpha() and any(follows is None for _, follows in kinds):
            assert table.at(f"{word} next", 0) is not None
            assert (table.at(f"{word}zz next", 0) or ("",))[0] != word


def test_every_kind_of_the_grammar_has_a_table_in_every_language() -> None:
    for language, grammar in GRAMMARS.items():
        assert set(grammar.before) == set(BEFORE)
        assert set(grammar.after) == set(AFTER)
        pattern, kinds = openings(language)
        assert set(kinds.values()) <= {"speech", "modal", "subject"}
        assert pattern.match(next(iter(kinds)) + (" " if language == "en" else ""))
