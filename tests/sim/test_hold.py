"""Hold on the embedded switch: a held phone sends nothing, and who hangs up while holding takes the other leg along."""

import pytest

from tests.sim.bench import Bench, heard

ARM = "transfer_after_bridge eslbot_closing:XML:default"


@pytest.mark.parametrize(("held", "stands"), [("customer", True), ("agent", False)])
def test_a_recording_of_the_held_leg_stands_still(bench: Bench, held: str, stands: bool) -> None:
    agent, customer = bench.call()
    path = bench.directory / "held.r8"
    bench.api(f"uuid_setvar {customer.uuid} enable_file_write_buffering false")
    bench.api(f"uuid_record {customer.uuid} start {path}")
    bench.run(1.0)
    bench.api(f"uuid_hold {(agent if held == 'agent' else customer).uuid}")
    size = path.stat().st_size
    bench.run(1.0)
    assert (path.stat().st_size == size) is stands


def test_who_hangs_up_while_holding_ends_the_held_leg_and_no_closing_plays(bench: Bench) -> None:
    agent, customer = bench.call()
    bench.api(f"uuid_setvar {customer.uuid} {ARM}")
    bench.api(f"uuid_hold {agent.uuid}")
    agent.hangup()
    bench.run(0.5)
    assert customer.gone
    assert "PLAYBACK_START" not in bench.names(customer)
    assert [name for name in bench.names(agent) if "HOLD" in name or name == "CHANNEL_HANGUP"] == [
        "CHANNEL_HOLD", "CHANNEL_UNHOLD", "CHANNEL_HANGUP",
    ]


@pytest.mark.parametrize("how", ["hold", "off hold again"])
def test_the_holders_variable_sends_the_held_leg_to_the_closing_instead(bench: Bench, how: str) -> None:
    agent, customer = bench.call()
    bench.api(f"uuid_setvar {customer.uuid} {ARM}")
    bench.api(f"uuid_setvar {agent.uuid} hold_hangup_xfer_exten eslbot_closing:XML:default")
    bench.api(f"uuid_hold {agent.uuid}")
    if how == "off hold again":
        bench.api(f"uuid_hold off {agent.uuid}")
    agent.hangup()
    bench.run(0.5)
    before = len(customer.party.heard)
    bench.run(0.5)
    assert heard(customer.party.heard[before:]) == {"closing"}


def test_a_customer_who_is_held_is_sent_on_and_hears_nothing_of_it(bench: Bench) -> None:
    agent, customer = bench.call()
    bench.api(f"uuid_setvar {customer.uuid} {ARM}")
    bench.api(f"uuid_hold {customer.uuid}")
    agent.hangup()
    bench.run(0.5)
    before = len(customer.party.heard)
    bench.run(1.0)
    assert "PLAYBACK_START" in bench.names(customer)
    assert heard(customer.party.heard[before:]) == set()
