import pytest

from eslbot.judge.conditions import Says
from eslbot.model.call import Role
from tests.judge.build import near, sought


@pytest.mark.parametrize(
    ("says", "role", "roles_known", "judged"),
    [
        (Says.AGENT, Role.AGENT, True, True),
        (Says.AGENT, Role.CUSTOMER, True, False),
        (Says.CUSTOMER, Role.CUSTOMER, True, True),
        (Says.CUSTOMER, Role.AGENT, True, False),
        (Says.EITHER, Role.AGENT, True, True),
        (Says.EITHER, Role.CUSTOMER, False, True),
        (Says.AGENT, Role.AGENT, False, False),
        (Says.CUSTOMER, Role.CUSTOMER, False, False),
        (Says.EITHER, Role.SUPERVISOR, True, False),
    ],
)
def test_a_rule_judges_its_side_and_nobody_where_roles_are_unknown(
    says: Says, role: Role, roles_known: bool, judged: bool
) -> None:
    assert says.covers(role, roles_known) is judged


def test_phrases_come_with_the_word_they_stand_for() -> None:
    assert list(sought(near(8, "转账", "个人账户")).phrases()) == [(0, "转账"), (1, "个人账户")]
