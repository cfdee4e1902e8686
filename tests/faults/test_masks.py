"""Killed by SIGKILL while a mask stands: what was said meanwhile is masked too, whether the call goes on afterwards or
ended while nobody was there; and the mask still ends."""

from pathlib import Path

import gevent
import numpy as np
import numpy.typing as npt
import pytest

from eslbot.sim import Switch
from eslbot.supervise.admin import AdminClient
from tests.faults.house import House
from tests.service.rig import RATE, party
from tests.service.test_masks import exported, loud, tone


def ask(house: House, verb: str, **args: object) -> dict[str, object]:
    client = AdminClient(house.directory / "eslbot.sock")
    answer: dict[str, object] = gevent.get_hub().threadpool.apply(client.call, (verb,), args)
    return answer


def sealed(house: House, directory: Path) -> tuple[npt.NDArray[np.int16], list[dict[str, int]]]:
    house.until(lambda: not list((house.directory / "live").iterdir()), "the recording was not closed", 60.0)
    house.settled()
    [row] = house.rows("recordings")
    assert row.lost == ()
    return exported(house.recording(row), directory / "out.wav"), row.listing()["masked"]


@pytest.mark.faults
@pytest.mark.parametrize("ends", [False, True])
def test_killed_under_a_mask_nothing_of_it_is_ever_kept(tmp_path: Path, ends: bool) -> None:
    with Switch(closing="tone_stream://%(500,0,1200)") as switch:
        house = House(tmp_path / "house", switch, mask={"back": "1s"}).start()
        try:
            call = switch.place(party(tone(60.0), hangs_up_at=11.0 if ends else 45.0), party(tone(60.0)))
            house.until(lambda: house.lines("Joined"), "not up")
            gevent.sleep(5.0)
            ask(house, "mask", call=call.customer.uuid)
            gevent.sleep(2.0)
            house.kill()
            if ends:
                switch.wait(lambda: call.customer.gone, 30.0, "the call did not end")
            else:
                gevent.sleep(3.0)
            house.start()
            if not ends:
                house.until(lambda: any(row["recording"] for row in ask(house, "calls")["calls"]),  # type: ignore[attr-defined]
                            "not heard again")
                gevent.sleep(2.0)
                [shown] = ask(house, "calls")["calls"]  # type: ignore[misc]
                assert shown["masked_for"] > 200
                ask(house, "unmask", call=call.customer.uuid)
                gevent.sleep(2.0)
                switch.core.api(f"uuid_kill {call.agent.uuid}")
            audio, masked = sealed(house, tmp_path)
        finally:
            house.kill()
    [span] = masked
    first, end = span["first"], span["end"]
    assert 3.0 < first / RATE < 5.5
    assert not audio[first:end].any()
    assert loud(audio[RATE : first - RATE // 10, 0]).all()
    if ends:
        assert end == len(audio)
    else:
        assert (end - first) / RATE > 7.5
        after = audio[end + RATE // 10 : end + RATE]
        assert loud(after[:, 0]).all()
        assert loud(after[:, 1]).all()
