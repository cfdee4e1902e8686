import pytest
from pydantic import ValidationError

from eslbot.config.section import Section, Variable, Word


class Sample(Section):
    word: Word = "x"
    variable: Variable = "X"


@pytest.mark.parametrize("word", ["", "-a", "a b", "a\n", "a" * 65, "a/b", "ä"])
def test_a_word_is_safe_in_a_label_a_path_and_a_command(word):
    with pytest.raises(ValidationError):
        Sample(word=word)


@pytest.mark.parametrize("name", ["", "1X", "A-B", "A=B", "X\n"])
def test_a_variables_name_is_no_secret(name):
    with pytest.raises(ValidationError):
        Sample(variable=name)
