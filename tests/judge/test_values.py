import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from eslbot.judge.values import ActionItem, Day, Duration, Name, PatternText, Phrase, Width, Word, seconds, suggestion
from eslbot.model.judgement import Act, Action


def read(kind: Any, value: object, **context: object) -> Any:
    return TypeAdapter(kind).validate_python(value, context=context)


def refused(kind: Any, value: object, **context: object) -> str:
    with pytest.raises(ValidationError) as caught:
        read(kind, value, **context)
    return str(caught.value.errors()[0]["msg"])


@pytest.mark.parametrize(("text", "expected"), [("500ms", 0.5), ("3s", 3.0), ("2m", 120.0), ("1.5s", 1.5)])
def test_durations_are_read_as_seconds(text: str, expected: float) -> None:
    assert seconds(text) == pytest.approx(expected)
    assert read(Duration, text) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["", "3", "s", "3 s", "-3s", "3h", "3s ", "٣s", "1e3s", None, 3, ["3s"]])
def test_what_is_no_duration_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="no duration"):
        seconds(text)
    assert "no duration" in refused(Duration, text)


@pytest.mark.parametrize("text", ["0s", "0ms", "121m", "999999999m"])
def test_a_duration_out_of_range_is_refused(text: str) -> None:
    assert "out of range" in refused(Duration, text)


@given(st.one_of(st.text(max_size=8), st.text("0123.ms", max_size=5)))
def test_a_duration_is_read_or_refused_and_nothing_else(text: str) -> None:
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?(ms|s|m)", text):
        assert seconds(text) >= 0
    else:
        with pytest.raises(ValueError, match="no duration"):
            seconds(text)


def test_a_width_is_a_number_of_units_or_a_duration() -> None:
    assert (read(Width, "8"), type(read(Width, "8"))) == (8, int)
    assert (read(Width, "8s"), type(read(Width, "8s"))) == (8.0, float)
    for value in ("1", "101", "0s", "8 s", "-2", "x", ["8"], None):
        assert refused(Width, value)


def test_a_day_is_a_day_of_the_calendar() -> None:
    assert read(Day, "2026-12-31") == date(2026, 12, 31)
    for value in ("2026-02-30", "2026-1-1", "20261231", "tomorrow", "2026-12-31T00:00:00", None):
        assert "is no date" in refused(Day, value)


@given(st.dates())
def test_every_day_is_read_as_it_is_written(day: date) -> None:
    assert read(Day, day.isoformat()) == day


def test_names_are_letters_digits_and_few_signs() -> None:
    assert read(Name, "cn-finance.2_x") == "cn-finance.2_x"
    for text in ("", "-a", "a b", "a/b", "../a", "名", "a" * 65, "a\n"):
        assert "is no name" in refused(Name, text)


def test_a_phrase_has_something_to_be_heard_and_is_not_a_speech() -> None:
    assert read(Phrase, "保本 保息！") == "保本 保息！"
    assert "to be heard" in refused(Phrase, "。！")
    assert "longer than 40" in refused(Phrase, "甲" * 41)


def test_a_word_may_be_one_phrase_or_several() -> None:
    assert read(Word, "甲") == ["甲"]
    assert read(Word, ["甲", "乙"]) == ["甲", "乙"]
    assert refused(Word, [])


def test_a_pattern_is_compiled_where_it_is_read() -> None:
    assert read(PatternText, "甲.乙") == "甲.乙"
    assert "missing" in refused(PatternText, "(甲")


@pytest.mark.parametrize(
    ("written", "action"),
    [
        ("alert", Action(Act.ALERT)),
        ("remind", Action(Act.REMIND)),
        ("hang_up", Action(Act.HANG_UP)),
        ({"mute": "3s"}, Action(Act.MUTE, seconds=3.0)),
        ({"remind": "identity"}, Action(Act.REMIND, prompt="identity")),
        ({"announce": "correction"}, Action(Act.ANNOUNCE, prompt="correction")),
        ({"mask": "90s"}, Action(Act.MASK, seconds=90.0)),
        ({"mask": {"for": "2m", "until": "paid"}}, Action(Act.MASK, seconds=120.0, until="paid")),
        ({"mask": {"until": "paid"}}, Action(Act.MASK, until="paid")),
    ],
)
def test_actions_are_words_or_a_single_key(written: object, action: Action) -> None:
    assert read(ActionItem, written) == action


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("mask", "write {mask: 60s}"),
        ({"mask": "2h"}, "no duration"),
        ({"mask": "61m"}, "at most 60m"),
        ({"mask": {"for": "2m"}}, "until needs the id of a rule"),
        ({"mask": {"for": "2m", "untl": "x"}}, "did you mean 'until'"),
        ({"mask": {"until": "no rule's id!"}}, "until needs the id of a rule"),
    ],
)
def test_a_mask_without_an_end_is_refused(written: object, why: str) -> None:
    assert why in refused(ActionItem, written)


def test_a_prompt_that_is_not_there_is_refused_where_prompts_are_known() -> None:
    assert read(ActionItem, {"remind": "identiy"}).prompt == "identiy"
    assert "did you mean 'identity'" in refused(ActionItem, {"remind": "identiy"}, prompts={"identity"})


def test_a_suggestion_is_the_nearest_word_or_all() -> None:
    assert suggestion("sevrity", ["severity", "says"]) == ": did you mean 'severity'?"
    assert suggestion("xyz", ["says", "any"]) == ": there are any, says"
