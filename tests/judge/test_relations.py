from typing import Any

import pytest

from eslbot.judge.relations import pattern_sizes, relations
from eslbot.judge.schema import RULE_KINDS, WORD_KINDS

PLAIN = {"id": "a", "says": "agent", "severity": "notice"}
AFTER = {"after": {"any": ["甲"]}, "any": ["乙"], "within": "9s"}


def places(rule: dict[str, Any], language: object = "zh") -> list[tuple[str | int, ...]]:
    return [place for place, _ in relations(PLAIN | rule, language)]


@pytest.mark.parametrize("one", RULE_KINDS)
@pytest.mark.parametrize("other", RULE_KINDS)
def test_a_rule_has_exactly_one_kind(one: str, other: str) -> None:
    wrong = () in places({one: None, other: None})
    assert wrong is (one != other)


@pytest.mark.parametrize("where", [("require",), ("require", "after"), ("unless",)])
@pytest.mark.parametrize("kind", WORD_KINDS)
def test_words_are_looked_for_in_exactly_one_way_wherever_they_are(where: tuple[str, ...], kind: str) -> None:
    for keys, wrong in (({kind: None}, False), ({}, True), ({kind: None, "any": None, "all": None}, True)):
        inner: Any = keys
        for key in reversed(where):
            inner = {key: inner}
        assert (where in places(inner)) is wrong


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ({"regex": None}, ("regex",)),
        ({"any": ["甲"], "unless": None}, ("unless",)),
        ({"require": {"any": ["乙"], "within": "9s", "after": None, "by": "agent"}}, ("require", "after")),
        ({"either": [{"any": ["甲"]}, {"near": None}]}, ("either", 1, "near")),
        ({"either": [{"regex": {"pattern": "甲", "not": None}}]}, ("either", 0, "regex", "not")),
        ({"acoustic": {"silence": None}}, ("acoustic", "silence")),
    ],
)
def test_a_key_with_nothing_behind_it_is_told(rule: dict[str, Any], where: tuple[str | int, ...]) -> None:
    """Found by fuzzing: `regex:` alone counted as the rule's kind, and the loader fell over it."""
    assert places(rule).count(where) == 1


@pytest.mark.parametrize("key", ["none", "unless", "during", "repeated", "cooldown", "once"])
def test_what_says_which_hits_count_needs_hits(key: str) -> None:
    value = {"any": ["甲"], "first": "3s"} if key == "unless" else {"first": "3s"}
    assert (key,) in places({"require": {"any": ["乙"], "within": "9s"}, key: value})
    assert (key,) not in places({"require": AFTER, key: value})
    assert (key,) not in places({"any": ["乙"], key: value})


def test_a_requirement_binds_one_side() -> None:
    assert ("says",) in places({"says": "either", "require": {"any": ["乙"], "within": "9s"}})
    assert ("says",) in places({"says": "either", "require": AFTER})
    assert ("says",) not in places({"says": "either", "require": AFTER | {"by": "agent"}})
    assert ("require", "by") in places({"require": {"any": ["乙"], "within": "9s", "by": "agent"}})


def test_after_the_call_only_an_alert_can_be_raised() -> None:
    last = {"any": ["甲"], "during": {"last": "9s"}}
    assert places(last | {"actions": ["alert"]}) == []
    assert places(last | {"actions": ["alert", {"mute": "3s"}, "remind"]}) == [("actions", 1), ("actions", 2)]
    assert ("during", "last") in places({"require": AFTER, "during": {"last": "9s"}})


@pytest.mark.parametrize("where", [(), ("require",), ("require", "after"), ("unless",)])
def test_patterns_are_looked_at_wherever_they_are(where: tuple[str, ...]) -> None:
    rule: Any = {"regex": {"pattern": "穩", "not": "穩"}}
    for key in reversed(where):
        rule = {key: rule}
    assert [place for place in places(rule) if "regex" in place] == [
        (*where, "regex", "pattern"), (*where, "regex", "not"),
    ]  # fmt: skip
    assert [place for place in places(rule, "fr") if "regex" in place] == []
    assert pattern_sizes([rule]) > 0


@pytest.mark.parametrize("rule", [{}, {"require": []}, {"require": {"after": "x"}}, {"during": "x"}, {"actions": "x"},
                                  {"regex": "x"}, {"unless": None}, {"regex": {"pattern": "("}}])  # fmt: skip
def test_values_of_any_shape_are_looked_at_without_a_crash(rule: dict[str, Any]) -> None:
    list(relations(rule, "zh"))
    pattern_sizes([rule, None, "x"])
