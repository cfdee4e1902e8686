"""The link to the switch: ours restarted mid-call (4), the switch restarted (5), cut with 50 commands pending (6), half
open (7). Real processes on both sides of real sockets."""

import time
from pathlib import Path

import gevent
import pytest

from eslbot.sim import Switch
from tests.faults.conftest import Show
from tests.faults.house import Cable, House, at, ends, timed
from tests.service.rig import ANSWER, GREETING, PROMISE, RATE, line, party

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]


def test_killed_and_started_again_it_adopts_the_call_and_loses_no_audio(
    tmp_path: Path, switch: Switch, show: Show,
) -> None:
    received = timed(switch)
    with House(tmp_path, switch) as house:
        call = house.rig.place(agent := party(line(PROMISE, 5.0)), party(line(ANSWER, 0.2)))
        house.line("Joined")
        gevent.sleep(1.0)
        house.kill()
        before = len(received)
        house.start()
        lasts = ends(agent, 14.0)
        again = house.line("Resumed")
        house.until(lambda: any("uuid_record" in text for _, text in received[before:]), "it is not recorded again")
        [connected, *_] = [when for when, text in received[before:] if "core_uuid" in text]
        recorded = [when for when, text in received[before:] if text.startswith("uuid_record")]
        adopted = recorded[0] - connected
        house.until(lambda: call.customer.gone, "the call did not end", 40.0)
        house.settled()
        [row] = house.rows("recordings")
        whole = house.recording(row)
        assert whole.verify().whole
        assert whole.end / RATE > lasts - 0.5
        assert row.gaps == ()
        assert len(recorded) == 1
        assert adopted < 1.0 + 1.0  # the table's, and what a busy machine may add
        assert [one.rule for one in house.rows("violations")].count("guaranteed-return") == 1
        assert again["call"] == call.customer.uuid
        show(4, went_on="heard, judged, closed", lost=f"{row.gaps or 'nothing'} of {whole.end / RATE:.1f} s",
             took=f"recorded again {adopted:.2f} s after it had connected")


def test_a_switch_that_restarts_is_found_within_a_second_and_its_old_calls_are_aborted(
    tmp_path: Path, show: Show,
) -> None:
    first = Switch().start()
    with House(tmp_path, first) as house:
        call = house.rig.place(party(line(GREETING, 0.3)), party())
        house.line("Joined")
        gevent.sleep(1.5)
        first.kill()
        down = house.line("SwitchDown")
        gevent.sleep(3.0)
        with Switch(port=first.port, password=first.password) as second:
            opened = time.time()
            house.until(lambda: len(house.lines("SwitchUp")) == 2, "it was not found again", 20.0)
            found = at(house.lines("SwitchUp")[-1]) - opened
            house.settled()
            [row] = house.rows("calls")
            [recording] = house.rows("recordings")
            assert row.outcome == "aborted"
            assert house.recording(recording).verify().whole
            assert house.metric("eslbot_link_losses_total", switch="pbx") == 1
            assert house.metric("eslbot_calls_total", outcome="aborted") == 1
            house.rig.switch = second
            again = house.rig.place(party(hangs_up_at=2.0), party())
            house.until(lambda: again.customer.gone, "the next call did not end")
            house.settled()
            assert [one.outcome for one in house.rows("calls")] == ["aborted", "completed"]
        # two attempts a second, and a connection takes three exchanges: the bound is the table's, the margin ours
        assert found < 1.0 + 1.0
        show(5, went_on="the next one is heard and closed", lost=f"{call.customer.uuid[:8]} aborted, counted",
             took=f"up {found:.2f} s after the port opened; down told as: {down['reason']}")


def test_a_half_open_link_is_noticed_within_two_seconds_and_the_recording_has_no_hole(
    tmp_path: Path, switch: Switch, show: Show,
) -> None:
    cable = Cable(switch)
    with House(tmp_path, cable) as house:
        call = switch.place(party(line(PROMISE, 8.0), hangs_up_at=14.0), party(line(ANSWER, 0.2)))
        house.line("Joined")
        gevent.sleep(1.0)
        cable.dead, died = True, time.time()
        down = house.line("SwitchDown", timeout=10.0)
        noticed = at(down) - died
        gevent.sleep(1.0)
        cable.cut()
        cable.dead = False
        house.until(lambda: len(house.lines("SwitchUp")) == 2, "the link did not come back")
        house.until(lambda: call.customer.gone, "the call did not end")
        house.settled()
        [row] = house.rows("recordings")
        assert (row.state, row.gaps) == ("complete", ())
        assert [act.outcome for act in house.rows("acts") if act.kind == "mute"] == ["done"]
        assert "half open" in down["reason"]
        assert noticed < 2.0 + 1.0  # the table's, and what a busy machine may add
        assert house.metric("eslbot_link_losses_total") == 1
        show(7, went_on="recorded without a hole, muted after the link was back", lost="nothing",
             took=f"noticed after {noticed:.2f} s")
    cable.close()
