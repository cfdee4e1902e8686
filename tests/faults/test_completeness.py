"""An answered call without a recording alarms within 60 s, on real processes: the switch records nothing, refuses,
stops in mid-call; roles unknown; and after a restart of ours."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
import pytest

from eslbot.sim import Call, Switch
from tests.faults.conftest import Show
from tests.faults.house import House
from tests.service.rig import party

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]
WITHIN = 60.0


class Deaf:
    """Decides what becomes of each uuid_record of a switch, in the order in which they come."""

    def __init__(self, switch: Switch) -> None:
        self.switch, self.answer = switch, switch.core.api
        self.says: Callable[[str], str | None] = lambda text: None
        switch.core.api = self._api  # type: ignore[method-assign]

    def _api(self, text: str) -> str:
        said = self.says(text) if text.startswith("uuid_record") else None
        return self.answer(text) if said is None else said


def missing(house: House, call: Call) -> list[Any]:
    return [row for row in house.rows("alerts") if row.kind == "recording-missing" and row.call in (
        call.customer.uuid, call.agent.uuid)]


def test_whatever_keeps_a_call_from_being_recorded_it_alarms_within_a_minute(
    tmp_path: Path, switch: Switch, show: Show,
) -> None:
    deaf = Deaf(switch)
    took: dict[str, float] = {}
    with House(tmp_path, switch) as house:
        good = house.rig.place(party(), party())
        house.line("Joined")
        gevent.sleep(3.0)
        began: dict[str, tuple[float, Call]] = {}

        def placed(why: str, answer: str | None, **options: Any) -> Call:
            deaf.says = lambda text: answer
            call = house.rig.place(party(), party(), **options)
            began[why] = time.time(), call
            gevent.sleep(2.0)
            deaf.says = lambda text: None
            return call

        placed("nothing came", "+OK Success\n")
        placed("refused", "-ERR Cannot record session!\n")
        placed("roles unknown", "+OK Success\n", variables={}, agent_number="555", customer_number="666")
        stops = placed("stopped", None)
        house.until(lambda: Path(house.directory / "spool" / f"{stops.customer.uuid}.r8").stat().st_size > 32000,
                    "it was not recorded at first")
        began["stopped"] = time.time(), stops
        switch.core.api(f"uuid_record {stops.customer.uuid} stop all")
        for why, (since, call) in began.items():
            house.until(lambda call=call: missing(house, call), f"{why}: nobody was told", WITHIN + 10)
            took[why] = min(row.at for row in missing(house, call)) - since
        assert not missing(house, good)

        deaf.says = lambda text: "+OK Success\n"
        deaf.answer(f"uuid_record {good.customer.uuid} stop all")
        house.kill()
        house.start()
        up = time.time()
        house.until(lambda: missing(house, good), "after a restart: nobody was told", WITHIN + 10)
        took["after a restart"] = min(row.at for row in missing(house, good)) - up
    assert max(took.values()) < WITHIN
    show(3, went_on="all", lost="what was not recorded",
         took=", ".join(f"{why} {seconds:.1f} s" for why, seconds in took.items()))
