"""Hanging up ends the agent's leg, so that the customer hears the closing."""

from eslbot.act import hang_up
from eslbot.model.orders import HangUp
from tests.words import AGENT, CALL


def test_hanging_up_ends_the_agents_leg() -> None:
    assert hang_up.hang_up(CALL, AGENT) == HangUp("", CALL, AGENT)
