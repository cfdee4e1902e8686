"""Each order has a hand, and only orders have one."""

from types import SimpleNamespace
from typing import Any, get_args

from eslbot.model.orders import Mute, Order, Remind, SetTimer, SwitchOrder
from eslbot.model.supervising import Follow, SetMode, TakeOver, Wait
from eslbot.service.performing import performers


class Room(SimpleNamespace):
    """A room whose every method is told apart by its name."""

    def __getattr__(self, name: str) -> str:
        return f"{self.room}.{name}"


def table(**reminders: Any) -> dict[type, Any]:
    return performers(
        "switch", {Remind: reminders["remind"]} if reminders else {}, Room(room="supervisors"),  # type: ignore[arg-type]
        Room(room="ears"), "alerts", Room(room="watchers"))  # type: ignore[arg-type]


def test_every_order_is_performed_but_timers_which_a_calls_runner_keeps_itself() -> None:
    assert set(table()) == set(get_args(Order)) - {SetTimer}


def test_what_is_the_switchs_goes_to_the_switch_unless_it_takes_two_steps() -> None:
    hands = table()
    assert {order for order in get_args(SwitchOrder) if hands[order] != "switch"} == {SetMode, TakeOver, Follow, Wait}
    assert hands[Mute] == "switch"


def test_reminders_that_are_texts_too_have_a_hand_of_their_own() -> None:
    assert table()[Remind] == "switch"
    assert table(remind="texts")[Remind] == "texts"
