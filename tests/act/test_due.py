"""When each act is due."""

import pytest

from eslbot.act.due import Done, due
from eslbot.model.call import Confirm, Role
from eslbot.model.judgement import FLOOR, Act
from tests.words import ALERT, ANNOUNCE, HANG_UP, MUTE, REMIND, verdict, violated

RATE = 8000


def acts(confirm: Confirm, rule_asks: Confirm = Confirm.PARTIAL) -> list[Act]:
    what = verdict(REMIND, ALERT, MUTE, ANNOUNCE, HANG_UP, confirm=rule_asks)
    return [action.act for _, action in due(violated(what, confirm), (), 0, RATE)]


def test_partial_words_may_only_remind() -> None:
    assert acts(Confirm.PARTIAL) == [Act.REMIND]


def test_agreed_words_may_do_all_but_hang_up() -> None:
    assert acts(Confirm.AGREED) == [Act.REMIND, Act.ALERT, Act.MUTE, Act.ANNOUNCE]


def test_final_words_may_hang_up() -> None:
    assert Act.HANG_UP in acts(Confirm.FINAL)


def test_a_rule_that_asks_for_final_words_waits_for_them() -> None:
    assert acts(Confirm.AGREED, rule_asks=Confirm.FINAL) == []


def test_every_act_has_a_floor() -> None:
    assert set(FLOOR) == set(Act)


@pytest.mark.parametrize("confirm", [Confirm.AGREED, Confirm.FINAL])
def test_an_action_is_due_once_per_hit(confirm: Confirm) -> None:
    what = verdict(MUTE)
    [(mark, _)] = due(violated(what), (), 0, RATE)
    assert due(violated(what, confirm), (mark,), 0, RATE) == []


def test_the_same_words_heard_again_after_a_restart_are_the_same_hit() -> None:
    before = Done("call/agent/4/promise/0", 0, "promise", Role.AGENT, 8000, 12000, generation=0)
    again = violated(verdict(MUTE), utterance=100000, start=8400, end=12600)
    assert due(again, (before,), 1, RATE) == []


def test_the_same_words_said_again_in_one_life_are_another_hit() -> None:
    before = Done("call/agent/4/promise/0", 0, "promise", Role.AGENT, 8000, 12000, generation=0)
    again = violated(verdict(MUTE), utterance=5, start=12100, end=16000)
    assert len(due(again, (before,), 0, RATE)) == 1


def test_words_said_later_than_the_overlap_are_another_hit_after_a_restart() -> None:
    before = Done("call/agent/4/promise/0", 0, "promise", Role.AGENT, 8000, 12000, generation=0)
    later = violated(verdict(MUTE), utterance=100000, start=12000 + RATE, end=18000)
    assert len(due(later, (before,), 1, RATE)) == 1
