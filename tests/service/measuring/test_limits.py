import pytest

from eslbot.service.measuring.limits import too_much
from eslbot.service.measuring.load import Measured


def measured(**changed) -> Measured:
    values = {"calls": 5, "seconds": 10.0, "service": 0.1, "recogniser": 0.2, "lags": (0.01,) * 20, "words": 9,
              "lost": 0.0}
    return Measured(**(values | changed))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, ""),
        ({"lags": (0.01,) * 18 + (0.2, 0.2)}, "late"),
        ({"lags": ()}, "late"),
        ({"service": 1.0, "recogniser": 0.7}, "cores"),
        ({"lost": 0.5}, "not recognised"),
    ],
)
def test_too_much_is_late_or_lost_or_all_of_the_machine(changed, why) -> None:
    said = too_much(measured(**changed), 2)
    assert why in said
    assert bool(said) == bool(why)
