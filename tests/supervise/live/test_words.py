"""The pieces that the live view is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.supervise.live.words import readable


@pytest.mark.parametrize(("said", "shown"), [
    ("这 个 产品", "这个产品"), ("hello  there", "hello there"), ("你 好 Peter 先生", "你好 Peter 先生"), ("", "")])
def test_words_are_shown_as_people_write_them(said: str, shown: str) -> None:
    assert readable(said) == shown


@given(st.text())
def test_nothing_but_blanks_is_ever_left_out(text: str) -> None:
    assert "".join(readable(text).split()) == "".join(text.split())
