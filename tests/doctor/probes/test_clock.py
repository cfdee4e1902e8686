import time
from zoneinfo import ZoneInfoNotFoundError

from eslbot.doctor.probes import clock


def test_the_kernel_is_asked_and_nothing_is_set() -> None:
    before = time.time() - time.monotonic()
    known, off_by = clock.kernel()
    assert known in (True, False, None)
    assert (off_by is not None) == (known is True)
    assert abs(time.time() - time.monotonic() - before) < 1


def test_zones_that_are_not_there_are_named(monkeypatch) -> None:
    assert clock.look().zones == ()

    def none(zone):
        raise ZoneInfoNotFoundError(zone)

    monkeypatch.setattr(clock, "ZoneInfo", none)
    assert clock.look().zones == clock.ZONES
