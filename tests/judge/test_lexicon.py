import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.lexicon import Found, Lexicon, lexicon
from eslbot.judge.text import folder


def places(phrases: list[str], text: str) -> list[tuple[int, int, int]]:
    return [each[:3] for each in Lexicon(phrases).scan(text)]


def written(phrases: list[str], text: str, *, homophones: bool = True) -> list[str]:
    """What stands in a Chinese text where one of the phrases was found."""
    fold = folder("zh").fold
    alike = range(len(phrases)) if homophones else ()
    folded = fold(text)
    return [folded[each.start : each.end] for each in Lexicon(map(fold, phrases), "zh", alike).scan(folded)]


def test_overlapping_phrases_are_all_found_by_their_ends() -> None:
    assert places(["保本", "保本保息", "保息"], "保本保息") == [(0, 2, 0), (0, 4, 1), (2, 4, 2)]


def test_a_place_leaves_out_the_spaces_around_it() -> None:
    assert Lexicon([" no risk "], "en").scan(" there is no risk ") == [Found(10, 17, 0)]


def test_english_is_found_on_word_boundaries_only() -> None:
    assert Lexicon([" risk "], "en").scan(" asterisk risky ") == []


def test_an_empty_lexicon_finds_nothing() -> None:
    assert Lexicon([]).scan("保本") == []


@pytest.mark.parametrize("phrases", [["甲", "甲"], [""], [" "]])
def test_a_phrase_that_is_there_twice_or_empty_is_refused(phrases: list[str]) -> None:
    with pytest.raises(ValueError, match="phrase"):
        Lexicon(phrases)


@given(st.lists(st.text(alphabet="甲乙丙", min_size=1, max_size=4), unique=True), st.text(alphabet="甲乙丙丁"))
def test_it_finds_what_looking_at_every_place_finds(phrases: list[str], text: str) -> None:
    everywhere = [
        (start, start + len(phrase), index)
        for index, phrase in enumerate(phrases)
        for start in range(len(text))
        if text.startswith(phrase, start)
    ]
    assert places(phrases, text) == sorted(everywhere, key=lambda found: (found[1], found[0]))


@pytest.mark.parametrize(
    ("phrase", "heard"),
    [
        ("稳赚不赔", "稳赚不陪"), ("稳赚不赔", "问转不陪"), ("验证码", "验正码"), ("零风险", "零封险"),
        ("0风险", "零封险"), ("银行卡密码", "引行卡蜜码"), ("股票上涨", "股票上长"), ("保本保息", "宝本保西"),
        ("加VIP群", "家VIP群"), ("年化5%", "年话百分之五"), ("打12315投诉", "打幺二三幺五头诉"),
    ],
)  # fmt: skip
def test_what_sounds_alike_is_found_and_marked(phrase: str, heard: str) -> None:
    assert written([phrase], f"这个{heard}的") == [folder("zh").fold(heard)]
    assert written([phrase], f"这个{heard}的", homophones=False) == []
    fold = folder("zh").fold
    assert [each.alike for each in Lexicon([fold(phrase)], "zh", [0]).scan(fold(heard))] == [True]


@pytest.mark.parametrize(
    ("phrase", "heard"),
    [
        ("保本", "宝本"), ("亏", "归"), ("零风险", "领封险"), ("一百二十", "一白二十"), ("稳赚不赔", "稳赚不够"),
        ("勿再打", "午再打"), ("我们补", "我们不"),
    ],
)  # fmt: skip
def test_short_phrases_numbers_and_other_sounds_are_not_found_alike(phrase: str, heard: str) -> None:
    assert written([phrase], heard) == []


def test_what_is_written_is_not_also_found_as_it_sounds() -> None:
    found = Lexicon(["稳赚不赔", "百分之五"], "zh", [0, 1]).scan("稳赚不赔百分之五")
    assert found == [(0, 4, 0, False), (4, 8, 1, False)]


def test_only_the_phrases_that_ask_for_it_are_found_alike() -> None:
    assert Lexicon(["稳赚不赔", "保证收益"], "zh", [1]).scan("稳赚不陪保正收益") == [(4, 8, 1, True)]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("5%", "年化百分之五", ["百分之五"]), ("百分之五", "年化 ５％", ["五%"]), ("5%", "百分之5", ["百分之五"]),
        ("5%", "15%", []), ("5%", "百分之五十", []), ("5%", "百分之五点五", []),
        ("5%", "百分之五一年", ["百分之五"]), ("15天", "十五天", ["十五天"]), ("15天", "二十五天", []),
        ("十五天", "15天", ["一五天"]), ("两千", "2000块", ["二零零零"]), ("2000", "两千块", ["两千"]),
        ("2千", "两千", ["两千"]), ("一万元", "10000元", ["一零零零零元"]), ("10000元", "1万元", ["一万元"]),
        ("0.5", "零点五", ["零点五"]), ("2026年", "二零二六年", ["二零二六年"]),
        ("12315", "打一二三一五", ["一二三一五"]), ("12315", "幺二三幺五", ["幺二三幺五"]),
        ("110", "么么零", ["么么零"]), ("110", "1100", []), ("稳赚一百", "稳赚一百二", []),
        ("稳赚一百", "稳赚一百，一定的", ["稳赚一百"]), ("稳赚100", "稳赚一百", ["稳赚一百"]),
        ("百分之百", "100%", ["一零零%"]), ("100%", "百分百一定", ["百分百"]),
        ("一定赚钱", "百分之百一定赚钱", ["一定赚钱"]), ("全国第一", "全国第一，一直都是", ["全国第一"]),
        ("一起", "十一起", ["一起"]), ("万一", "万一亏了", ["万一"]), ("千万别信", "你千万别信", ["千万别信"]),
        ("十分安全", "百分之百十分安全", ["十分安全"]), ("一百二十块", "120块", ["一二零块"]),
        ("120块", "一百二十块", ["一百二十块"]), ("100万", "一百万", ["一百万"]), ("1.5万", "一万五", ["一万五"]),
        ("15000", "一点五万", ["一点五万"]), ("统一", "统一五块", ["统一"]), ("五块", "统一五块", ["五块"]),
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_is_written_and_not_inside_another(
    phrase: str, text: str, found: list[str]
) -> None:
    assert written([phrase], text) == found


@pytest.mark.parametrize(
    ("phrase", "text", "count"),
    [
        ("5%", "five percent a month", 1), ("five percent", "5% a month", 1), ("5 percent", "25 percent", 0),
        ("5 percent", "twenty five percent", 0), ("100% safe", "a hundred percent safe", 1),
        ("a hundred percent", "100 per cent", 1), ("you can't lose", "you cannot lose", 1),
        ("you can not lose", "you can’t lose", 1), ("we won't call", "we will not call", 1),
        ("it's risk free", "it is risk-free", 1), ("0.5%", "zero point five percent", 1),
        ("10,000 dollars", "ten thousand dollars", 1), ("120 dollars", "a hundred and twenty dollars", 1),
    ],
)  # fmt: skip
def test_english_numbers_and_contractions_are_found_either_way(phrase: str, text: str, count: int) -> None:
    fold = folder("en").fold
    assert len(Lexicon([fold(phrase)], "en").scan(fold(text))) == count


def test_the_same_phrases_have_the_same_lexicon() -> None:
    assert lexicon(("保本",), "zh", frozenset()) is lexicon(("保本",), "zh", frozenset())
    assert lexicon(("保本",), "zh", frozenset()) is not lexicon(("保本",), "zh", frozenset([0]))


def test_the_longest_spelling_counts() -> None:
    assert Lexicon(["一万五"]).longest == len("一五零零零")
