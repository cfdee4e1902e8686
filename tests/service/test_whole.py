"""One call is one recording: neither hold nor transfer ends it."""

import gevent

from eslbot.sim import Party
from tests.service.rig import RATE, Rig, party
from tests.service.test_masks import exported, loud, tone, up


def test_hold_and_transfer_do_not_end_a_recording(rig: Rig) -> None:
    rig.start()
    api = rig.switch.core.api
    call = rig.place(party(tone(30.0)), party())
    up(rig)
    gevent.sleep(2.0)
    assert api(f"uuid_hold {call.customer.uuid}").startswith("+OK")
    gevent.sleep(2.5)
    assert api(f"uuid_hold off {call.customer.uuid}").startswith("+OK")
    gevent.sleep(1.5)
    second = rig.switch.place(party(tone(30.0)), Party(rate=RATE), agent_number="1002", customer_number="1003",
                              variables={"agent": {"eslbot_role": "agent"}, "customer": {"eslbot_role": "agent"}})
    assert api(f"uuid_bridge {second.agent.uuid} {call.customer.uuid}").startswith("+OK")
    gevent.sleep(3.0)
    api(f"uuid_kill {second.agent.uuid}")
    rig.settled()
    mine = [row for row in rig.rows("recordings") if row.call == call.customer.uuid]
    [row] = mine
    assert (row.state, row.part, row.gaps) == ("complete", 1, ())
    agents = exported(rig.recording(row), rig.directory / "out.wav")[:, 1]
    assert loud(agents[RATE : 2 * RATE]).mean() > 0.9, "the first agent is in it"
    assert loud(agents[-4 * RATE : -2 * RATE]).mean() > 0.5, "and the second"
    assert not [alert for alert in rig.rows("alerts") if alert.kind == "recording-missing"]
