from typing import Any

import pytest

from eslbot.judge.conditions import AnyOf, Condition, Looked, Matching, Near, Says, Sequence, SomeOf
from eslbot.judge.packs import read_pack
from eslbot.judge.patterns import pattern
from eslbot.judge.rules import Acoustic, Counting, Rule
from eslbot.model.call import Role
from eslbot.model.judgement import Law
from tests.judge.build import in_force


def made(**rule: Any) -> Rule:
    (found,) = in_force({"id": "a"} | rule).rules
    return found


def condition(looked: Looked | None) -> Condition:
    assert looked is not None
    (part,) = looked.parts
    return part.condition


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"any": ["甲", "乙"]}, AnyOf((("甲", "乙"),))),
        ({"all": ["甲", ["乙", "丙"]]}, SomeOf((("甲",), ("乙", "丙")), 2)),
        ({"some": {"words": ["甲", "乙", "丙"], "at_least": "2"}}, SomeOf((("甲",), ("乙",), ("丙",)), 2)),
        ({"near": {"words": ["甲", "乙"], "within": "8"}}, Near((("甲",), ("乙",)), 8)),
        ({"sequence": {"words": ["甲", "乙"], "within": "8"}}, Sequence((("甲",), ("乙",)), 8)),
        ({"regex": {"pattern": "甲.乙"}}, Matching(pattern("甲.乙"))),
        ({"regex": {"pattern": "甲.乙", "not": "丙"}}, Matching(pattern("甲.乙"), pattern("丙"))),
    ],
)
def test_each_kind_of_words_becomes_its_condition(written: dict[str, Any], expected: Condition) -> None:
    rule = made(**written)
    assert condition(rule.words) == expected
    assert rule.kind == next(iter(written))


@pytest.mark.parametrize(("kind", "ordered"), [("near", False), ("sequence", True)])
def test_words_close_in_seconds_are_sought_one_by_one(kind: str, ordered: bool) -> None:
    looked = made(**{kind: {"words": ["甲", ["乙", "丙"]], "within": "8s"}}).words
    assert looked is not None
    assert [part.condition for part in looked.parts] == [AnyOf((("甲",),)), AnyOf((("乙", "丙"),))]
    assert (looked.seconds, looked.ordered) == (8.0, ordered)


def test_a_requirement_from_the_answer_has_no_words_of_its_own() -> None:
    rule = made(says="customer", require={"any": ["甲"], "within": "20s"})
    assert rule.words is None
    assert rule.require is not None
    assert (rule.require.by, rule.require.within, rule.kind) == (Role.CUSTOMER, 20.0, "require")
    assert rule.require.words.parts[0].says is Says.CUSTOMER


def test_a_trigger_is_what_a_rule_looks_for_and_may_be_the_other_side_s() -> None:
    after = {"any": ["乙"], "says": "customer"}
    rule = made(require={"after": after, "any": ["甲"], "within": "15s"}, none=["丙"])
    assert rule.words is not None
    assert rule.require is not None
    assert (rule.words.parts[0].says, rule.words.parts[0].none) == (Says.CUSTOMER, ("丙",))
    assert (rule.require.by, rule.require.words.parts[0].says, rule.require.words.parts[0].none) == (
        Role.AGENT, Says.AGENT, (),
    )  # fmt: skip
    by = made(says="customer", require={"after": {"any": ["乙"]}, "any": ["甲"], "within": "15s", "by": "agent"})
    assert by.words is not None
    assert by.require is not None
    assert (by.words.parts[0].says, by.require.by) == (Says.CUSTOMER, Role.AGENT)


def test_which_hits_count_is_read_from_the_modifiers() -> None:
    counting = made(
        any=["甲"], during={"first": "30s"}, repeated={"times": "3", "within": "60s"}, cooldown="5s", once="true"
    ).counting
    assert counting == Counting(first=30.0, times=3, within=60.0, cooldown=5.0, once=True)
    assert made(any=["甲"], during={"last": "30s"}).counting == Counting(last=30.0)


def test_an_excuse_is_the_same_side_s_unless_it_says_whose() -> None:
    own = made(says="either", any=["甲"], unless={"any": ["乙"]}).counting.unless
    other = made(any=["甲"], unless={"any": ["乙"], "within": "30s", "says": "customer"}).counting.unless
    assert own is not None
    assert other is not None
    assert (own.same_side, own.within, own.words.parts[0].says) == (True, None, Says.EITHER)
    assert (other.same_side, other.within, other.words.parts[0].says) == (False, 30.0, Says.CUSTOMER)


@pytest.mark.parametrize(
    ("pack", "rule", "language", "expected"),
    [(None, None, "zh", True), ("false", None, "zh", False), ("false", "true", "zh", True),
     (None, "false", "zh", False), (None, "true", "en", False)],
)  # fmt: skip
def test_homophones_are_the_pack_s_unless_the_rule_says_otherwise_and_chinese(
    tmp_path: Any, pack: str | None, rule: str | None, language: str, expected: bool
) -> None:
    head = f"pack: p\nversion: 1\nlanguage: {language}\n" + (f"homophones: {pack}\n" if pack else "")
    own = f", homophones: {rule}" if rule else ""
    text = f"{head}rules:\n  - {{id: a, says: agent, any: [abc], severity: notice{own}}}\n"
    (tmp_path / "a.yaml").write_text(text)
    found, _ = read_pack("a.yaml", tmp_path)
    assert found is not None
    assert found.rules[0].words is not None
    assert found.rules[0].words.parts[0].homophones is expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"silence": "8s"}, Acoustic(silence=8.0)),
        ({"talk_over": "3s"}, Acoustic(talk_over=3.0)),
        ({"rate": {"above": "350", "over": "10s"}}, Acoustic(rate_above=350, rate_over=10.0)),
    ],
)
def test_what_is_heard_beside_words_is_kept_as_seconds(written: dict[str, Any], expected: Acoustic) -> None:
    rule = made(acoustic=written)
    assert (rule.acoustic, rule.words, rule.kind) == (expected, None, "acoustic")


def test_examples_are_the_side_s_whose_words_the_rule_looks_for() -> None:
    examples = {"hit": ["甲", {"says": "agent", "text": "乙"}], "miss": [["丙", "丁"]]}
    rule = made(says="customer", any=["甲"], examples=examples)
    assert [(each.hits, each.talk) for each in rule.examples] == [
        (True, ((Role.CUSTOMER, "甲"),)), (True, ((Role.AGENT, "乙"),)),
        (False, ((Role.CUSTOMER, "丙"), (Role.CUSTOMER, "丁"))),
    ]  # fmt: skip


def test_laws_keep_how_sure_they_are() -> None:
    law = [{"source": "x", "sure": "P"}, {"source": "y", "sure": "M", "note": "n"}]
    assert made(any=["甲"], law=law).verdict.laws == (Law("x", "P"), Law("y", "M", "n"))
