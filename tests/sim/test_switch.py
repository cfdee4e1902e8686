"""The switch as a program uses it: in real time, over real sockets."""

from pathlib import Path

import pytest

from eslbot.sim import Party, Switch, Tone
from eslbot.sim.switch import SwitchError
from tests.sim.bench import TONES, heard
from tests.sim.client import Client


@pytest.mark.parametrize("first", ["agent", "customer"])
def test_a_placed_call_is_bridged_and_heard(first: str) -> None:
    with Switch(speed=5) as switch:
        call = switch.place(Party(Tone(TONES["agent"])), Party(Tone(TONES["customer"])), first=first)
        assert (call.a is call.agent) == (first == "agent")
        assert call.customer.variables["eslbot_role"] == "customer"
        switch.pass_time(1)
        assert heard(switch.heard(call.customer)[-4000:]) == {"agent"}
        assert heard(switch.heard(call.agent)[-4000:]) == {"customer"}
        spy = switch.supervise(Party(Tone(TONES["supervisor"])), call.agent, {"eavesdrop_whisper_bleg": "true"})
        switch.pass_time(1)
        assert heard(switch.heard(spy)[-4000:]) == {"agent", "customer"}
        assert heard(switch.heard(call.agent)[-4000:]) == {"customer", "supervisor"}


def test_a_call_that_does_not_come_about_says_why() -> None:
    with Switch(speed=5) as switch:
        with pytest.raises(SwitchError, match="agent: -ERR USER_BUSY"):
            switch.place(Party(refuses="USER_BUSY"))
        with pytest.raises(SwitchError, match="customer: CALL_REJECTED"):
            switch.place(customer=Party(refuses="CALL_REJECTED"))


def test_a_restarted_switch_is_another_core_on_the_same_port() -> None:
    with Switch() as first:
        port = first.port
    with Switch(port=port) as second:
        assert second.core.uuid != first.core.uuid
        with Client(port) as client:
            assert client.ask("api show channels as json") == '{"row_count": 0}'


def test_a_crash_leaves_the_spool_as_it_was_and_a_stop_closes_it(tmp_path: Path) -> None:
    sizes = {}
    for how in ("kill", "stop"):
        path = tmp_path / f"{how}.r8"
        switch = Switch(speed=5).start()
        call = switch.place()
        switch.api(f"uuid_setvar {call.customer.uuid} RECORD_STEREO true")
        switch.api(f"uuid_record {call.customer.uuid} start {path}")
        switch.pass_time(1)
        getattr(switch, how)()
        sizes[how] = path.stat().st_size
    assert sizes["kill"] == 0, "FreeSWITCH's own 64 KiB were not full"
    assert sizes["stop"] > 16000


def test_an_error_inside_comes_out_at_the_end() -> None:
    with pytest.raises(SwitchError, match="planted"), Switch() as switch:
        switch.core.faults.append("planted")


def test_the_port_that_is_taken_is_told() -> None:
    with Switch() as first, pytest.raises(OSError, match="in use"):
        Switch(port=first.port).start()
