"""Commands about a leg's variables."""

import json

import pytest

from tests.sim.bench import SILENCE, Bench

NOBODY = "00000000-0000-0000-0000-000000000000"


def test_setting_reading_and_unsetting(bench: Bench) -> None:
    leg = bench.dial("9001", SILENCE)
    assert bench.api(f"uuid_setvar {leg.uuid} a two words") == "+OK"
    assert bench.api(f"uuid_getvar {leg.uuid} a") == "two words"
    assert bench.api(f"uuid_setvar {leg.uuid} a") == "+OK"
    assert bench.api(f"uuid_getvar {leg.uuid} a") == "_undef_"
    assert bench.api(f"uuid_setvar_multi {leg.uuid} a=1;b=2=3;c=") == "+OK"
    assert [bench.api(f"uuid_getvar {leg.uuid} {name}") for name in "abc"] == ["1", "2=3", "_undef_"]


@pytest.mark.parametrize(
    "command", ["uuid_setvar {} a b", "uuid_getvar {} a", "uuid_setvar_multi {} a=1", "uuid_dump {}"]
)
def test_nobody_has_no_variables(bench: Bench, command: str) -> None:
    assert bench.api(command.format(NOBODY)).startswith("-ERR No such channel!")


@pytest.mark.parametrize("command", ["uuid_setvar x", "uuid_getvar x", "uuid_dump"])
def test_half_a_command_is_told_its_usage(bench: Bench, command: str) -> None:
    assert bench.api(command).startswith("-USAGE")


def test_a_leg_exists_until_it_is_destroyed(bench: Bench) -> None:
    leg = bench.dial("9001", SILENCE)
    assert bench.api(f"uuid_exists {leg.uuid}") == "true"
    leg.hangup()
    assert bench.api(f"uuid_exists {leg.uuid}") == "true"
    bench.run(0.1)
    assert bench.api(f"uuid_exists {leg.uuid}") == "false"


def test_a_dump_holds_what_an_event_holds(bench: Bench) -> None:
    leg = bench.dial("9001", SILENCE, {"x": "äß\nnew"})
    dump = json.loads(bench.api(f"uuid_dump {leg.uuid} json"))
    assert (dump["Event-Name"], dump["Unique-ID"], dump["variable_x"]) == ("CHANNEL_DATA", leg.uuid, "äß\nnew")
    assert "variable_x: %C3%A4%C3%9F%0Anew" in bench.api(f"uuid_dump {leg.uuid}").splitlines()
