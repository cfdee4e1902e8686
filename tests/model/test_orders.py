"""Orders and facts are two families of frozen words."""

from dataclasses import fields, is_dataclass
from typing import get_args

import pytest

from eslbot.model import facts
from eslbot.model.orders import BookOrder, Order, SwitchOrder

ORDERS, FACTS = get_args(Order), get_args(facts.Fact)


@pytest.mark.parametrize("word", [*ORDERS, *FACTS], ids=lambda word: word.__name__)
def test_a_word_is_frozen_and_its_name_is_its_own(word: type) -> None:
    assert is_dataclass(word)
    assert word.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert [other.__name__ for other in (*ORDERS, *FACTS)].count(word.__name__) == 1


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.__name__)
def test_an_order_begins_with_its_id_and_its_call_so_that_it_can_be_journaled_and_numbered(order: type) -> None:
    assert [field.name for field in fields(order)][:2] == ["id", "call"]


def test_what_the_switch_does_names_the_leg_it_is_done_to() -> None:
    assert set(get_args(SwitchOrder)) < set(ORDERS)
    assert all("leg" in {field.name for field in fields(order)} for order in get_args(SwitchOrder))
    assert not any("leg" in {field.name for field in fields(order)} for order in get_args(BookOrder))
