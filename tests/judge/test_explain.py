from typing import Any

import pytest

from eslbot.judge.explain import describe, explained
from eslbot.judge.packs import load, shipped
from tests.judge.build import in_force


def told(**rule: Any) -> dict[str, str]:
    packs = in_force({"id": "a"} | rule)
    return dict(explained(packs.rules[0], packs.packs[0]))


@pytest.mark.parametrize(
    ("rule", "looks_for"),
    [
        ({"any": ["甲", "乙"]}, "one of: 甲, 乙"),
        ({"all": ["甲", ["乙", "丙"]]}, "all 2 of these in one utterance: 甲, (乙 | 丙)"),
        ({"some": {"words": ["甲", "乙", "丙"], "at_least": "2"}}, "at least 2 of these in one utterance: 甲, 乙, 丙"),
        ({"near": {"words": ["甲", "乙"], "within": "8"}}, "within 8 characters or words, in any order: 甲, 乙"),
        ({"near": {"words": ["甲", "乙"], "within": "8s"}}, "within 8 s, in any order: 甲, 乙"),
        ({"sequence": {"words": ["甲", "乙"], "within": "8"}}, "within 8 characters or words, in this order: 甲, 乙"),
        ({"sequence": {"words": ["甲", "乙"], "within": "8s"}}, "within 8 s, in this order: 甲, 乙"),
        ({"regex": {"pattern": "甲.乙", "not": "丙"}}, "what the pattern 甲.乙 finds in one utterance, but where"),
        ({"either": [{"any": ["甲"]}, {"all": ["乙", "丙"]}]}, "either one of: 甲; or all 2 of these in one"),
        ({"require": {"any": ["甲"], "within": "20s"}}, "the agent must say within 20 s of the answer: one of: 甲"),
        ({"acoustic": {"silence": "8s"}}, "nothing said for 8 s"),
        ({"acoustic": {"talk_over": "3s"}}, "both sides speaking at once for 3 s"),
        ({"acoustic": {"rate": {"above": "300", "over": "10s"}}}, "more than 300 characters or words a minute over"),
        ({"any": ["甲"], "none": ["乙"]}, "one of: 甲; but not where one of these stands in the same utterance: 乙"),
        ({"any": ["甲"], "even_negated": "true"}, "one of: 甲; also negated or quoted"),
    ],
)
def test_what_a_rule_looks_for_is_said_in_words(rule: dict[str, Any], looks_for: str) -> None:
    assert told(homophones="false", **rule)["looks for"].startswith(looks_for)


def test_homophones_are_spoken_of_where_they_count() -> None:
    assert "also what sounds alike" in told(any=["甲"])["looks for"]


def test_what_a_trigger_asks_for_names_both_sides() -> None:
    require = {"after": {"any": ["优惠"], "says": "customer"}, "any": ["截止"], "within": "15s", "by": "agent"}
    said = told(require=require, homophones="false")["looks for"]
    assert said == "after the customer's words (one of: 优惠); the agent must say within 15 s: one of: 截止"


def test_which_hits_count_is_said_in_words() -> None:
    assert "counts" not in told(any=["甲"])
    said = told(
        any=["甲"], unless={"any": ["乙"], "within": "30s", "says": "customer"}, during={"first": "60s"},
        repeated={"times": "3", "within": "90s"}, cooldown="5s", once="true", homophones="false",
    )["counts"]  # fmt: skip
    assert said == (
        "only unless the customer said in the 30 s before: one of: 乙; in the first 60 s of the call; "
        "every time number 3 within 90 s; 5 s or more after the last that counted; "
        "once a call and side, and anew for an agent who takes the call over"
    )


def test_each_act_comes_at_its_own_floor_or_at_the_rule_s() -> None:
    acts = told(any=["甲"], actions=["remind", "alert", {"mute": "3s"}, "hang_up"], severity="severe")["acts"]
    assert acts == (
        "severe: at the first sight of the words it reminds the agent; once the words have stood in two hypotheses it "
        "alerts, mutes the agent for 3 s; once the words are final it hangs up where that is allowed"
    )
    assert told(any=["甲"])["acts"] == "notice: it is recorded, and that is all"
    missed = told(require={"any": ["甲"], "within": "9s"}, actions=[{"remind": "identity"}])["acts"]
    assert missed == "notice: when it was not said in time it reminds the agent (identity)"


def test_a_law_that_was_not_read_is_to_be_verified() -> None:
    law = told(any=["甲"], law=[{"source": "x", "sure": "P"}, {"source": "y", "sure": "M", "note": "draft"}])["law"]
    assert law == "x (P, the primary text was read); y (M, from memory: verify before relying on it) - draft"
    assert told(any=["甲"])["law"] == "none: policy"


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_rule_is_explained_in_full(name: str) -> None:
    for each in describe(load([name])):
        said = each["explained"]
        assert {"whose", "looks for", "acts", "law", "review"} <= set(said)
        assert all(("verify" in said["law"]) is any(law["sure"] != "P" for law in each["law"]) for law in each["law"])
