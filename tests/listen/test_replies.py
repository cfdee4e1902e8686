"""What a Vosk recogniser answers, quirks included."""

import contextlib

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.listen.replies import BadReply, Reply, Timed, parse


def test_a_partial_is_not_final() -> None:
    assert parse('{\n  "partial" : "您好 我 是"\n}') == Reply("您好 我 是", False)


def test_a_final_has_its_words_times() -> None:
    raw = '{"result": [{"conf": 1.0, "end": 1.2, "start": 0.6, "word": "hello"}], "text": "hello"}'
    assert parse(raw) == Reply("hello", True, (Timed("hello", 0.6, 1.2),))


def test_a_partial_before_any_audio_has_no_partial_key_and_no_words() -> None:
    assert parse(b'{"text": ""}') == Reply("", True)


def test_of_alternatives_the_first_counts() -> None:
    raw = '{"alternatives": [{"confidence": 9.0, "text": " yes"}, {"confidence": 1.0, "text": "no"}]}'
    assert parse(raw) == Reply("yes", True)


@pytest.mark.parametrize(
    "raw",
    ["", "null", "[]", "3", '"partial"', "{}", '{"text": 3}', '{"partial": null}', '{"text": "a", "result": [{}]}',
     '{"text": "a", "result": [{"word": "a", "start": "x", "end": 1}]}',
     '{"text": "a", "result": [{"word": "a", "start": "nan", "end": 1}]}',
     '{"text": "a", "result": [{"word": "a", "start": -1, "end": 1}]}',
     '{"text": "a", "result": [{"word": "a", "start": 0, "end": 1e300}]}', '{"alternatives": [3]}', "{", b"\xff"],
)  # fmt: skip
def test_anything_else_is_a_bad_reply(raw: str | bytes) -> None:
    with pytest.raises(BadReply):
        parse(raw)


json = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["text", "partial", "result", "alternatives", "word", "start", "end"]), inner, max_size=4
    ),
)  # fmt: skip


@given(json)
def test_no_json_at_all_does_more_than_parse_or_be_refused(value: object) -> None:
    with contextlib.suppress(BadReply):
        assert isinstance(parse(orjson.dumps(value)), Reply)
