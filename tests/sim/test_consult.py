"""The application att_xfer: who hears whom, which events tell of it, and who is lost where nothing holds them up. That
a real switch does the same is asked in tests/conformance/test_consult.py and test_transfer.py."""

import pytest

from eslbot.sim import exchange
from eslbot.sim.leg import Leg
from eslbot.sim.party import Party, Tone
from tests.sim.bench import TONES, Bench

FIRSTS = pytest.mark.parametrize("first", ["agent", "customer"])
GUARD = r"execute_on_post_bridge_x execute_extension sleep:1500,transfer:eslbot_closing\\sXML\\sdefault inline"


def begin(bench: Bench, agent: Leg, party: Party) -> Leg | None:
    """The agent has a second one called; that one's leg, where it is up."""
    exchange.expect(bench.core, "1002", party)
    assert bench.api(f"uuid_broadcast {agent.uuid} att_xfer::sofia/internal/1002@127.0.0.1 aleg").startswith("+OK")
    bench.run(0.4)
    return next((leg for leg in bench.core.legs.values() if leg.profile.destination == "1002"), None)


def consult(bench: Bench, agent: Leg) -> Leg:
    second = begin(bench, agent, Party(Tone(TONES["file"])))
    assert second is not None
    return second


def bridges(bench: Bench, since: int = 0) -> list[tuple[str, str, str]]:
    return [(event["Event-Name"].removeprefix("CHANNEL_"), event["Bridge-A-Unique-ID"], event["Bridge-B-Unique-ID"])
            for event in bench.events[since:] if event["Event-Name"] in ("CHANNEL_BRIDGE", "CHANNEL_UNBRIDGE")]


@FIRSTS
def test_the_two_agents_talk_and_the_customer_waits_and_no_unbridge_tells(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    since = len(bench.events)
    second = consult(bench, agent)
    assert bench.hears(customer, agent, second) == [set(), {"file"}, {"agent"}]
    assert bridges(bench, since) == [("BRIDGE", agent.uuid, second.uuid)]
    created = next(event for event in bench.events[since:] if event["Event-Name"] == "CHANNEL_CREATE")
    assert (created["Other-Type"], created["Other-Leg-Unique-ID"]) == ("originator", agent.uuid)


@FIRSTS
def test_a_guarded_customer_is_joined_with_the_second_agent(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    second = consult(bench, agent)
    bench.api(f"uuid_setvar {customer.uuid} {GUARD}")
    agent.hangup()
    assert bench.hears(customer, second) == [{"file"}, {"customer"}]
    assert bridges(bench)[-1][1:] in ((second.uuid, customer.uuid), (agent.uuid, customer.uuid))
    second.hangup()
    assert bench.hears(customer, settle=2.2, seconds=0.5) == [{"closing"}]


def test_an_unguarded_customer_is_lost_as_the_near_leg_and_kept_as_the_far_one(bench: Bench) -> None:
    agent, customer = bench.call("customer")
    bench.api(f"uuid_setvar {customer.uuid} transfer_after_bridge eslbot_closing:XML:default")
    second = consult(bench, agent)
    agent.hangup()
    bench.run(0.2)
    assert customer.gone
    assert "PLAYBACK_START" not in bench.names(customer)
    bench.run(4.0)
    assert second.gone
    agent, customer = bench.call("agent")
    second = consult(bench, agent)
    agent.hangup()
    assert bench.hears(customer, second) == [{"file"}, {"customer"}]


@FIRSTS
@pytest.mark.parametrize("key", ["", "#"], ids=["hangs up", "is sent away"])
def test_a_second_agent_who_leaves_gives_the_customer_back(bench: Bench, first: str, key: str) -> None:
    agent, customer = bench.call(first)
    second = consult(bench, agent)
    if key:
        agent.press(key)
    else:
        second.hangup()
    assert bench.hears(customer, agent) == [{"agent"}, {"customer"}]
    assert second.gone


@FIRSTS
def test_a_second_agent_who_is_busy_changes_nothing(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    since = len(bench.events)
    begin(bench, agent, Party(refuses="USER_BUSY"))
    assert bench.hears(customer, agent) == [{"agent"}, {"customer"}]
    assert bridges(bench, since) == []


@FIRSTS
def test_an_agent_who_hangs_up_while_it_rings_loses_the_customer(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    bench.api(f"uuid_setvar {customer.uuid} {GUARD}")
    begin(bench, agent, Party(never_answers=True))
    agent.hangup()
    bench.run(0.5)
    assert customer.gone
    assert customer.cause == "ORIGINATOR_CANCEL"


@FIRSTS
def test_such_a_customer_is_parked_for_a_while_where_that_is_asked_for(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    for variable in (GUARD, "uuid_bridge_park_on_cancel true", "park_timeout 5"):
        bench.api(f"uuid_setvar {customer.uuid} {variable}")
    begin(bench, agent, Party(never_answers=True))
    agent.hangup()
    bench.run(4.0)
    assert customer.up
    assert bench.api(f"uuid_transfer {customer.uuid} eslbot_closing XML default").startswith("+OK")
    assert bench.hears(customer, settle=0.6, seconds=0.5) == [{"closing"}]


@FIRSTS
def test_all_three_talk_after_a_key(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    second = consult(bench, agent)
    agent.press("0")
    assert bench.hears(customer, agent, second) == [{"agent", "file"}, {"customer", "file"}, {"agent", "customer"}]


@FIRSTS
def test_a_customer_who_leaves_meanwhile_leaves_the_two_to_each_other(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    second = consult(bench, agent)
    customer.hangup()
    assert bench.hears(agent, second) == [{"file"}, {"agent"}]
    agent.press("*")
    bench.run(4.0)
    assert not bench.core.legs


@FIRSTS
def test_what_is_to_run_after_a_bridge_runs_before_the_closing_and_under_any_name(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    bench.api(f"uuid_setvar {customer.uuid} transfer_after_bridge eslbot_closing:XML:default")
    bench.api(f"uuid_setvar {customer.uuid} execute_on_post_bridge_y sleep 1000")
    agent.hangup()
    assert bench.hears(customer, settle=0.2, seconds=0.6) == [set()]
    assert bench.hears(customer, settle=0.8, seconds=0.5) == [{"closing"}]
