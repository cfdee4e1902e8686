import pytest

from eslbot.doctor.verdicts.spelling import ago, lasting, size


@pytest.mark.parametrize(("seconds", "said"), [(-5, "0 seconds"), (59, "59 seconds"), (119, "119 seconds"),
                                               (120, "2.0 minutes"), (86400 * 3, "3.0 days"), (3600 * 13, "13 hours")])
def test_periods(seconds, said) -> None:
    assert lasting(seconds) == said


def test_what_is_to_come_is_not_ago() -> None:
    assert (ago(130), ago(-130)) == ("2.2 minutes ago", "2.2 minutes in the future")


@pytest.mark.parametrize(("count", "said"), [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"),
                                             (256 << 20, "256 MiB"), (3 << 50, "3.0 PiB"), (5 << 60, "5120 PiB")])
def test_sizes(count, said) -> None:
    assert size(count) == said
