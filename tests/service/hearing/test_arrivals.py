"""When audio came in."""

from eslbot.model.audio import AudioFrame
from eslbot.service.hearing.arrivals import REMEMBERED, Arrivals
from tests.words import CALL

RATE = 8000


def frame(first: int, samples: int = 160) -> AudioFrame:
    return AudioFrame(CALL, first, RATE, bytes(4 * samples))


def test_a_sample_came_with_the_frame_that_holds_the_one_before_it() -> None:
    arrivals = Arrivals(RATE)
    assert (arrivals.last, arrivals.of(1)) == (None, None)
    arrivals.came(frame(0), 50.0)
    arrivals.came(frame(160), 50.02)
    assert [arrivals.of(at) for at in (1, 160, 161, 320, 321)] == [50.0, 50.0, 50.02, 50.02, None]
    assert arrivals.last == 50.02


def test_what_came_long_ago_is_forgotten_and_told_as_such() -> None:
    arrivals = Arrivals(RATE)
    for n in range(2 * REMEMBERED):
        arrivals.came(frame(n * 160), 50.0 + n)
    assert arrivals.of(160) is None
    assert arrivals.of(2 * REMEMBERED * 160) == arrivals.last == 50.0 + 2 * REMEMBERED - 1
