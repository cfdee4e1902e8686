"""Raising the rate keeps what was there and adds nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eslbot.listen.resample import Raiser


@pytest.mark.parametrize(("rate", "to"), [(8000, 16000), (8000, 11025), (11025, 16000), (16000, 48000)])
def test_a_tone_stays_the_tone_it_was(rate: int, to: int) -> None:
    frequency = rate * 0.31
    sent = np.rint(12000 * np.sin(2 * np.pi * frequency * np.arange(rate) / rate)).astype("<i2")
    got = np.frombuffer(Raiser(rate, to).feed(sent.tobytes()), "<i2").astype(float)
    assert len(got) == to
    steady = got[to // 10 :]
    time = np.arange(to)[to // 10 :] / to
    basis = np.stack([np.sin(2 * np.pi * frequency * time), np.cos(2 * np.pi * frequency * time)], axis=1)
    fit, *_ = np.linalg.lstsq(basis, steady, rcond=None)
    assert np.hypot(*fit) == pytest.approx(12000, rel=0.005)
    assert np.std(steady - basis @ fit) < 12000 / 300


def test_the_delay_is_sixteen_samples_of_the_lower_rate() -> None:
    sent = np.zeros(200, "<i2")
    sent[50] = 20000
    got = np.frombuffer(Raiser(8000, 16000).feed(sent.tobytes()), "<i2")
    assert int(np.argmax(got)) == 2 * (50 + 16)
    assert got[2 * 66] == 20000


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=12), st.sampled_from([16000, 11025, 22050]))
def test_however_it_is_cut_the_result_is_the_same(sizes: list[int], to: int) -> None:
    noise = np.random.default_rng(1).integers(-20000, 20000, sum(sizes)).astype("<i2").tobytes()
    whole = Raiser(8000, to).feed(noise)
    raiser, parts, at = Raiser(8000, to), b"", 0
    for size in sizes:
        parts += raiser.feed(noise[2 * at : 2 * (at + size)])
        at += size
    assert parts == whole


def test_lowering_is_not_its_work() -> None:
    with pytest.raises(ValueError, match="16000 to 8000"):
        Raiser(16000, 8000)
