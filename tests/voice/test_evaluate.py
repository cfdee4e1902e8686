"""Counting errors, and measuring a model."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot import data
from tools.voice import evaluate, text
from tools.voice.voices import EVALUATION_VOICES

WORDS = st.lists(st.sampled_from("abc"), max_size=5)


def slow(said: list[str], heard: list[str]) -> int:
    """Edit distance from the longest common subsequences of every alignment, by trying them all."""
    best = max(len(said), len(heard))
    for size in range(1, min(len(said), len(heard)) + 1):
        for left in itertools.combinations(range(len(said)), size):
            for right in itertools.combinations(range(len(heard)), size):
                wrong = sum(said[a] != heard[b] for a, b in zip(left, right, strict=True))
                gaps_said = zip((-1, *left), (*left, len(said)), strict=True)
                gaps_heard = zip((-1, *right), (*right, len(heard)), strict=True)
                outside = sum(b - a - 1 for a, b in gaps_said) + sum(b - a - 1 for a, b in gaps_heard)
                best = min(best, wrong + outside)
    return min(best, len(said) + len(heard))


@given(WORDS, WORDS)
def test_errors_are_the_least_number_of_edits(said: list[str], heard: list[str]) -> None:
    assert evaluate.errors(said, heard) == slow(said, heard)


def test_the_language_of_a_shipped_model_is_known_and_a_strangers_is_refused(tmp_path: Path) -> None:
    assert evaluate.language_of(data.model("demo-zh")) == "zh"
    with pytest.raises(ValueError, match="was not made by this maker"):
        evaluate.language_of(tmp_path)


@pytest.mark.voice
@pytest.mark.parametrize("language", text.LANGUAGES)
def test_the_shipped_models_hear_voices_they_never_trained_on(language: str) -> None:
    corpus = text.read(language)
    report = evaluate.measure(data.model(f"demo-{language}"), corpus, corpus.sentences, seed=77)
    assert report.word_error_rate < 0.03
    assert abs(float(np.median(report.time_errors))) < 0.03
    assert 0.4 < float(np.median(report.finals)) < 1.2


@pytest.mark.voice
@pytest.mark.parametrize(("language", "before", "after"), [("zh", "您好", "谢谢"), ("en", "hello", "you")])
def test_about_half_of_the_words_outside_the_vocabulary_are_unknown_and_far_fewer_within(
    language: str, before: str, after: str
) -> None:
    corpus = text.read(language)

    def unknown(words: tuple[str, ...]) -> float:
        sentences = [(before, word, after) for word in words]
        report = evaluate.measure(data.model(f"demo-{language}"), corpus, sentences, seed=5)
        return sum("[unk]" in heard for _, heard in report.missed) / len(sentences)

    assert unknown(corpus.others) > 0.4
    assert unknown(corpus.vocabulary) < 0.2


@pytest.mark.voice
def test_the_same_seed_says_the_same() -> None:
    corpus = text.read("en")
    first, second = (
        evaluate.say(corpus, ("hello",), EVALUATION_VOICES, np.random.default_rng(3)).samples for _ in range(2)
    )
    assert np.array_equal(first, second)
