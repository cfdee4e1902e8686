"""How a supervisor is in a call."""

from eslbot.model.supervising import Mode


def test_the_customer_hears_whoever_barges_or_takes_over_and_nobody_else() -> None:
    assert {mode for mode in Mode if mode.reaches_customer} == {Mode.BARGE, Mode.TAKEOVER}
