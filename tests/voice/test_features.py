"""The features against a slow, direct computation from the definitions: no fast transform, no matrices."""

import math

import numpy as np
import pytest

from tools.voice import features


def slow_frame(samples: list[float]) -> list[float]:
    """One frame of MFCC: Kaldi's order is mean, pre-emphasis, window, power spectrum, mel, log, cosine, lifter."""
    mean = sum(samples) / len(samples)
    x = [sample - mean for sample in samples]
    x = [x[0] - 0.97 * x[0]] + [x[i] - 0.97 * x[i - 1] for i in range(1, len(x))]
    x = [value * (0.5 - 0.5 * math.cos(2 * math.pi * i / 199)) ** 0.85 for i, value in enumerate(x)]
    power = []
    for k in range(128):
        real = sum(value * math.cos(2 * math.pi * k * i / 256) for i, value in enumerate(x))
        imaginary = sum(value * math.sin(2 * math.pi * k * i / 256) for i, value in enumerate(x))
        power.append(real * real + imaginary * imaginary)

    def mel(hertz: float) -> float:
        return 1127 * math.log(1 + hertz / 700)

    step = (mel(3700) - mel(80)) / 31
    logs = []
    for band in range(30):
        left, centre, right = (mel(80) + (band + offset) * step for offset in range(3))
        total = 0.0
        for k in range(128):
            place = mel(k * 8000 / 256)
            if left < place <= centre:
                total += power[k] * (place - left) / (centre - left)
            elif centre < place < right:
                total += power[k] * (right - place) / (right - centre)
        logs.append(math.log(max(total, 1.1920929e-07)))
    cepstra = []
    for order in range(30):
        value = sum(log * math.cos(math.pi * order * (band + 0.5) / 30) for band, log in enumerate(logs))
        value *= math.sqrt((1 if order == 0 else 2) / 30)
        cepstra.append(value * (1 + 11 * math.sin(math.pi * order / 22)))
    return cepstra


@pytest.mark.parametrize("kind", ["noise", "tones", "quiet"])
def test_features_equal_a_direct_computation_from_the_definitions(kind: str) -> None:
    random = np.random.default_rng(3)
    time = np.arange(520) / 8000
    sound = {
        "noise": 3000 * random.standard_normal(520),
        "tones": 9000 * np.sin(2 * np.pi * 440 * time) + 4000 * np.sin(2 * np.pi * 2100 * time),
        "quiet": random.integers(-2, 3, 520).astype(float),
    }[kind].astype(np.int16)
    made = features.mfcc(sound)
    assert made.shape == (1 + (520 - 200) // 80, 30)
    for index, frame in enumerate(made):
        expected = slow_frame([float(value) for value in sound[80 * index : 80 * index + 200]])
        np.testing.assert_allclose(frame, expected, atol=2e-3)


def test_digital_silence_gives_the_floor_and_no_infinities() -> None:
    made = features.mfcc(np.zeros(400, dtype=np.int16))
    assert np.isfinite(made).all()
    assert made[0, 0] == pytest.approx(math.sqrt(30) * math.log(1.1920929e-07), rel=1e-4)
    assert abs(made[:, 1:]).max() < 1e-3


@pytest.mark.parametrize(("length", "frames"), [(0, 0), (199, 0), (200, 1), (279, 1), (280, 2), (8000, 98)])
def test_a_frame_that_would_run_over_the_end_is_left_out(length: int, frames: int) -> None:
    assert features.mfcc(np.ones(length, dtype=np.int16)).shape == (frames, 30)


def test_the_configuration_names_the_options_that_differ_from_kaldis_own() -> None:
    options = dict(row.removeprefix("--").split("=") for row in features.MFCC_CONF.splitlines())
    assert options == {
        "sample-frequency": "8000", "use-energy": "false", "num-mel-bins": "30", "num-ceps": "30", "low-freq": "80",
        "high-freq": "3700", "dither": "0",
    }  # fmt: skip
