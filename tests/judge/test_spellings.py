from eslbot.judge.spellings import Spelling, goes_on, spellings


def test_each_language_has_its_own_ways() -> None:
    assert spellings("五%", "zh") == [Spelling("五%", True, False), Spelling("百分之五", False, True)]
    assert Spelling(" five percent ", True, False) in spellings(" 5 %", "en")
    assert spellings(" 5 %", "zh") == [Spelling(" 5 %", False, False)]


def test_each_language_knows_where_its_numbers_go_on() -> None:
    assert goes_on("zh")("百分之五十", 0, 4, False, True)
    assert goes_on("en")(" twenty five percent ", 8, 20, True, False)
