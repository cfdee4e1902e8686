"""The correction goes to the customer."""

from eslbot.act import announce
from eslbot.model.orders import Announce
from tests.words import CALL, CUSTOMER


def test_an_announcement_goes_to_the_customer_and_has_a_generic_prompt() -> None:
    assert announce.announce(CALL, CUSTOMER, None) == Announce("", CALL, CUSTOMER, announce.GENERIC)
    assert announce.announce(CALL, CUSTOMER, "conditions").prompt == "conditions"
