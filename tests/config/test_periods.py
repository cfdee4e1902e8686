import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.config.periods import parse_period, spelled


def test_each_unit_is_read():
    assert [parse_period(text) for text in ("90s", "2m", "12h", "30d", "5y")] == [90, 120, 43200, 2592000, 157788000]


@pytest.mark.parametrize("text", ["", "0d", "5", "5 d", "1.5d", "-1d", "5w", 5, None, "5D", "٣d"])
def test_anything_else_is_refused_with_what_to_write(text):
    with pytest.raises(ValueError, match=r"is not a period: write .* 30d"):
        parse_period(text)


@given(st.integers(1, 99_999), st.sampled_from("smhdy"))
def test_what_is_spelled_is_read_as_the_same(number, unit):
    seconds = parse_period(f"{number}{unit}")
    assert parse_period(spelled(seconds)) == seconds
