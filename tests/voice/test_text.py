"""The corpora hold what rules are about, and sentences keep their words' places."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.voice import text

JUDGED = {
    "zh": """稳赚不赔 保本保息 零风险 保证收益 没有任何风险 通话将被录音 本次通话会录音 您可以随时拒绝
        不要再打 别再打了 我要投诉 投诉 转账 个人账户 微信 验证码 密码 国家级 最高级 最好 第一
        投资有风险 产品有风险 优惠 活动 截止 退款 报警 不还钱 上门 起诉 闭嘴 您好 再见 谢谢
        需要 不需要 考虑 利息 百分之五 价格 元 每月 有人说零风险都是骗子 这个产品不保本""",
    "en": """guaranteed_return risk_free no_risk_at_all this_call_is_recorded you_may_decline_at_any_time
        do_not_call_me_again i_want_to_complain transfer personal_account one_time_code password the_best number_one
        investments_carry_risk i_am_calling_from limited_offer refund police sue_you shut_up hello goodbye thank_you
        price dollars per_month five_percent we_never_promise_guaranteed_returns""",
}


def joined(language: str, words: tuple[str, ...]) -> str:
    return ("" if language == "zh" else " ").join(words)


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_phrase_that_rules_are_about_is_in_a_sentence(language: str) -> None:
    sentences = [joined(language, sentence) for sentence in text.read(language).sentences]
    phrases = [phrase.replace("_", " ") for phrase in JUDGED[language].split()]
    assert [phrase for phrase in phrases if not any(phrase in sentence for sentence in sentences)] == []


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_corpus_is_large_enough_and_says_nothing_twice(language: str) -> None:
    corpus = text.read(language)
    assert len(corpus.sentences) >= 100
    assert len(corpus.vocabulary) >= 190
    assert len(set(corpus.sentences)) == len(corpus.sentences)
    assert len(corpus.unseen) >= 20
    assert len(corpus.others) >= 80


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_training_sentences_are_drawn_alike_from_the_same_seed_and_reach_outside_the_vocabulary(language: str) -> None:
    corpus = text.read(language)
    generators = (np.random.default_rng(5), np.random.default_rng(5))
    first, second = ([text.draw(corpus, random) for _ in range(400)] for random in generators)
    assert first == second
    others = [any(word in corpus.others for word in sentence) for sentence in first]
    assert 0.05 < np.mean(others) < 0.25
    assert not set(first) & set(corpus.unseen)


@given(
    st.lists(st.text("abc稳赚", min_size=1, max_size=4), min_size=1, max_size=6),
    st.sets(st.integers(0, 5)),
    st.booleans(),
    st.sampled_from(text.LANGUAGES),
)
def test_every_character_of_a_written_word_belongs_to_it(
    words: list[str], commas: set[int], spaced: bool, language: str
) -> None:
    written = text.write_down(language, tuple(words), tuple(commas), spaced=spaced)
    for index, (word, start) in enumerate(zip(written.words, written.starts, strict=True)):
        assert written.text[start : start + len(word)] == word
        assert {written.word_at(start + offset) for offset in range(len(word))} == {index}


def test_bigrams_count_beginnings_and_ends() -> None:
    corpus = text.Corpus("en", (("a", "b"), ("a",)), (), ())
    assert text.bigrams(corpus) == {("<s>", "a"): 2, ("a", "b"): 1, ("b", "</s>"): 1, ("a", "</s>"): 1}


def test_an_unseen_sentence_of_other_words_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "en.txt").write_text("hello you\n")
    (tmp_path / "en-unseen.txt").write_text("hello stranger\n")
    (tmp_path / "en-other.txt").write_text("zebra\n")
    monkeypatch.setattr(text, "CORPUS", tmp_path)
    with pytest.raises(ValueError, match=r"en-unseen\.txt: 'hello stranger'"):
        text.read("en")
    (tmp_path / "en-unseen.txt").write_text("you hello\n")
    (tmp_path / "en-other.txt").write_text("zebra you\n")
    with pytest.raises(ValueError, match=r"en-other\.txt: words of the vocabulary: you"):
        text.read("en")
