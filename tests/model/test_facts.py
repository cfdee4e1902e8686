"""Facts by whom they are of: a switch, a leg, or a call."""

from dataclasses import fields
from typing import get_args

import pytest

from eslbot.model import facts


@pytest.mark.parametrize("fact", get_args(facts.CallFact), ids=lambda fact: fact.__name__)
def test_what_a_calls_machine_takes_in_says_of_which_call_and_when(fact: type) -> None:
    assert [field.name for field in fields(fact)][:2] == ["call", "at"]


@pytest.mark.parametrize(
    "fact", [*get_args(facts.SwitchFact), *get_args(facts.LegFact), *get_args(facts.BridgeFact)],
    ids=lambda fact: fact.__name__,
)
def test_what_a_switch_tells_says_which_switch_and_when(fact: type) -> None:
    assert [field.name for field in fields(fact)][:2] == ["switch", "at"]


def test_every_fact_is_a_name_of_the_package() -> None:
    told = {fact.__name__ for fact in get_args(facts.Fact)}
    assert told <= set(facts.__all__)
    assert set(facts.__all__) - told == {name for name in facts.__all__ if name.endswith("Fact")}
