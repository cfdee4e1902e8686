"""Events look like the real switch's: the same headers in the same order (tests/vectors/wire)."""

import json
from functools import cache
from pathlib import Path

import pytest

from eslbot.sim import events
from eslbot.switch.codec import Decoder, Event, event_of
from tests.sim.bench import Bench

WIRE = Path(__file__).parent.parent / "vectors" / "wire"
TRANSFERRED = {"Caller-Dialplan", "Caller-Transfer-Source", "Caller-RDNIS"}


@cache
def real(name: str, kind: str) -> Event:
    """The first event of that kind in a capture."""
    frames = Decoder().feed((WIRE / f"{name}.in").read_bytes())
    told = (event_of(frame) for frame in frames if frame.kind.startswith("text/event"))
    return next(event for event in told if event["Event-Name"] == kind)


def shape(event: Event) -> list[str]:
    """Its headers' names in order, without variables."""
    return [name for name in event if not name.startswith("variable_")]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Event]:
    """The first event of each kind in a call on which much is done."""
    bench = Bench(tmp_path_factory.mktemp("events"))
    agent, customer = bench.call("agent")
    bench.api(f"uuid_record {customer.uuid} start {bench.directory}/x.r8")
    bench.run(0.6)
    bench.api(f"uuid_record {customer.uuid} stop {bench.directory}/x.r8")
    bench.api(f"uuid_hold {agent.uuid}")
    bench.api(f"uuid_hold off {agent.uuid}")
    bench.api(f"uuid_recv_dtmf {customer.uuid} 1")
    bench.api(f"uuid_broadcast {customer.uuid} {bench.file} aleg")
    bench.run(1.5)
    bench.api(f"uuid_kill {agent.uuid}")
    bench.run(0.5)
    found: dict[str, Event] = {}
    for event in bench.events:
        found.setdefault(str(event["Event-Name"]), event)
    bench.core.greenlets.stop()
    return found


@pytest.mark.parametrize(
    "kind",
    [
        "CHANNEL_CREATE", "CHANNEL_ANSWER", "CHANNEL_EXECUTE", "CHANNEL_BRIDGE", "CHANNEL_HANGUP", "CHANNEL_UNBRIDGE",
        "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY", "CHANNEL_HOLD", "CHANNEL_UNHOLD", "MEDIA_BUG_START",
        "MEDIA_BUG_STOP", "RECORD_START", "RECORD_STOP", "DTMF", "PLAYBACK_START", "PLAYBACK_STOP",
    ],
)  # fmt: skip
def test_headers_and_their_order(told: dict[str, Event], kind: str) -> None:
    assert shape(told[kind]) == shape(real("actions", kind))


@pytest.mark.parametrize(
    "variable",
    ["uuid", "call_uuid", "direction", "is_outbound", "channel_name", "read_rate", "read_codec", "signal_bond"],
)
def test_variables_that_matter_are_there_when_they_are_on_the_wire(told: dict[str, Event], variable: str) -> None:
    assert f"variable_{variable}" in real("actions", "CHANNEL_BRIDGE")
    assert f"variable_{variable}" in told["CHANNEL_BRIDGE"]


def test_keys_come_without_variables(told: dict[str, Event]) -> None:
    assert not [name for name in told["DTMF"] if name.startswith("variable_")]


def test_states_are_spelled_as_on_the_wire(told: dict[str, Event]) -> None:
    for kind in ("CHANNEL_CREATE", "CHANNEL_ANSWER", "CHANNEL_BRIDGE", "CHANNEL_HANGUP_COMPLETE"):
        for header in ("Channel-State", "Channel-State-Number", "Channel-Call-State", "Answer-State"):
            assert told[kind][header] == real("actions", kind)[header], (kind, header)


def test_a_row_of_show_channels_has_the_columns_of_the_real_one(bench: Bench) -> None:
    answer = next(
        json.loads(frame.body)
        for frame in Decoder().feed((WIRE / "call-agent-first-json.in").read_bytes())
        if frame.body.startswith(b'{"row_count":2')
    )
    agent, customer = bench.call()
    for ours, theirs in zip((agent, customer), answer["rows"], strict=True):
        row = events.row(ours, "pbx")
        assert list(row) == list(theirs)
        alike = ("direction", "state", "dest", "callstate", "read_codec", "read_rate", "application")
        assert [row[name] for name in alike] == [theirs[name] for name in alike]
