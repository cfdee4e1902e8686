"""Every word survives the journal, and what is no word is refused."""

import json
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.call.plain import CLASSES, PlainError, from_plain, to_plain
from eslbot.model import facts, orders

text = st.text(max_size=20)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


def words(cls: type) -> st.SearchStrategy[typing.Any]:
    return st.builds(cls, **{name: values(hint) for name, hint in typing.get_type_hints(cls).items()})


def values(hint: typing.Any) -> st.SearchStrategy[typing.Any]:
    if isinstance(hint, typing.NewType):
        return values(hint.__supertype__)
    if hint is str:
        return text
    if hint is int:
        return st.integers(-(2**53), 2**53)
    return st.from_type(hint)


@given(st.sampled_from(sorted(CLASSES)).flatmap(lambda name: words(CLASSES[name])))
def test_every_word_comes_back_from_json_as_it_went(word: typing.Any) -> None:
    assert from_plain(json.loads(json.dumps(to_plain(word)))) == word


def test_all_facts_of_a_call_and_all_orders_may_stand_in_a_journal() -> None:
    assert set(CLASSES.values()) == {*typing.get_args(facts.CallFact), *typing.get_args(orders.Order)}


@pytest.mark.parametrize("plain", [
    None, [], {}, {"is": "os.system"}, {"is": "Parted"}, {"is": "Parted", "call": "a", "at": "late"},
    {"is": "Parted", "call": "a", "at": 1.0, "extra": 1}, {"is": "Parted", "call": 3, "at": 1.0},
    {"is": "Joined", "call": "a", "at": 1.0, "other": "b", "role": "boss", "rate": 8000},
])
def test_what_is_no_word_is_refused(plain: typing.Any) -> None:
    with pytest.raises(PlainError):
        from_plain(plain)
