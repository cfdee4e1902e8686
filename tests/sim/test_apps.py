"""What the applications do to their leg, and who hears whom while a third phone listens in."""

import pytest

from eslbot.sim.party import Tone
from tests.sim.api.test_audio import record, recorded
from tests.sim.bench import TONES, Bench

BOTH_FIRST = pytest.mark.parametrize("first", ["agent", "customer"])
WHISPER_B = {"eavesdrop_whisper_bleg": "true"}
WHISPER_A = {"eavesdrop_whisper_aleg": "true"}


@BOTH_FIRST
@pytest.mark.parametrize(
    ("spied", "variables", "agent_too", "customer_too"),
    [
        ("agent", {}, False, False),
        ("agent", WHISPER_B, True, False),
        ("agent", WHISPER_A, False, True),
        ("agent", WHISPER_A | WHISPER_B, True, True),
        ("customer", WHISPER_B, False, True),
        ("customer", WHISPER_A, True, False),
    ],
)
def test_who_hears_a_supervisor(
    bench: Bench, first: str, spied: str, variables: dict[str, str], agent_too: bool, customer_too: bool
) -> None:
    agent, customer = bench.call(first)
    spy = bench.third("eavesdrop", {"agent": agent, "customer": customer}[spied].uuid, variables)
    voice = {"supervisor"}
    assert bench.hears(agent, customer, spy) == [
        {"customer"} | (voice if agent_too else set()),
        {"agent"} | (voice if customer_too else set()),
        {"agent", "customer"},
    ]


@pytest.mark.parametrize(
    ("spied", "keys", "agent_too", "customer_too"),
    [
        ("agent", "1", False, True), ("agent", "2", True, False), ("agent", "3", True, True),
        ("agent", "30", False, False), ("customer", "1", True, False), ("customer", "2", False, True),
    ],
)  # fmt: skip
def test_keys_of_a_supervisor(bench: Bench, spied: str, keys: str, agent_too: bool, customer_too: bool) -> None:
    agent, customer = bench.call()
    spy = bench.third("eavesdrop", {"agent": agent, "customer": customer}[spied].uuid)
    bench.api(f"uuid_recv_dtmf {spy.uuid} {keys}")
    hears_agent, hears_customer = bench.hears(agent, customer)
    assert ("supervisor" in hears_agent, "supervisor" in hears_customer) == (agent_too, customer_too)


def test_in_three_way_all_hear_each_other(bench: Bench) -> None:
    agent, customer = bench.call()
    third = bench.third("three_way", agent.uuid)
    assert bench.hears(agent, customer, third) == [
        {"customer", "supervisor"}, {"agent", "supervisor"}, {"agent", "customer"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("spied", "variables", "customers", "agents"),
    [
        ("agent", WHISPER_B, {"customer"}, {"agent"}),
        ("customer", WHISPER_A, {"customer", "supervisor"}, {"agent"}),
        ("agent", WHISPER_A | WHISPER_B, {"customer"}, {"agent", "supervisor"}),
        ("customer", WHISPER_A | WHISPER_B, {"customer", "supervisor"}, {"agent"}),
    ],
)
def test_what_the_customers_recording_hears_of_a_supervisor(
    bench: Bench, spied: str, variables: dict[str, str], customers: set[str], agents: set[str]
) -> None:
    agent, customer = bench.call()
    path = record(bench, customer)
    bench.third("eavesdrop", {"agent": agent, "customer": customer}[spied].uuid, variables)
    bench.run(0.6)
    assert recorded(bench, path) == (customers, agents)


def test_the_call_outlives_its_supervisor(bench: Bench) -> None:
    agent, customer = bench.call()
    spy = bench.third("eavesdrop", agent.uuid, WHISPER_A | WHISPER_B)
    bench.api(f"uuid_kill {spy.uuid}")
    assert bench.hears(agent, customer) == [{"customer"}, {"agent"}]
    assert bench.names(agent)[-1] == "MEDIA_BUG_STOP"


def test_playback_is_told_at_both_ends_and_says_break_only_when_it_was_stopped(bench: Bench) -> None:
    leg = bench.dial("9001", Tone(TONES["customer"]))
    bench.events.clear()
    leg.go(bench.core.application("playback", bench.file), bench.core.application("park", ""))
    bench.run(1.2)
    assert bench.names(leg)[:4] == ["CHANNEL_EXECUTE", "PLAYBACK_START", "PLAYBACK_STOP", "CHANNEL_EXECUTE_COMPLETE"]
    bench.api(f"uuid_broadcast {leg.uuid} {bench.file} aleg")
    bench.run(0.3)
    bench.api(f"uuid_break {leg.uuid}")
    bench.run(0.1)
    bench.api(f"uuid_broadcast {leg.uuid} {bench.file} aleg")
    bench.run(0.3)
    leg.hangup()
    bench.run(0.1)
    stops = [event for event in bench.events if event["Event-Name"] == "PLAYBACK_STOP"]
    assert [(stop["Playback-Status"], stop["Answer-State"]) for stop in stops] == [
        ("done", "answered"), ("break", "answered"), ("done", "hangup"),
    ]  # fmt: skip
    assert 0.2 <= int(str(stops[-1]["variable_playback_ms"])) / 1000 < 0.5


def test_a_file_that_is_not_there_is_not_played(bench: Bench) -> None:
    leg = bench.dial("9001", Tone(TONES["customer"]))
    leg.go(bench.core.application("playback", "/nowhere.wav"), bench.core.application("park", ""))
    bench.run(0.1)
    assert "PLAYBACK_START" not in bench.names(leg)
    complete = next(event for event in bench.events if event["Event-Name"] == "CHANNEL_EXECUTE_COMPLETE")
    assert complete["Application-Response"] == "FILE NOT FOUND"


def test_an_application_nobody_knows_ends_the_leg(bench: Bench) -> None:
    leg = bench.dial("9001", Tone(TONES["customer"]))
    leg.go(bench.core.application("juggle", ""))
    bench.run(0.1)
    assert leg.cause == "DESTINATION_OUT_OF_ORDER"


@pytest.mark.parametrize(("pressed", "got"), [("2", "2"), ("9", None), ("", None)])
def test_digits_that_were_asked_for(bench: Bench, pressed: str, got: str | None) -> None:
    leg = bench.dial("9001", Tone(TONES["customer"]))
    data = rf"1 1 1 1000 # {bench.file} silence_stream://250 answer [123]"
    leg.go(bench.core.application("play_and_get_digits", data), bench.core.application("park", ""))
    bench.run(0.5)
    leg.press(pressed)
    bench.run(3)
    assert leg.variables.get("answer") == got


def test_echo_returns_what_is_said(bench: Bench) -> None:
    leg = bench.dial("9001", Tone(TONES["customer"]))
    leg.go(bench.core.application("echo", ""))
    assert bench.hears(leg) == [{"customer"}]
