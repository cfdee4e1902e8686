import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.config.durations import parse_duration


@pytest.mark.parametrize(("text", "seconds"), [("500ms", 0.5), ("3s", 3.0), ("2m", 120.0), ("1.5s", 1.5), ("0s", 0.0)])
def test_a_duration_is_a_number_with_its_unit(text, seconds):
    assert parse_duration(text) == pytest.approx(seconds)


@given(st.integers(0, 999_999_999), st.sampled_from([("ms", 1), ("s", 1000), ("m", 60_000)]))
def test_a_whole_number_of_any_unit_is_exact_to_the_millisecond(number, unit):
    assert round(parse_duration(f"{number}{unit[0]}") * 1000) == number * unit[1]


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none()))
def test_anything_else_is_refused_and_named(value):
    if isinstance(value, str) and re.fullmatch(r"[0-9.]+(ms|s|m)", value):
        return
    with pytest.raises(ValueError, match=re.escape(repr(value))):
        parse_duration(value)


@pytest.mark.parametrize("text", ["3", "", "s", "-3s", "3 s", "3h", "3s\n", "1e3s", "³s", 3, 3.0, None])
def test_bare_numbers_signs_and_spaces_are_refused(text):
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(text)
