"""The telephone line: G.711 against the standard's own construction, noise by its power, sounds within bounds."""

import numpy as np
import pytest

from tools.voice import line


def decode_ulaw(code: int) -> int:
    """ITU-T G.711: a mu-law octet (before inversion) to 16 bits."""
    sign, segment, step = code & 0x80, code >> 4 & 7, code & 15
    magnitude = (((step << 3) + 0x84) << segment) - 0x84
    return -magnitude if sign else magnitude


def decode_alaw(code: int) -> int:
    """ITU-T G.711: an A-law octet (before inversion) to 16 bits."""
    sign, segment, step = code & 0x80, code >> 4 & 7, code & 15
    magnitude = (step << 4) + 8 if segment == 0 else ((step << 4) + 0x108) << (segment - 1)
    return magnitude if sign else -magnitude


@pytest.mark.parametrize(("codec", "decode"), [(line.ulaw, decode_ulaw), (line.alaw, decode_alaw)])
def test_g711_gives_only_the_standards_values_and_the_nearest_of_them(codec: object, decode: object) -> None:
    values = np.array(sorted({decode(code) for code in range(256)}))  # type: ignore[operator]
    pcm = np.arange(-32768, 32768, dtype=np.int32).astype(np.int16)
    coded = codec(pcm).astype(np.int32)  # type: ignore[operator]
    assert set(coded.tolist()) == set(values.tolist())
    nearest = np.abs(pcm.astype(np.int32)[:, None] - values[None, :]).min(axis=1)
    off = np.abs(coded - pcm)
    gap = np.interp(np.abs(coded), values[1:], np.diff(values))
    assert (off <= np.maximum(nearest + gap / 2, 16)).all()  # a border may fall to either side, never further
    assert np.array_equal(codec(coded.astype(np.int16)), coded)  # type: ignore[operator]


def test_digital_silence_stays_silent_in_mu_law() -> None:
    assert not line.ulaw(np.zeros(10, dtype=np.int16)).any()


def clean() -> line.Samples:
    return 0.5 * np.sin(2 * np.pi * 503 * np.arange(16000) / 8000 + 0.3)


@pytest.mark.parametrize("ratio", [12.0, 30.0])
def test_noise_is_as_far_below_speech_as_the_line_says(ratio: float) -> None:
    way = line.Line(warp=1.0, tilt=0.0, gain=0.0, noise=ratio, colour=1.0, codec="linear")
    quiet = line.Line(warp=1.0, tilt=0.0, gain=0.0, noise=float("inf"), colour=1.0, codec="linear")
    heard, pure = (line.carry(w, clean(), np.random.default_rng(1)).astype(float) for w in (way, quiet))
    measured = 10 * np.log10(np.mean(pure**2) / np.mean((heard - pure) ** 2))
    assert measured == pytest.approx(ratio, abs=0.3)


def test_gain_is_in_decibels() -> None:
    lines = [line.Line(1.0, 0.0, gain, float("inf"), 0.0, "linear") for gain in (0.0, -20.0)]
    loud, soft = (line.carry(way, clean(), np.random.default_rng(1)).astype(float) for way in lines)
    assert 20 * np.log10(np.abs(loud).max() / np.abs(soft).max()) == pytest.approx(20, abs=0.05)


def test_a_gate_sends_nothing_where_nothing_was_said() -> None:
    spoken = np.concatenate([np.zeros(800), clean()])
    for gated in (True, False):
        way = line.Line(1.0, 0.0, 0.0, 20.0, 1.0, "linear", gated)
        heard = line.carry(way, spoken, np.random.default_rng(1))
        assert heard[:800].any() != gated
        assert heard[800:].any()


@pytest.mark.parametrize("colour", [0.0, 1.0, 2.0])
def test_coloured_noise_has_unit_power_and_falls_with_frequency_as_asked(colour: float) -> None:
    noise = line.coloured(64000, colour, np.random.default_rng(2))
    assert np.mean(noise**2) == pytest.approx(1.0)
    power = np.abs(np.fft.rfft(noise)) ** 2
    low, high = power[4000:8000].mean(), power[16000:32000].mean()  # two octaves apart
    assert 10 * np.log10(low / high) == pytest.approx(10 * colour * np.log10(4), abs=0.6)


@pytest.mark.parametrize("kind", line.NOT_SPEECH, ids=lambda kind: kind.__name__.strip("_"))
def test_sounds_that_are_not_speech_are_audible_and_within_full_scale(kind: object) -> None:
    for seed in range(10):
        sound = kind(np.random.default_rng(seed))  # type: ignore[operator]
        assert 400 <= len(sound) <= 8 * line.RATE
        assert 0.01 < np.abs(sound).max() < 1.6


def test_the_same_seed_draws_the_same_line_and_nine_of_ten_lines_are_g711() -> None:
    assert line.draw(np.random.default_rng(4)) == line.draw(np.random.default_rng(4))
    random = np.random.default_rng(9)
    codecs = [line.draw(random).codec for _ in range(2000)]
    assert codecs.count("linear") / len(codecs) == pytest.approx(0.1, abs=0.03)
