"""The reminder goes to the agent."""

from eslbot.act import remind
from eslbot.model.orders import Remind
from tests.words import AGENT, CALL


def test_a_reminder_goes_to_the_agent() -> None:
    assert remind.remind(CALL, AGENT, "identity") == Remind("", CALL, AGENT, "identity")
