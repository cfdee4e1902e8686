"""Which numbers go out of spoken words, however they are said, and which stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.redact.numbers import CARD, CODE, IDENTITY, digits, redact_words
from tests.redact.build import WAYS, cards, codes, identities, luhn, ways


@given(cards, ways)
def test_a_card_number_goes_however_it_is_said(number: str, way: str) -> None:
    assert redact_words(f"我的 卡号 是 {WAYS[way](number)} 对") == f"我的 卡号 是 {CARD} 对"


@given(identities, ways)
def test_an_identity_number_goes_however_it_is_said(number: str, way: str) -> None:
    assert redact_words(f"身份证 是 {WAYS[way](number)} 对") in (f"身份证 是 {IDENTITY} 对", f"身份证 是 {CARD} 对")


@given(codes, ways, st.sampled_from([
    "验证码 是 {}", "验证码{}", "您 收到 的 动态 密码 是 {}", "{} 是 验证码", "the code is {}", "驗證碼 {}",
    "your one time password is {}",
]))  # fmt: skip
def test_a_code_goes_where_it_is_called_one(number: str, way: str, sentence: str) -> None:
    assert redact_words(sentence.format(WAYS[way](number))) == sentence.format(CODE)


@given(st.text())
def test_nothing_is_ever_added_to_words_without_digits_and_every_text_comes_through(text: str) -> None:
    shown = redact_words(text)
    if not digits(text):
        assert shown == text


@given(st.text("0123456789一二三四五六七八九零 ，验证码是", max_size=60))
def test_what_was_redacted_stays_so(text: str) -> None:
    assert redact_words(redact_words(text)) == redact_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "一共 一百二十三 块", "今年 是 二零二六年", "我的 电话 是 一三八零零一三八零零零", "年化 百分之四点五",
        "1888 元", "请 不要 把 验证码 告诉 任何人", "the code of conduct", "call me at five",
        "订单号 六二二二零二一二三四五六七八九一",
        "一二三四五六七八九十", "password", "three or four people",
    ],
)
def test_telephone_numbers_prices_and_counted_things_stay(text: str) -> None:
    assert redact_words(text) == text


def test_a_number_that_fails_its_check_is_no_card() -> None:
    good = luhn("622202123456789")
    assert redact_words(good) == CARD
    assert redact_words(good[:-1] + str((int(good[-1]) + 1) % 10)) != CARD


def test_double_and_triple_are_heard_as_people_say_them() -> None:
    assert [digit.value for row in digits("double four one triple seven") for digit in row] == list("441777")


def test_fillers_do_not_break_a_number() -> None:
    assert redact_words("四幺幺幺 嗯 幺幺幺幺 啊 一一一一 一一一 一") == CARD
