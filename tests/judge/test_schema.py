from typing import Any

import pytest
from pydantic import ValidationError

from eslbot.judge.schema import RULE_KINDS, WORD_KINDS, PackModel, RuleModel

PLAIN = {"id": "a", "says": "agent", "any": ["保本"], "severity": "notice"}


def model(**rule: Any) -> RuleModel:
    return PackModel.model_validate({"pack": "p", "version": "1", "language": "zh", "rules": [PLAIN | rule]}).rules[0]


def test_without_a_word_a_rule_waits_only_for_the_floors_of_its_acts_and_every_hit_counts() -> None:
    plain = model()
    assert (plain.confirm, plain.actions, plain.law, plain.priority, plain.once) == ("partial", [], [], 0, False)
    assert (plain.none, plain.unless, plain.during, plain.repeated, plain.cooldown) == (None,) * 5
    assert (plain.examples.hit, plain.examples.miss) == ([], [])


def test_what_may_stand_alone_or_in_a_list_is_read_as_a_list() -> None:
    assert [law.source for law in model(law={"source": "x", "sure": "P"}).law] == ["x"]
    several = model(law=[{"source": "x", "sure": "P"}, {"source": "y", "sure": "M"}]).law
    assert [law.source for law in several] == ["x", "y"]
    talk = model(examples={"hit": ["甲", {"says": "customer", "text": "乙"}, ["甲", {"text": "乙"}]]}).examples.hit
    assert [[(line.says, line.text) for line in each] for each in talk] == [
        [(None, "甲")], [("customer", "乙")], [(None, "甲"), (None, "乙")],
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["langauge", "hit", "remind", "kind"])
def test_a_key_that_is_not_known_is_refused(key: str) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        model(**{key: "x"})


def test_every_kind_is_a_key_of_a_rule() -> None:
    assert set(RULE_KINDS) <= set(RuleModel.model_fields)
    assert set(WORD_KINDS) < set(RULE_KINDS)
