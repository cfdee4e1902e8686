import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.text import LANGUAGES, Folder, Language, folder, join, last_units, units

MIXED = st.text(
    st.one_of(st.characters(), st.sampled_from("稳赚不赔 ，。A b'Z9-５%ＡÄ轉賬您\u200b\u0301\ue000.．0五百点壹貳"))
)


@pytest.mark.parametrize(
    "written", ["稳赚不赔", "稳 赚 不 赔", "稳赚，不赔！", " 稳\t赚\n不赔 ", "穩賺不賠", "稳\u200b赚不赔"]
)
def test_spaces_punctuation_and_script_do_not_matter_in_chinese(written: str) -> None:
    assert folder("zh").fold(written) == "稳赚不赔"


def test_english_stands_between_single_spaces_case_folded() -> None:
    assert folder("en").fold("A Risk-free  RETURN, don’t worry!") == " a risk free return dont worry "


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("加VIP群", "加 vip 群"),
        ("加 ＶＩＰ 群", "加 vip 群"),
        ("VIP 群", " vip 群"),
        ("加 VIP", "加 vip "),
        ("a b 群 c", " a b 群 c "),
    ],
)
def test_latin_words_keep_their_boundaries_among_chinese(written: str, folded: str) -> None:
    assert folder("zh").fold(written) == folded


@pytest.mark.parametrize("written", ["零风险", "0风险", "０ 风险", "〇风险", "٠风险"])
def test_digits_are_read_out_in_chinese(written: str) -> None:
    assert folder("zh").fold(written) == "零风险"


@pytest.mark.parametrize("written", ["0.5%", "０．５％", "零点五%", "零點5 ％"])
def test_the_point_between_digits_is_said_and_no_other(written: str) -> None:
    assert folder("zh").fold(written) == "零点五%"
    assert folder("zh").fold("五. 5.") == "五五"
    assert folder("en").fold("0.5%, 7. and .5") == " 0 point 5 % 7 and 5 "


def test_numerals_of_contracts_are_ordinary_ones() -> None:
    assert folder("zh").fold("壹拾贰万伍仟") == folder("zh").fold("壹拾貳萬伍仟") == "一十二万五千"


def test_digits_stay_words_in_english() -> None:
    assert folder("en").fold("5 % of ５00") == " 5 % of 500 "


def test_forms_of_one_word_are_one() -> None:
    fold = folder("zh").fold
    assert fold("您的帐户") == fold("你的账户") == fold("妳的帳戶")


@pytest.mark.parametrize("nothing", ["", "  ", "。，！", "\u200b", "—"])
def test_text_without_a_word_folds_to_nothing(nothing: str) -> None:
    assert [folder(language).fold(nothing) for language in LANGUAGES] == ["", ""]


@given(MIXED, st.sampled_from(LANGUAGES))
def test_the_slow_way_folds_alike_and_points_at_each_character(text: str, language: Language) -> None:
    fold = folder(language)
    aligned = fold.align(text)
    assert aligned.text == fold.fold(text)
    assert len(aligned.origins) == len(aligned.text)
    assert list(aligned.origins) == sorted(aligned.origins)
    for character, origin in zip(aligned.text, aligned.origins, strict=True):
        assert character == " " or character in fold.fold(text[origin]) or text[origin] in ".．"


@given(st.binary(max_size=200), st.sampled_from(LANGUAGES))
def test_whatever_the_bytes_folding_them_is_folding_them_again_and_alignment_agrees(
    junk: bytes, language: Language
) -> None:
    for text in (junk.decode("utf-8", "replace"), junk.decode("utf-16", "replace")):
        fold = folder(language)
        once = fold.fold(text)
        assert fold.fold(once) == once
        assert fold.align(text).text == once
        assert max(fold.align(text).origins, default=-1) < len(text)


@given(MIXED, st.sampled_from(LANGUAGES))
def test_folding_a_folded_text_changes_nothing(text: str, language: Language) -> None:
    once = folder(language).fold(text)
    assert folder(language).fold(once) == once


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_there_is_folds_to_what_folding_leaves_alone(language: Language) -> None:
    fold = Folder(language).fold  # one of its own: it keeps what it has seen
    folded = {fold(chr(point)) for point in range(sys.maxunicode + 1) if chr(point).isalnum()}
    assert {once: fold(once) for once in folded if fold(once) != once} == {}


def test_a_simplified_character_that_is_a_traditional_one_too_is_one_with_both() -> None:
    assert {folder("zh").fold(written) for written in "薴苧苎"} == {"苎"}


@given(MIXED, st.sampled_from(LANGUAGES))
def test_width_and_composition_do_not_matter(text: str, language: Language) -> None:
    fold = folder(language).fold
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFKC", text))


@given(MIXED, MIXED, st.sampled_from(LANGUAGES))
def test_two_texts_joined_are_what_both_fold_to(one: str, other: str, language: Language) -> None:
    fold = folder(language).fold
    assert join(fold(one), fold(other)) == fold(f"{one} {other}")


@given(MIXED, st.integers(0, 6), st.sampled_from(LANGUAGES))
def test_the_last_units_are_an_end_of_the_text_and_a_folded_text(text: str, count: int, language: Language) -> None:
    folded = folder(language).fold(text)
    end = last_units(folded, count)
    assert folded.endswith(end)
    assert folder(language).fold(end) == end
    assert units(end) == min(count, units(folded))


def test_a_chinese_character_is_a_unit_and_so_is_an_english_word() -> None:
    assert units(folder("zh").fold("加 VIP 群")) == 3
    assert units(folder("en").fold("risk-free return")) == 3
    assert last_units(" a risk free return ", 2) == " free return "
