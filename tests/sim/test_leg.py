"""A leg's variables, bugs, hold and keys."""

import numpy as np
import pytest

from eslbot.sim import exchange
from eslbot.sim.bugs import Bug
from eslbot.sim.party import Party, Tone
from tests.sim.bench import TONES, Bench


@pytest.mark.parametrize(("value", "true"), [("true", True), ("YES", True), ("1", True), ("false", False), ("", False)])
def test_truth_as_freeswitch_reads_it(bench: Bench, value: str, true: bool) -> None:
    leg = bench.dial("9001", Tone(TONES["customer"]))
    leg.set("x", value)
    assert leg.true("x") is true


def test_variables_are_the_legs_the_profiles_or_global(bench: Bench) -> None:
    leg = bench.dial("9001", Tone(TONES["customer"]), {"own": "1"})
    bench.core.globals["everyones"] = "2"
    found = [leg.variable(name) for name in ("own", "destination_number", "everyones", "nobodys")]
    assert found == ["1", "9001", "2", ""]
    leg.set("own", "_undef_")
    assert leg.variable("own") == ""


def test_a_name_is_free_once_its_bug_is_gone(bench: Bench) -> None:
    leg = bench.dial("9001", Tone(TONES["customer"]))
    ended: list[str] = []
    leg.put_on("x", Bug(), then=lambda: ended.append("x"))
    assert leg.take_off("x")
    assert not leg.take_off("x")
    leg.put_on("x", Bug())
    leg.bugs.clear()
    assert "x" not in leg.named
    assert ended == ["x"]


def test_what_a_phone_says_and_hears_is_companded(bench: Bench) -> None:
    leg = bench.dial("9001", Tone(TONES["customer"]))
    assert len(np.unique(np.concatenate([leg.read() for _ in range(20)]))) <= 256
    leg.write(np.full(160, 100, np.int16))
    bench.run(0.02)
    assert leg.party.heard[-160:].tolist() == [104] * 160


def test_wideband_legs_are_not_companded(bench: Bench) -> None:
    bench.core.rate = 16000
    leg = bench.dial("9001", Tone(TONES["customer"]))
    leg.write(np.full(320, 100, np.int16))
    bench.run(0.02)
    assert leg.party.heard[-320:].tolist() == [100] * 320
    assert leg.variables["read_rate"] == "16000"


def test_on_hold_neither_hears_the_other_and_both_do_again(bench: Bench) -> None:
    agent, customer = bench.call()
    assert bench.api(f"uuid_hold {agent.uuid}") == "+OK Success"
    assert bench.hears(agent, customer) == [set(), set()]
    assert bench.api(f"uuid_hold off {agent.uuid}") == "+OK Success"
    assert bench.hears(agent, customer) == [{"customer"}, {"agent"}]
    assert bench.names(agent)[-2:] == ["CHANNEL_HOLD", "CHANNEL_UNHOLD"]


def test_a_party_presses_its_keys_and_hangs_up_at_its_times(bench: Bench) -> None:
    party = Party(keys=((0.5, "12"),), hangs_up_at=1.0)
    exchange.expect(bench.core, "9001", party)
    leg = bench.dial("1001", Tone(TONES["agent"]))
    leg.go(bench.core.application("bridge", "sofia/internal/9001@x"))
    bench.run(0.9)
    pressed = [event["DTMF-Digit"] for event in bench.events if event["Event-Name"] == "DTMF"]
    assert pressed == ["1", "2"]
    assert leg.partner is not None
    bench.run(0.5)
    assert leg.gone


def test_hanging_up_twice_is_hanging_up_once(bench: Bench) -> None:
    leg = bench.dial("9001", Tone(TONES["customer"]))
    leg.hangup("CALL_REJECTED")
    leg.hangup("NORMAL_CLEARING")
    assert leg.cause == "CALL_REJECTED"
    assert bench.names(leg).count("CHANNEL_HANGUP") == 1
