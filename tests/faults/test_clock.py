"""The wall clock jumps by an hour, forth and back (13): under libfaketime, for the whole process."""

import time
from pathlib import Path

import gevent
import pytest

from eslbot.sim import Switch
from tests.faults.conftest import Show
from tests.faults.house import House, at
from tests.service.rig import ANSWER, NOTICE, PROMISE, RATE, line, party

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]
LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
HOUR = 3600.0


@pytest.mark.skipif(LIBRARY is None, reason="no libfaketime (Debian: apt-get install faketime)")
def test_a_clock_that_jumps_by_an_hour_ends_no_mute_and_lengthens_no_call(
    tmp_path: Path, switch: Switch, show: Show,
) -> None:
    offset = tmp_path / "offset"
    offset.write_text("+0\n")
    environ = {
        "LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
    }
    with House(tmp_path, switch, environ=environ) as house:
        began = time.time()
        call = switch.place(party(line(NOTICE, 0.3), line(PROMISE, 3.0), hangs_up_at=10.0), party(line(ANSWER, 1.5)))
        house.until(lambda: house.lines("act", act="mute"), "it was not muted", 20.0)
        muted = at(house.lines("act", act="mute")[0])
        offset.write_text("+3600\n")
        gevent.sleep(1.0)
        offset.write_text("-3600\n")
        house.until(lambda: house.lines("act", act="unmute"), "it was not unmuted", 20.0)
        unmuted = at(house.lines("act", act="unmute")[-1])
        house.until(lambda: call.customer.gone, "the call did not end", 40.0)
        lasted = time.time() - began
        house.settled()
        jumped = {round((at(one) - began) / HOUR) for one in house.lines() if "timestamp" in one}
        assert jumped >= {-1, 0}, "the clock did not jump"
        [booked], [row] = house.rows("calls"), house.rows("recordings")
        assert abs((booked.ended - booked.started) - lasted) < 2.0
        assert abs((row.ended - row.started) - lasted) < 2.0
        assert (row.state, row.gaps) == ("complete", ())
        assert abs(house.recording(row).end / RATE - lasted) < 2.0
        acts = house.rows("acts")
        assert [act.at for act in acts] == sorted(act.at for act in acts)
        order = [act.kind for act in acts if act.kind in ("mute", "unmute")]
        assert order == ["mute", "unmute"]
        by_kind = {act.kind: act.at for act in acts}
        held = by_kind["unmute"] - by_kind["mute"]
        assert 1.0 < held < 10.0
        assert house.metric("eslbot_link_losses_total") == 0
        long = booked.ended - booked.started
        show(13, went_on=f"muted for {held:.1f} s over both jumps, closed", lost="nothing; the log's own times jump:"
             f" the mute ended {muted - unmuted:.0f} s before it began there",
             took=f"call {long:.1f} s long in the books, {lasted:.1f} s by the test's clock")
