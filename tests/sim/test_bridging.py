"""Bridges: their events in order, and what follows their end."""

import pytest

from eslbot.sim import exchange
from eslbot.sim.leg import Leg
from eslbot.sim.party import Party, Tone
from tests.sim.api.test_audio import record, stereo
from tests.sim.bench import TONES, Bench, heard

BOTH_FIRST = pytest.mark.parametrize("first", ["agent", "customer"])


def arm(bench: Bench, customer: Leg) -> None:
    assert bench.api(f"uuid_setvar {customer.uuid} transfer_after_bridge eslbot_closing:XML:default") == "+OK"


def closing_heard(bench: Bench, customer: Leg) -> bool:
    return bench.hears(customer, settle=0.6, seconds=0.5) == [{"closing"}]


@BOTH_FIRST
@pytest.mark.parametrize("how", ["hangs up", "is killed"])
def test_an_armed_closing_plays_when_the_agent_is_gone(bench: Bench, first: str, how: str) -> None:
    agent, customer = bench.call(first)
    arm(bench, customer)
    if how == "is killed":
        assert bench.api(f"uuid_kill {agent.uuid} CALL_REJECTED") == "+OK"
    else:
        agent.hangup()
    assert closing_heard(bench, customer)
    bench.run(2.5)
    started = next(event for event in bench.events if event["Event-Name"] == "PLAYBACK_START")
    assert started["Caller-Destination-Number"] == "eslbot_closing"
    assert started["Unique-ID"] == customer.uuid
    assert customer.gone
    assert customer.cause == "NORMAL_CLEARING"


@BOTH_FIRST
def test_a_mute_left_behind_does_not_silence_the_closing(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    arm(bench, customer)
    bench.api(f"uuid_audio {customer.uuid} start write mute -4")
    agent.hangup()
    assert closing_heard(bench, customer)


@BOTH_FIRST
def test_a_customer_who_hangs_up_first_hears_no_closing(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    arm(bench, customer)
    customer.hangup()
    bench.run(1)
    assert "PLAYBACK_START" not in bench.names()
    assert not bench.core.legs
    assert agent.cause == "NORMAL_CLEARING"


@BOTH_FIRST
def test_without_an_armed_closing_both_are_gone(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    agent.hangup()
    bench.run(0.5)
    assert customer.gone
    assert not bench.core.legs


@BOTH_FIRST
def test_park_after_bridge_wins_over_the_closing(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    arm(bench, customer)
    bench.api(f"uuid_setvar {customer.uuid} park_after_bridge true")
    agent.hangup()
    bench.run(1)
    assert "CHANNEL_PARK" in bench.names(customer)
    assert customer.up


@BOTH_FIRST
@pytest.mark.parametrize(("value", "wins"), [("true", False), ("explicit", True)])
def test_only_an_explicit_hangup_after_bridge_wins_over_the_closing_and_only_on_the_near_leg(
    bench: Bench, first: str, value: str, wins: bool
) -> None:
    agent, customer = bench.call(first)
    arm(bench, customer)
    bench.api(f"uuid_setvar {customer.uuid} hangup_after_bridge {value}")
    agent.hangup("CALL_REJECTED")
    bench.run(0.5)
    if wins and first == "customer":
        assert (customer.gone, customer.cause) == (True, "CALL_REJECTED")
    else:
        assert closing_heard(bench, customer)


@BOTH_FIRST
def test_a_takeover_and_the_closing_after_it(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    arm(bench, customer)
    path = record(bench, customer)
    bench.run(0.6)
    supervisor = bench.third("park", "")
    assert bench.api(f"uuid_bridge {supervisor.uuid} {customer.uuid}") == f"+OK {customer.uuid}"
    assert bench.hears(supervisor, customer, settle=0.3) == [{"customer"}, {"supervisor"}]
    assert agent.gone
    left, right = stereo(path)
    assert (heard(left[-1600:]), heard(right[-1600:])) == ({"customer"}, {"supervisor"})
    supervisor.hangup()
    assert closing_heard(bench, customer)
    left, right = stereo(path)
    assert (heard(left[-1600:]), heard(right[-1600:])) == ({"customer"}, {"closing"})


@BOTH_FIRST
def test_the_closing_survives_a_blind_transfer_by_the_agent(bench: Bench, first: str) -> None:
    bench.core.dialplan.include(
        '<extension name="x"><condition field="destination_number" expression="^(10\\d\\d)$">'
        '<action application="bridge" data="sofia/internal/$1@127.0.0.1"/></condition></extension>'
    )
    agent, customer = bench.call(first)
    arm(bench, customer)
    second = Party(Tone(TONES["supervisor"]))
    exchange.expect(bench.core, "1002", second)
    assert bench.api(f"uuid_transfer {agent.uuid} -bleg 1002 XML default") == "+OK"
    assert bench.hears(customer, settle=0.4) == [{"supervisor"}]
    assert agent.gone
    assert customer.partner is not None
    customer.partner.hangup()
    assert closing_heard(bench, customer)


@BOTH_FIRST
def test_a_transfer_to_the_closing_drops_the_agent(bench: Bench, first: str) -> None:
    agent, customer = bench.call(first)
    assert bench.api(f"uuid_transfer {customer.uuid} eslbot_closing XML default") == "+OK"
    assert closing_heard(bench, customer)
    assert agent.gone


def test_events_of_a_call_whose_near_leg_hangs_up(bench: Bench) -> None:
    agent, customer = bench.call("agent")
    agent.hangup()
    bench.run(0.5)
    names = bench.names(agent)
    assert names[:2] == ["CHANNEL_CREATE", "CHANNEL_ANSWER"]
    assert names[2:] == [
        "CHANNEL_EXECUTE", "CHANNEL_BRIDGE", "CHANNEL_HANGUP", "CHANNEL_UNBRIDGE", "CHANNEL_EXECUTE_COMPLETE",
        "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY",
    ]  # fmt: skip
    assert bench.names(customer) == [
        "CHANNEL_CREATE", "CHANNEL_ANSWER", "CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY",
    ]  # fmt: skip
    bridge = next(event for event in bench.events if event["Event-Name"] == "CHANNEL_BRIDGE")
    assert (bridge["Unique-ID"], bridge["Other-Leg-Unique-ID"]) == (agent.uuid, customer.uuid)
    everything = bench.names()
    assert everything.index("CHANNEL_HANGUP") < everything.index("CHANNEL_UNBRIDGE")


def test_the_closing_begins_now_before_and_now_after_the_end_of_the_bridge(bench: Bench) -> None:
    orders = set()
    for _ in range(6):
        agent, customer = bench.call("agent")
        arm(bench, customer)
        bench.events.clear()
        agent.hangup()
        bench.run(0.5)
        names = bench.names()
        orders.add(names.index("CHANNEL_UNBRIDGE") < names.index("CHANNEL_EXECUTE"))
        customer.hangup()
        bench.run(0.2)
    assert orders == {True, False}


@pytest.mark.parametrize(
    ("party", "cause"),
    [(Party(refuses="USER_BUSY"), "USER_BUSY"), (Party(never_answers=True), "NO_ANSWER")],
)
def test_a_bridge_that_fails_ends_the_leg_with_its_cause(bench: Bench, party: Party, cause: str) -> None:
    leg = bench.dial("1001", Tone(TONES["agent"]))
    exchange.expect(bench.core, "9001", party)
    leg.go(bench.core.application("bridge", "{originate_timeout=2}sofia/internal/9001@127.0.0.1"))
    bench.run(3)
    assert leg.cause == cause
    assert "CHANNEL_BRIDGE" not in bench.names()
    assert not bench.core.legs


def test_an_agent_who_gives_up_while_it_rings_cancels_the_other_leg(bench: Bench) -> None:
    leg = bench.dial("1001", Tone(TONES["agent"]))
    exchange.expect(bench.core, "9001", Party(never_answers=True))
    leg.go(bench.core.application("bridge", "sofia/internal/9001@127.0.0.1"))
    bench.run(1)
    leg.hangup()
    bench.run(0.5)
    causes = {event["Hangup-Cause"] for event in bench.events if event["Event-Name"] == "CHANNEL_HANGUP"}
    assert causes == {"NORMAL_CLEARING", "ORIGINATOR_CANCEL"}


def test_an_inbound_leg_is_answered_when_the_other_side_is(bench: Bench) -> None:
    bench.core.dialplan.include(
        '<extension name="out"><condition field="destination_number" expression="^9001$">'
        '<action application="bridge" data="sofia/internal/9001@127.0.0.1"/></condition></extension>'
    )
    exchange.expect(bench.core, "9001", Party(Tone(TONES["customer"])))
    leg = exchange.arrive(bench.core, Party(Tone(TONES["agent"])), "9001", "1001", "1001", "", {})
    bench.run(0.3)
    assert bench.names(leg) == [
        "CHANNEL_CREATE", "CHANNEL_EXECUTE", "CHANNEL_PROGRESS_MEDIA", "CHANNEL_ANSWER", "CHANNEL_BRIDGE",
    ]  # fmt: skip
    assert leg.partner is not None
    assert bench.hears(leg, leg.partner) == [{"customer"}, {"agent"}]
