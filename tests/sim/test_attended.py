"""A phone's attended transfer, and what the dialplan `inline` does. That a real switch does the same is asked in
tests/conformance."""

import pytest

from eslbot.sim import attended, exchange
from eslbot.sim.hold import hold
from eslbot.sim.leg import Leg
from eslbot.sim.party import Party, Tone
from tests.sim.bench import TONES, Bench

PHONES = (
    '<include><extension name="phones"><condition field="destination_number" expression="^(10\\d\\d)$">'
    '<action application="bridge" data="sofia/internal/$1@127.0.0.1"/></condition></extension></include>'
)


def consulting(bench: Bench, agent: Leg) -> tuple[Leg, Leg]:
    """The agent holds, and has called a second one on another line: the line, and the second agent's leg."""
    bench.core.dialplan.include(PHONES)
    hold(agent, True)
    exchange.expect(bench.core, "1002", Party(Tone(TONES["file"])))
    line = exchange.arrive(bench.core, Party(Tone(TONES["agent"])), "1002", "1001", "", "", {})
    bench.run(0.3)
    assert line.partner is not None
    return line, line.partner


@pytest.mark.parametrize("first", ["agent", "customer"])
def test_the_customer_goes_to_the_second_agent_and_the_phone_is_out(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    line, second = consulting(bench, agent)
    assert attended.refer(agent, line)
    assert bench.hears(customer, second) == [{"file"}, {"customer"}]
    assert (agent.gone, line.gone) == (True, True)
    last = [event for event in bench.events if event["Event-Name"] == "CHANNEL_BRIDGE"][-1]
    assert (last["Unique-ID"], last["Other-Leg-Unique-ID"]) == (customer.uuid, second.uuid)


def test_nobody_is_joined_where_the_second_line_talks_to_nobody(bench: Bench) -> None:
    agent, customer = bench.call()
    alone = bench.dial("1003", Tone(TONES["file"]))
    assert not attended.refer(agent, alone)
    assert bench.hears(customer) == [{"agent"}]


def test_a_leg_that_is_sent_to_inline_does_one_thing_after_the_other(bench: Bench) -> None:
    agent, _ = bench.call()
    supervisor = bench.dial("1900", Tone(TONES["supervisor"]))
    assert bench.api(f"uuid_transfer {supervisor.uuid} eavesdrop:{agent.uuid},sleep:500 inline").startswith("+OK")
    assert bench.hears(supervisor) == [{"agent", "customer"}]
    agent.hangup()
    assert bench.hears(supervisor, settle=0.05) == [set()]
    bench.run(0.3)
    assert supervisor.gone
