import re

import pytest

from eslbot.judge.grammar import AFTER, BEFORE, END, Grammar
from eslbot.judge.grammar_en import ENGLISH
from eslbot.judge.grammar_zh import CHINESE
from eslbot.judge.text import Language, folder

BOTH = pytest.mark.parametrize(("grammar", "language"), [(CHINESE, "zh"), (ENGLISH, "en")])


def words(table: str) -> list[str]:
    """The words of a table without what must follow them."""
    return [re.sub(r"\(\?.*|~$", "", word.strip()) for word in table.split("," if "," in table else None)]


@BOTH
def test_each_kind_has_a_table_and_each_table_a_kind(grammar: Grammar, language: Language) -> None:
    assert set(grammar.before) == set(BEFORE)
    assert set(grammar.after) == set(AFTER)


@BOTH
def test_every_word_is_one_that_a_folded_text_can_hold(grammar: Grammar, language: Language) -> None:
    fold = folder(language).fold
    for table in [*grammar.before.values(), *grammar.after.values()]:
        for word in filter(None, words(table)):
            assert fold(word).strip(), word
            assert language == "en" or " " not in fold(word), word
            assert language == "zh" or fold(word) == f" {word} ", word


@BOTH
def test_patterns_compile_and_match_no_emptiness_where_that_would_turn_words(
    grammar: Grammar, language: Language
) -> None:
    for pattern in (grammar.offers, grammar.bids, grammar.condition):
        assert re.match(pattern, "") is None
    assert re.match(f"不可能{END}", "不可能的")
    assert re.match(f"不可能{END}", "不可能亏") is None


@BOTH
def test_no_word_stands_twice_in_a_table(grammar: Grammar, language: Language) -> None:
    for table in [*grammar.before.values(), *grammar.after.values()]:
        assert len(words(table)) == len(set(words(table)))
