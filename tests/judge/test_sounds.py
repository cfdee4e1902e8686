import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.sounds import FORMS, confused, sounds
from eslbot.judge.text import folder

TEXTS = st.text(alphabet=st.one_of(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), st.sampled_from("aé %")))


def alike(phrase: str, heard: str) -> bool:
    return sounds().of(heard) in sounds().spellings(phrase)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zhang", "zang"), ("chang", "can"), ("sheng", "sen"), ("jing", "jin"), ("ling", "nin"), ("huang", "huan"),
        ("liang", "lian"), ("nv", "lv"), ("zhuang", "zuan"), ("weng", "wen"),
    ],
)  # fmt: skip
def test_what_recognisers_confuse_is_one(one: str, other: str) -> None:
    assert confused(one) == confused(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("hu", "fu"), ("re", "le"), ("ban", "ben"), ("ji", "qi"), ("ong", "on"), ("ng", "n"), ("a", "e"), ("lv", "lu")],
)
def test_other_sounds_stay_apart(one: str, other: str) -> None:
    assert confused(one) != confused(other)


@pytest.mark.parametrize(
    ("phrase", "heard"),
    [
        ("稳赚不赔", "稳赚不陪"), ("保本", "宝本"), ("验证码", "验正码"), ("零风险", "零封险"), ("银行卡", "银航卡"),
        ("银行卡", "银形卡"), ("银行卡", "引行卡"), ("上涨", "上长"), ("增长", "增涨"),
        ("还款", "环款"), ("重新", "虫新"), ("会计", "快计"),
        ("绿色", "律色"), ("女士", "吕四"), ("利率", "力绿"),
    ],
)  # fmt: skip
def test_a_phrase_is_heard_in_each_reading(phrase: str, heard: str) -> None:
    assert alike(phrase, heard)


@pytest.mark.parametrize(("phrase", "heard"), [("银行卡", "银亨卡"), ("稳赚不赔", "稳赚不够"), ("保本", "保底")])
def test_a_phrase_is_not_heard_in_a_reading_that_it_has_not(phrase: str, heard: str) -> None:
    assert not alike(phrase, heard)


def test_what_is_not_han_stands_for_itself() -> None:
    assert sounds().of("加 vip 群 %")[1:6] == " vip "
    assert sounds().of("%") == "%"


@given(TEXTS)
def test_there_is_one_sound_a_character_and_none_that_a_folded_text_could_hold(text: str) -> None:
    heard = sounds().of(text)
    assert len(heard) == len(text)
    fold = folder("zh").fold
    assert all(sound == character or fold(sound) == "" for sound, character in zip(heard, text, strict=True))


@given(TEXTS)
def test_a_phrase_sounds_like_itself_in_not_too_many_ways(text: str) -> None:
    ways = sounds().spellings(text)
    assert ways[0] == sounds().of(text)
    assert len(ways) <= FORMS
    assert {len(way) for way in ways} == {len(text)}
