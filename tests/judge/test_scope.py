from functools import cache
from pathlib import Path

import pytest

from eslbot.judge.lexicon import Lexicon
from eslbot.judge.scope import turned
from eslbot.judge.text import Language, folder

Sentence = tuple[bool, str, str]
"""Whether the words are meant, the words looked for, and what was said."""


@cache
def sentences(language: Language) -> tuple[Sentence, ...]:
    lines = (Path(__file__).parent / "scope" / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    parts = ((line[0], *line[1:].split("|")) for line in lines if line[:1] in ("+", "-"))
    return tuple((mark == "+", phrase.strip(), said.strip()) for mark, phrase, said in parts)


def meant(language: Language, phrase: str, sentence: str) -> bool:
    """Whether a phrase that stands in a sentence is meant anywhere in it."""
    fold = folder(language).fold
    folded = fold(sentence)
    found = Lexicon([fold(phrase)], language).scan(folded)
    assert found, f"{phrase} is not in {sentence}"
    return any(not turned(folded, each.start, each.end, language) for each in found)


@pytest.mark.parametrize(
    ("language", "sentence"), [(language, each) for language in ("zh", "en") for each in sentences(language)]
)
def test_words_are_meant_or_not(language: Language, sentence: Sentence) -> None:
    expected, phrase, said = sentence
    assert meant(language, phrase, said) is expected
