from eslbot.judge.rules import PLAIN, Counting
from tests.judge.build import in_force


def test_a_rule_is_known_by_its_verdict_s_name() -> None:
    (rule,) = in_force({"id": "promise", "any": ["保本"]}).rules
    assert (rule.id, rule.verdict.rule) == ("promise", "promise")


def test_every_hit_counts_where_nothing_is_said() -> None:
    assert Counting() == PLAIN
    assert in_force({"any": ["保本"]}).rules[0].counting == PLAIN
