"""A whole eslbot beside a real switch: what it arms and where, a cut wire, a switch that is killed and started again,
an attended transfer, an agent who hangs up on hold, a forged name."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from eslbot.record.reader import Recording
from eslbot.store.recording_rows import RecordingRow
from eslbot.store.store import Store
from tests.conformance.conftest import PROMPT_SECONDS, TONES, freeswitch, on_real
from tests.conformance.hearing import duration
from tests.conformance.real import RealRig
from tests.conformance.rig import Leg
from tests.conformance.score import Played, names, place
from tests.conformance.service import Service, Wire
from tests.conformance.test_events import FORGED

ARMED = "eslbot_closing:XML:default"


@dataclass(frozen=True, slots=True)
class Both:
    rig: RealRig
    wire: Wire
    service: Service

    def place(self) -> Played:
        """A call that eslbot has taken up, armed and begun to record."""
        played = place(self.rig, "agent")
        customer, agent = played.call.customer.uuid, played.call.agent.uuid
        self.service.until(lambda: self.service.lines("Joined", call=customer), "the call was not taken up")
        self.armed(customer, "transfer_after_bridge")
        self.armed(agent, "hold_hangup_xfer_exten")
        spool = self.service.directory / "spool"
        self.service.until(lambda: any(customer in path.name for path in spool.rglob("*")), "it is not recorded")
        return played

    def armed(self, leg: str, variable: str) -> None:
        self.service.until(lambda: self.rig.api(f"uuid_getvar {leg} {variable}") == ARMED, f"{variable} is not set")

    def closing(self, played: Played) -> float:
        self.rig.pass_time(PROMPT_SECONDS + 1.2)
        return duration(self.rig.heard(played.call.customer), TONES["closing"])

    def _store(self) -> Store:
        return Store.open_readonly(f"sqlite:///{self.service.directory}/eslbot.db")

    def outcome(self, call: str) -> str:
        """What the store says of a call; empty while it goes on."""
        return next((row.outcome for row in self._store().calls.find() if row.call == call), "")

    def alerts(self, call: str) -> list[str]:
        """Kinds of the alerts of a call."""
        return [row.kind for row in self._store().alerts.find() if row.call == call]

    def sealed(self, call: str) -> RecordingRow:
        """The call's recording, once it is closed."""
        def row() -> RecordingRow | None:
            return next((row for row in self._store().recordings.find() if row.call == call and row.ended), None)

        found: RecordingRow = self.service.until(row, "the recording was not closed")
        return found

    def booked(self, played: Played) -> tuple[str, str]:
        """What the store says of the call and of its closing, once it does."""
        customer = played.call.customer.uuid

        def rows() -> tuple[str, str] | None:
            closings = [row.outcome for row in self._store().closings.find() if row.call == customer]
            ended = self.outcome(customer)
            return (ended, closings[0]) if ended and closings else None

        found: tuple[str, str] = self.service.until(rows, "the call was not booked")
        return found


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest, room: Path) -> Iterator[Both]:
    if not on_real(request.config):
        pytest.skip("beside the embedded switch a service is tested by tests/service")
    directory = Path(tempfile.mkdtemp(prefix="service-", dir=room))
    rig = RealRig(*freeswitch(request.config), directory, room / "prompts", codecs="PCMU,G722")
    wire = Wire(rig.pbx.place.socket_port)
    service = Service(directory / "eslbot", wire.port, rig.pbx.place.password)
    try:
        service.until(lambda: service.lines("SwitchUp"), "eslbot did not come up", 120)
        yield Both(rig, wire, service)
    finally:
        service.stop()
        wire.cut()
        rig.stop()
        shutil.rmtree(directory)


def test_a_call_is_armed_on_both_legs_and_its_closing_booked_as_played(both: Both) -> None:
    played = both.place()
    both.rig.hang_up(played.call.agent)
    assert both.closing(played) >= PROMPT_SECONDS - 0.4
    assert both.booked(played) == ("completed", "played")


def test_an_agent_who_hangs_up_on_hold_does_not_escape_the_closing(both: Both) -> None:
    played = both.place()
    both.rig.hold(played.call.agent)
    both.rig.pass_time(0.5)
    both.rig.hang_up(played.call.agent)
    assert both.closing(played) >= PROMPT_SECONDS - 0.4
    assert both.booked(played) == ("completed", "played")


def test_an_attended_transfer_is_the_same_call_and_guards_the_second_agent(both: Both) -> None:
    rig, played = both.rig, both.place()
    customer = played.call.customer.uuid
    second = Leg("supervisor", "", rig.number("agent", TONES["supervisor"]))
    rig.hold(played.call.agent)
    rig.pass_time(0.4)
    line = rig.consult(played.call.agent, second.number, TONES["agent"])
    rig.pass_time(0.5)
    since = rig.mark()
    assert "200" in rig.refer(played.call.agent, line, second.number)
    bridge = rig.wait(lambda e: e["Event-Name"] == "CHANNEL_BRIDGE" and e["Unique-ID"] == customer, since)
    there = bridge["Bridge-B-Unique-ID"]
    both.service.until(lambda: len(both.service.lines("Joined", call=customer)) == 2, "the second agent was not seen")
    assert both.service.lines("Joined", call=customer)[-1]["role"] == "agent"
    both.armed(there, "hold_hangup_xfer_exten")
    rig.hang_up(second)
    assert both.closing(played) >= PROMPT_SECONDS - 0.4
    assert both.booked(played) == ("completed", "played")


def test_a_consult_that_comes_to_nothing_ends_as_merged_and_the_customers_call_goes_on(both: Both) -> None:
    rig, played = both.rig, both.place()
    customer, agent = played.call.customer.uuid, played.call.agent.uuid
    second = Leg("supervisor", "", rig.number("agent", TONES["supervisor"]))
    assert rig.api(f"uuid_broadcast {agent} att_xfer::{rig.address(second.number)} aleg").startswith("+OK")
    both.service.until(lambda: both.service.lines("Joined", call=agent), "the consult was not seen")
    rig.pass_time(0.5)
    rig.hang_up(second)
    both.service.until(lambda: both.outcome(agent) == "merged", "the consult's call did not end")
    assert not both.service.lines("Parted", call=customer)
    rig.hang_up(played.call.agent)
    assert both.closing(played) >= PROMPT_SECONDS - 0.4
    assert both.booked(played) == ("completed", "played")


def test_a_customer_who_holds_raises_no_alarm(both: Both) -> None:
    played = both.place()
    both.rig.pass_time(1.0)
    both.rig.hold(played.call.customer)
    both.rig.pass_time(3.0)
    both.rig.hold(played.call.customer, on=False)
    both.rig.pass_time(1.0)
    assert not both.service.lines("AudioLost", call=played.call.customer.uuid)
    both.rig.hang_up(played.call.agent)
    assert both.closing(played) >= PROMPT_SECONDS - 0.4


def test_a_codec_that_changes_in_mid_call_alarms(both: Both) -> None:
    played = both.place()
    customer = played.call.customer.uuid
    both.rig.pass_time(1.0)
    assert both.alerts(customer) == []
    both.rig.renegotiate(played.call.customer, "G722")
    both.service.until(lambda: both.alerts(customer), "nothing alarmed")
    assert both.alerts(customer) == ["audio-lost"]
    both.rig.hang_up(played.call.agent)
    both.booked(played)


def test_the_agents_key_masks_both_sides_of_the_recording_and_nobody_hears_less(both: Both) -> None:
    """The phone's own keys, as the switch tells of them; `uuid_record` of the switch goes on as it was."""
    rig, played = both.rig, both.place()
    customer = played.call.customer.uuid
    rig.pass_time(5.0)
    rig.press(played.call.agent, "*5")
    both.service.until(lambda: both.service.lines("act", call=customer, act="mask", outcome="done"), "no mask")
    rig.pass_time(3.0)
    rig.press(played.call.agent, "*5")
    both.service.until(lambda: both.service.lines("act", call=customer, act="unmask"), "it was not lifted")
    rig.pass_time(4.0)
    rig.hang_up(played.call.agent)
    assert both.closing(played) >= PROMPT_SECONDS - 0.4
    both.booked(played)
    row = both.sealed(customer)
    [span] = row.listing()["masked"]
    first, end = span["first"], span["end"]
    assert (row.state, row.lost) == ("complete", ())
    assert 3.0 < (end - first) / row.rate < 7.0
    recording = Recording(row, both.service.directory / "recordings", [both.service.identity])
    audio = np.frombuffer(recording.read(0, recording.end), "<i2").reshape(-1, 2) / 32768
    assert not audio[first:end].any()
    second = row.rate
    for side, who in enumerate(("customer", "agent")):
        for start in (first - second, end + second // 10):
            assert names(audio[start : start + second - second // 10, side]) == {who}


def test_a_wire_that_was_cut_ends_no_call_and_is_found_again(both: Both) -> None:
    played = both.place()
    customer = played.call.customer.uuid
    both.wire.cut()
    both.service.until(lambda: len(both.service.lines("SwitchDown")) == 1, "the cut was not noticed")
    both.rig.pass_time(1.0)
    mended = both.wire.mend()
    up = both.service.until(lambda: both.service.lines("SwitchUp")[1:], "it was not found again")[-1]
    print(f"\nfound {when(up) - mended:.2f} s after the port opened")
    assert up["core"] == both.service.lines("SwitchUp")[0]["core"]
    both.rig.pass_time(1.0)
    assert not both.service.lines("Gone", call=customer)
    both.rig.hang_up(played.call.agent)
    assert both.closing(played) >= PROMPT_SECONDS - 0.4
    assert both.booked(played) == ("completed", "played")


def test_a_forged_name_is_a_name(both: Both) -> None:
    """A stranger's call whose name says that its leg is destroyed is taken up, goes on, and ends when it ends."""
    since = both.rig.mark()
    leg = both.rig.call_in(FORGED, TONES["customer"])
    both.rig.wait(lambda e: e["Event-Name"] == "CHANNEL_BRIDGE" and e["Unique-ID"] == leg.uuid, since)
    both.service.until(lambda: both.service.lines("Joined", call=leg.uuid), "the call was not taken up")
    both.rig.pass_time(0.5)
    assert not both.service.lines("Gone", call=leg.uuid)
    both.rig.hang_up(leg)
    both.service.until(lambda: both.service.lines("Gone", call=leg.uuid, outcome="hung-up"), "its end was not seen")


def test_a_switch_that_was_killed_and_started_again_has_aborted_its_calls(both: Both) -> None:
    rig, service, played = both.rig, both.service, both.place()
    ups, customer = len(service.lines("SwitchUp")), played.call.customer.uuid
    listens = rig.revive()
    up = service.until(lambda: service.lines("SwitchUp")[ups:], "it was not found again")[-1]
    print(f"\nfound {when(up) - listens:.2f} s after one could sign in")
    assert up["core"] != service.lines("SwitchUp")[0]["core"]
    service.until(lambda: service.lines("Gone", call=customer, outcome="aborted"), "the old call was not closed")
    assert both.booked(played)[0] == "aborted"
    again = both.place()
    rig.hang_up(again.call.agent)
    assert both.closing(again) >= PROMPT_SECONDS - 0.4
    assert both.booked(again) == ("completed", "played")


def when(line: dict[str, str]) -> float:
    """A log line's time, seconds since the epoch."""
    return datetime.fromisoformat(line["timestamp"]).timestamp()
