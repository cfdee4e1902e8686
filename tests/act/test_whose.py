"""Whose words they were, at the edges of a stay."""

import pytest

from eslbot.act.whose import REACHES, Stay, Whose, whose
from eslbot.model.call import Role
from eslbot.model.judgement import HEARD, MISSED, Act
from tests.words import SECOND_AGENT, hit

SECOND = Stay(SECOND_AGENT, 80000)
UNKNOWN = Stay(SECOND_AGENT, None)


@pytest.mark.parametrize(
    ("stay", "utterance", "role", "start", "end", "found"),
    [
        (SECOND, 4, Role.AGENT, 79999, 90000, Whose.BEFORE),
        (SECOND, 4, Role.AGENT, 80000, 90000, Whose.PRESENT),
        (SECOND, HEARD, Role.AGENT, 70000, 90000, Whose.BEFORE),
        (SECOND, 4, Role.CUSTOMER, 79999, 90000, Whose.CUSTOMER),
        (SECOND, 4, Role.CUSTOMER, 80000, 90000, Whose.PRESENT),
        (SECOND, MISSED, Role.AGENT, 0, 80000, Whose.BEFORE),
        (SECOND, MISSED, Role.AGENT, 0, 80001, Whose.OWED),
        (SECOND, MISSED, Role.AGENT, 80000, 90000, Whose.PRESENT),
        (UNKNOWN, 4, Role.AGENT, 99999, 100000, Whose.BEFORE),
        (UNKNOWN, MISSED, Role.AGENT, 0, 80000, Whose.OWED),
        (Stay(), MISSED, Role.AGENT, 0, 80000, Whose.PRESENT),
    ],
)
def test_it_is_theirs_in_whose_time_the_words_began(
    stay: Stay, utterance: int, role: Role, start: int, end: int, found: Whose
) -> None:
    assert whose(stay, hit(utterance=utterance, role=role), start, end) is found


def test_no_act_that_keeps_an_agent_from_speaking_reaches_another_agent() -> None:
    assert set(REACHES) == set(Whose)
    for cause in set(Whose) - {Whose.PRESENT}:
        assert not REACHES[cause] & {Act.MUTE, Act.HANG_UP}
    assert Act.REMIND not in REACHES[Whose.BEFORE]
