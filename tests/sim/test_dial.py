"""Dial strings and arguments."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.sim.dial import Dial, DialError, Originate, blocks, parse_dial, parse_originate, words

TEXT = st.text("abcXYZ019 _-.:;/@&()!?äß稳", min_size=1).map(str.strip).filter(bool)


@pytest.mark.parametrize(
    ("text", "dial"),
    [
        ("sofia/internal/9001@127.0.0.1:5080", Dial("9001", "sofia/internal/9001@127.0.0.1:5080")),
        ("sofia/gateway/carrier/9001", Dial("9001", "sofia/gateway/carrier/9001")),
        ("user/1001@pbx", Dial("1001", "sofia/internal/1001", user=True)),
        ("{a=1,b=2}[c=3]sofia/x/9@y", Dial("9", "sofia/x/9@y", variables={"a": "1", "b": "2", "c": "3"})),
        ("{a='x,y',b=it\\,is}sofia/x/9@y", Dial("9", "sofia/x/9@y", variables={"a": "x,y", "b": "it,is"})),
        ("{^^:a=1,2:b=3}sofia/x/9@y", Dial("9", "sofia/x/9@y", variables={"a": "1,2", "b": "3"})),
        ("{a={b}}sofia/x/9@y", Dial("9", "sofia/x/9@y", variables={"a": "{b}"})),
    ],
)
def test_dial_strings(text: str, dial: Dial) -> None:
    assert parse_dial(text) == dial


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("error/user_busy", "USER_BUSY"),
        ("pigeon/9001", "CHAN_NOT_IMPLEMENTED"),
        ("{a=1", "DESTINATION_OUT_OF_ORDER"),
        ("", "CHAN_NOT_IMPLEMENTED"),
    ],
)
def test_what_cannot_be_dialled_has_a_cause(text: str, cause: str) -> None:
    with pytest.raises(DialError) as error:
        parse_dial(text)
    assert error.value.cause == cause


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), TEXT, max_size=4))
def test_quoted_variables_come_back(variables: dict[str, str]) -> None:
    text = "{" + ",".join(f"{name}='{value}'" for name, value in variables.items()) + "}sofia/x/9@y"
    assert blocks(text) == (variables, "sofia/x/9@y")


@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for parse in (parse_dial, parse_originate):
        with contextlib.suppress(DialError):
            parse(text)


@pytest.mark.parametrize(
    ("text", "originate"),
    [
        ("{x=1}sofia/i/1@y &bridge({x=1}sofia/i/2@y)", Originate("{x=1}sofia/i/1@y", "bridge", "{x=1}sofia/i/2@y")),
        ("{x=a b}sofia/i/1@y &park()", Originate("{x=a b}sofia/i/1@y", "park", "")),
        ("user/1 &park", Originate("user/1", "park", "")),
        ("user/1 500", Originate("user/1", "transfer", "500 XML default")),
        ("user/1 500 XML public Bob 100 7", Originate("user/1", "transfer", "500 XML public", "Bob", "100", 7.0)),
    ],
)
def test_originate(text: str, originate: Originate) -> None:
    assert parse_originate(text) == originate


def test_words_hold_quotes_together_and_the_last_takes_the_rest() -> None:
    assert words("a 'b c' d", 5) == ["a", "b c", "d"]
    assert words("uuid name two words", 3) == ["uuid", "name", "two words"]
    assert words("  ", 3) == []


@given(st.lists(st.from_regex(r"[a-z0-9/.:-]{1,8}", fullmatch=True), max_size=6))
def test_plain_words_come_back(given_words: list[str]) -> None:
    assert words(" ".join(given_words), 9) == given_words


def test_a_space_may_be_written_so_that_it_holds_a_word_together() -> None:
    assert words(r"one\stwo three", 2) == ["one two", "three"]
    assert words(r"uuid name transfer:a\\sb inline", 3) == ["uuid", "name", r"transfer:a\sb inline"]
