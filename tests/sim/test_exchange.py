"""How legs come to be."""

import pytest

from eslbot.sim import exchange
from eslbot.sim.dial import DialError
from eslbot.sim.party import Party
from tests.sim.bench import SILENCE, Bench


def test_a_call_reaches_who_is_expected_and_then_silence(bench: Bench) -> None:
    party = Party()
    exchange.expect(bench.core, "9001", party)
    assert exchange.dial(bench.core, "sofia/internal/9001@x").party is party
    assert exchange.dial(bench.core, "sofia/internal/9001@x").party is not party


def test_a_user_nobody_expects_is_absent(bench: Bench) -> None:
    with pytest.raises(DialError) as error:
        exchange.dial(bench.core, "user/1001")
    assert error.value.cause == "SUBSCRIBER_ABSENT"


def test_variables_of_the_dial_string_are_the_legs(bench: Bench) -> None:
    uuid = "01234567-89ab-cdef-0123-456789abcdef"
    leg = exchange.dial(bench.core, f"{{origination_uuid={uuid},eslbot_role=customer}}sofia/internal/9001@x")
    assert leg.uuid == uuid
    created = bench.events[-1]
    assert (created["Event-Name"], created["variable_eslbot_role"]) == ("CHANNEL_CREATE", "customer")
    assert (created["Caller-Destination-Number"], created["Call-Direction"]) == ("9001", "outbound")


def test_a_leg_made_by_another_tells_of_it(bench: Bench) -> None:
    near = bench.dial("1001", SILENCE, {"x": "9001"})
    far = exchange.dial(bench.core, "sofia/internal/${x}@x", near)
    created = bench.events[-1]
    assert (created["Unique-ID"], created["Other-Leg-Unique-ID"]) == (far.uuid, near.uuid)
    assert created["variable_call_uuid"] == near.uuid
    assert created["Caller-Caller-ID-Number"] == "1001"


def test_a_phone_that_calls_in_may_have_any_name_and_signs_in_or_not(bench: Bench) -> None:
    name = "Bob\nEvent-Name: CHANNEL_DESTROY"
    exchange.arrive(bench.core, Party(), "9001", "1001", "", name, {"switch_r_sdp": "v=0"})
    created = bench.events[-1]
    assert (created["Event-Name"], created["Caller-Caller-ID-Name"]) == ("CHANNEL_CREATE", name)
    assert "variable_sip_auth_username" not in created
    assert created["variable_switch_r_sdp"] == "v=0"
    exchange.arrive(bench.core, Party(), "9001", "666", "1001", "", {})
    assert bench.events[-1]["variable_sip_auth_username"] == "1001"
