"""Tones: what a file may ask for, and what sounds."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.tones import HIGHEST, LONGEST, Tones, tones_of


def test_each_step_has_its_frequency_its_length_and_the_level() -> None:
    sound = Tones("x", [(500.0, 0.2), (0.0, 0.1), (1000.0, 0.2)]).samples(8000, -20.0) / 32768
    assert len(sound) == 4000
    for part, hz in ((sound[:1600], 500), (sound[2400:], 1000)):
        heard = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        assert np.argmax(heard) * 8000 / len(part) == pytest.approx(hz, abs=5)
        assert 20 * np.log10(np.sqrt(np.mean(part[200:-200] ** 2))) == pytest.approx(-20.0, abs=0.3)
        assert np.abs(part[[0, 1, -2, -1]]).max() < 0.01, "it clicks"
    assert not sound[1600:2400].any()


@pytest.mark.parametrize("value", [
    "beep", {"text": "x"}, {"text": " ", "tones": [[500, 0.1]]}, {"text": "x", "tones": []},
    {"text": "x", "tones": [[500]]}, {"text": "x", "tones": [[50, 0.1]]}, {"text": "x", "tones": [[HIGHEST + 1, 0.1]]},
    {"text": "x", "tones": [[500, 0]]}, {"text": "x", "tones": [["500", 0.1]]}, {"text": "x", "tones": [[True, 0.1]]},
    {"text": "x", "tones": [[500, 3.0], [600, 3.0]]}])
def test_what_is_no_tone_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"must be|lasts more"):
        tones_of(value)


@given(st.lists(
    st.tuples(st.just(0.0) | st.floats(100, HIGHEST), st.floats(0.01, LONGEST / 4)), min_size=1, max_size=4))
def test_what_is_taken_sounds_without_overdriving(steps: list[tuple[float, float]]) -> None:
    tones = tones_of({"text": "x", "tones": [list(step) for step in steps]})
    assert np.abs(tones.samples(8000, -3.1)).max() <= 32767
