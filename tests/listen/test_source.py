"""What all sources do alike: lateness, what is missing, and silence in its place."""

from hypothesis import given
from hypothesis import strategies as st

from eslbot.listen.source import Lateness, missing, silence
from eslbot.model.call import CallId

CALL = CallId("c")


def test_lateness_is_told_once_until_audio_comes_again() -> None:
    lateness = Lateness(100.0)
    assert lateness.check(101.4, CALL, 0, 8000) is None
    late = lateness.check(101.5, CALL, 0, 8000)
    assert late is not None
    assert (late.first, late.end, late.reason) == (0, 12_000, "audio-late")
    assert lateness.check(150.0, CALL, 0, 8000) is None
    lateness.arrived(160.0)
    assert lateness.seconds == 60.0
    assert lateness.check(161.0, CALL, 160, 8000) is None
    assert lateness.check(162.0, CALL, 160, 8000) is not None


def test_what_is_missing_is_the_time_less_what_arrived() -> None:
    assert missing(10.0, 11.0, 8000, 160) == 7840
    assert missing(10.0, 10.01, 8000, 160) == 0
    assert missing(10.0, 9.0, 8000, 0) == 0


@given(st.integers(0, 10**9), st.integers(0, 200_000), st.sampled_from([8000, 16000, 48000]))
def test_silence_fills_exactly_what_was_lost_in_frames_of_a_second_at_most(first: int, lost: int, rate: int) -> None:
    at = first
    for frame in silence(CALL, first, first + lost, rate):
        assert frame.first == at
        assert 0 < frame.samples <= rate
        assert not any(frame.stereo)
        at = frame.end
    assert at == first + lost
