"""The pieces that the live view is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.supervise.live.words import masked_from, readable


@pytest.mark.parametrize(("said", "shown"), [
    ("这 个 产品", "这个产品"), ("hello  there", "hello there"), ("你 好 Peter 先生", "你好 Peter 先生"), ("", "")])
def test_words_are_shown_as_people_write_them(said: str, shown: str) -> None:
    assert readable(said) == shown


@given(st.text())
def test_nothing_but_blanks_is_ever_left_out(text: str) -> None:
    assert "".join(readable(text).split()) == "".join(text.split())


SAID = {"text": "卡号是 六二", "end": 3.0, "words": [["卡号", 1.0, 1.5], ["是", 1.5, 2.0], ["六二", 2.0, 3.0]]}


@pytest.mark.parametrize(("since", "text"), [
    (3.0, "卡号是 六二"), (2.0, "卡号是 [masked]"), (1.7, "卡号 [masked]"), (0.0, "[masked]")])
def test_a_mask_takes_out_what_was_said_from_its_beginning_on(since: float, text: str) -> None:
    assert masked_from(SAID, since)["text"] == text


@given(st.floats(0, 10))
def test_of_words_without_times_all_are_taken_out_or_none_and_once_is_enough(since: float) -> None:
    shown = masked_from({**SAID, "words": []}, since)
    assert shown["text"] == (SAID["text"] if since >= 3.0 else "[masked]")
    assert masked_from(shown, since) is shown
