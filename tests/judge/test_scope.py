import pytest

from eslbot.judge.scope import turned
from eslbot.judge.text import Language, folder


@pytest.mark.parametrize(
    "before",
    [
        "这个产品不", "我们不", "我们不能说", "不是", "没有人能", "谁也不敢", "不能保证", "不得承诺", "有人说",
        "我听说", "谁敢说这个产品", "请不要把", "严禁宣传", "絕對沒有", "不要 给 您 承诺",
    ],
)
def test_a_negation_or_quotation_directly_before_turns_the_words(before: str) -> None:
    assert turned(folder("zh").fold(before), "zh")


@pytest.mark.parametrize(
    "before",
    [
        "", "这个产品", "我们保证", "您要不要", "是不是", "有没有", "不得不说", "不可能不", "不是不", "请不要错过",
        "没问题", "您别担心", "不会骗您的", "一点都不贵", "不贵而且绝对",
    ],
)
def test_words_stand_without_one_or_with_two_or_with_another_word_between(before: str) -> None:
    assert not turned(folder("zh").fold(before), "zh")


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("this is not a", True),
        ("we never promise", True),
        ("nobody can promise a", True),
        ("people who say", True),
        ("we don't offer any", True),
        ("it is a", False),
        ("do not miss this", False),
        ("", False),
        ("a knot", False),
        ("you cannot not", False),
    ],
)
def test_english_is_turned_the_same_way(before: str, expected: bool) -> None:
    assert turned(folder("en").fold(before), "en") is expected


@pytest.mark.parametrize(("language", "filler"), [("zh", "说"), ("en", "a ")])
def test_a_negation_too_far_off_does_not_reach(language: Language, filler: str) -> None:
    negation = {"zh": "不", "en": "not "}[language]
    assert turned(folder(language).fold(negation + filler * 4), language)
    assert not turned(folder(language).fold(negation + filler * 5), language)
