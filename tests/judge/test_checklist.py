from eslbot.judge.checklist import FROM_ANSWER, Item
from eslbot.model.call import Role
from eslbot.model.judgement import Disclosure


def test_what_is_due_from_the_answer_has_its_rule_s_name_and_what_was_asked_for_its_own() -> None:
    items = [
        Item("notice", ordinal, Role.AGENT, Disclosure.PENDING, 1, 0.0, None, None) for ordinal in (FROM_ANSWER, 7, 8)
    ]
    assert [item.key for item in items] == ["notice", "notice#7", "notice#8"]
