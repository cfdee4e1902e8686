import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.judge.schema import PackModel
from eslbot.judge.values import seconds, suggestion
from eslbot.model.judgement import Act, Action


@pytest.mark.parametrize(("text", "expected"), [("500ms", 0.5), ("3s", 3.0), ("2m", 120.0), ("1.5s", 1.5)])
def test_durations_are_read_as_seconds(text: str, expected: float) -> None:
    assert seconds(text) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["", "3", "s", "3 s", "-3s", "3h", "3s ", "٣s", "1e3s", None, 3, ["3s"]])
def test_what_is_no_duration_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="no duration"):
        seconds(text)


@given(st.one_of(st.text(max_size=8), st.text('0123.ms', max_size=5)))
def test_a_duration_is_read_or_refused_and_nothing_else(text: str) -> None:
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?(ms|s|m)", text):
        assert seconds(text) >= 0
    else:
        with pytest.raises(ValueError, match="no duration"):
            seconds(text)


@pytest.mark.parametrize(
    ("written", "action"),
    [
        ("alert", Action(Act.ALERT)),
        ("remind", Action(Act.REMIND)),
        ("hang_up", Action(Act.HANG_UP)),
        ({"mute": "3s"}, Action(Act.MUTE, seconds=3.0)),
        ({"remind": "identity"}, Action(Act.REMIND, prompt="identity")),
        ({"announce": "correction"}, Action(Act.ANNOUNCE, prompt="correction")),
    ],
)
def test_actions_are_words_or_a_single_key(written: object, action: Action) -> None:
    rule = {"id": "a", "says": "agent", "any": ["保本"], "severity": "notice", "actions": [written]}
    model = PackModel.model_validate({"pack": "p", "version": "1", "language": "zh", "rules": [rule]})
    assert model.rules[0].actions == [action]


def test_without_a_word_a_rule_waits_only_for_the_floors_of_its_acts() -> None:
    rule = {"id": "a", "says": "agent", "any": ["保本"], "severity": "notice"}
    model = PackModel.model_validate({"pack": "p", "version": "1", "language": "zh", "rules": [rule]})
    assert (model.rules[0].confirm, model.rules[0].actions, model.rules[0].law) == ("partial", [], [])


def test_a_suggestion_is_the_nearest_word_or_all() -> None:
    assert suggestion("sevrity", ["severity", "says"]) == ": did you mean 'severity'?"
    assert suggestion("xyz", ["says", "any"]) == ": there are any, says"
