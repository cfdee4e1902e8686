"""Patterns that admins write and strangers' numbers are held against."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.call.roles import RolePatterns, leg_of
from eslbot.config import load
from eslbot.config.load import ConfigError
from eslbot.config.numbers import LARGEST, LONGEST, LONGEST_PATTERN, NumberPattern
from eslbot.model.call import Role
from tests.config.examples import ENVIRON, SMALLEST
from tests.words import AGENT, created


def read(tmp_path, text):
    (tmp_path / "eslbot.toml").write_text(f"{SMALLEST}{text}\n")
    return load(tmp_path / "eslbot.toml", ENVIRON)


@given(st.text(max_size=LONGEST + 20))
def test_a_number_is_matched_as_a_whole_as_the_standard_library_would(number):
    for text in (r"[0-9]{2,8}", r"10[0-9][0-9]|2.*", r"[^1]+"):
        expected = number.isprintable() and len(number) <= LONGEST and re.fullmatch(text, number) is not None
        assert NumberPattern(text).fullmatch(number) == expected


@pytest.mark.parametrize("text", [r"(\d+)+", r"(\d|\d\d)*x", r"(1?){64}1{64}"])
def test_a_pattern_that_would_go_back_and_forth_for_ever_answers(text):
    pattern = NumberPattern(text)
    pattern.check()
    assert not pattern.fullmatch("1" * (LONGEST - 1) + "a")


def test_a_leg_whose_number_is_made_to_hang_the_service_has_no_role():
    patterns = RolePatterns(agent=NumberPattern(r"(\d+)+"), customer=NumberPattern(r"(\d*)*x"))
    for number in ("1" * (LONGEST - 1) + "a", "1" * 60_000, "1\udc80"):
        assert leg_of(created(AGENT, number=number), patterns).role is Role.UNKNOWN
    assert leg_of(created(AGENT, number="1001"), patterns).role is Role.AGENT


@pytest.mark.parametrize(
    ("table", "value", "said"),
    [
        ("supervise", r"numbers = '(?!1000)1\d{3}'", "looks neither ahead nor back"),
        ("roles", r"agent = '(\d)\1'", "RE2"),
        ("roles", "customer = '('", "RE2"),
        ("roles", "supervisor = 7", "must be a regular expression, as a string"),
        ("supervise", f"numbers = '{'1' * (LONGEST_PATTERN + 1)}'", "longer than"),
        ("roles", f"agent = '{'[0-9]{1,900}x' * 9}'", f"at most {LARGEST}"),
    ],
)
def test_a_pattern_that_is_not_linear_or_too_large_is_told_with_its_file_and_line(tmp_path, table, value, said):
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, f"[{table}]\n{value}")
    [finding] = refused.value.findings
    assert finding.line == 6
    assert finding.key == f"{table}.{value.partition(' ')[0]}"
    assert re.search(said, finding.message), finding.message


def test_a_pattern_of_the_file_is_the_one_that_is_used(tmp_path):
    settings = read(tmp_path, "[supervise]\nnumbers = '7[0-9]{3}'")
    assert settings.supervise.numbers == NumberPattern("7[0-9]{3}")
    assert settings.supervise.numbers.fullmatch("7001")
    assert not settings.supervise.numbers.fullmatch("8001")
