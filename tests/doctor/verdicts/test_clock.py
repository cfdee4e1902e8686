import pytest

from eslbot.doctor.verdicts.clock import ClockSeen, judge
from tests.doctor.conftest import levels

NOW = 1_800_000_000.0


def test_a_clock_in_good_order() -> None:
    assert set(levels(judge(ClockSeen(NOW, True, 0.01, (), "UTC"), NOW - 60, None)).values()) == {"ok"}


@pytest.mark.parametrize(
    ("seen", "witness", "check", "level"),
    [
        (ClockSeen(NOW, True, 0.1, (), ""), NOW + 7200, "clock.sane", "error"),
        (ClockSeen(NOW, True, 0.1, (), ""), NOW - 86400 * 3, "clock.sane", "warning"),
        (ClockSeen(1000.0, True, 0.1, (), ""), None, "clock.sane", "error"),
        (ClockSeen(NOW, False, None, (), ""), None, "clock.synchronised", "warning"),
        (ClockSeen(NOW, None, None, (), ""), None, "clock.synchronised", "hint"),
        (ClockSeen(NOW, True, 0.1, ("Asia/Shanghai",), ""), None, "clock.zones", "warning"),
    ],
)
def test_what_is_wrong_with_a_clock(seen, witness, check, level) -> None:
    assert levels(judge(seen, witness, None))[check] == level
