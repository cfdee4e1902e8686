"""What follows from a call's state by itself."""

from dataclasses import replace

import pytest

from eslbot.act.supervise import Seat
from eslbot.call.state import CallState, Phase
from eslbot.model.call import LegId, Role
from eslbot.model.supervising import Mode
from tests.words import AGENT, CALL, CUSTOMER

UP = CallState(CALL, "pbx", CUSTOMER, Phase.UP, AGENT, Role.AGENT, roles_known=True)
ENDED = CallState(CALL, "pbx", CUSTOMER, Phase.ENDED, listening=True)


@pytest.mark.parametrize(
    "changed", [{"roles_known": False}, {"phase": Phase.ALONE}, {"phase": Phase.ENDED}, {"other_role": Role.UNKNOWN},
                {"other_role": Role.SUPERVISOR}, {"other_role": Role.CUSTOMER}],
)  # fmt: skip
def test_acts_touch_only_a_call_of_a_known_agent_with_a_known_customer_that_is_up(changed: dict[str, object]) -> None:
    assert UP.actable
    assert not replace(UP, **changed).actable


def test_a_journal_is_kept_until_the_recording_is_sealed_and_every_order_was_answered() -> None:
    assert not ENDED.settled
    assert replace(ENDED, listening=False).settled
    assert replace(ENDED, sealed=True).settled
    assert not replace(ENDED, sealed=True, pending=(("1", "BookCall"),)).settled
    assert not replace(UP, sealed=True).settled


def test_the_customer_hears_a_supervisor_only_once_one_who_barges_is_in() -> None:
    seat = Seat(LegId("s"), "1900", "root", Mode.BARGE, inside=True)
    assert replace(UP, seats=(seat,)).supervised
    assert not replace(UP, seats=(replace(seat, mode=Mode.WHISPER),)).supervised
    assert not UP.supervised
