"""Texts to phones that have registered. That a real switch does the same is asked in tests/conformance."""

from collections.abc import Iterator

import pytest

from eslbot.sim import Switch
from eslbot.sim.phonebook import Phone, Text, deliver

TO = {"profile": "internal", "user": "1001", "host": "pbx.example", "content-type": "text/plain"}


@pytest.fixture
def switch() -> Iterator[Switch]:
    with Switch() as running:
        yield running


def test_a_registered_phone_gets_it_and_one_that_went_away_does_not(switch: Switch) -> None:
    phone = switch.register(Phone("1001", "pbx.example"))
    deliver(switch.core, TO, "请注意")
    switch.unregister(phone)
    deliver(switch.core, TO, "again")
    assert phone.texts == [Text("text/plain", "请注意".encode())]
    assert list(switch.core.notes) == ["Can't find registered user 1001@pbx.example"]


@pytest.mark.parametrize("header", [{"user": "1002"}, {"host": "other"}, {"profile": "external"}, {"content-type": ""}])
def test_what_is_addressed_elsewhere_or_not_at_all_reaches_nobody(switch: Switch, header: dict[str, str]) -> None:
    phone = switch.register(Phone("1001", "pbx.example"))
    deliver(switch.core, TO | header, "x")
    assert phone.texts == []


def test_who_registers_later_takes_the_number(switch: Switch) -> None:
    first, second = switch.register(Phone("1001", "pbx.example")), switch.register(Phone("1001", "pbx.example"))
    switch.unregister(first)
    deliver(switch.core, TO, "x")
    assert (len(first.texts), len(second.texts)) == (0, 1)
