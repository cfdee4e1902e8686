"""When a voice was heard: within 200 ms of what was played, through the real voice detector."""

import itertools

import numpy as np
import pytest
import webrtcvad
from hypothesis import given
from hypothesis import strategies as st

from eslbot.listen.speaking import Speaking

RATE = 8000
FRAME = RATE // 50
CLOSE = 0.2
"""Seconds by which a beginning or an end may be wrong."""


def bursts(spans: list[tuple[float, float]], seconds: float, noise: float = 8.0) -> np.ndarray:
    """s16 samples: a voice-like buzz (150 Hz and its harmonics) on these seconds, faint noise all along."""
    samples = np.random.default_rng(3).normal(0, noise, int(seconds * RATE))
    for start, end in spans:
        first, last = int(start * RATE), int(end * RATE)
        t = np.arange(last - first) / RATE
        buzz = sum(np.sin(2 * np.pi * 150 * k * t) / k for k in range(1, 12))
        samples[first:last] += 5000 * buzz / np.abs(buzz).max()
    return samples.clip(-32768, 32767).astype(np.int16)


def heard(samples: np.ndarray) -> list[tuple[float, float]]:
    """Spans in seconds."""
    speaking, vad = Speaking(RATE), webrtcvad.Vad(1)
    for first in range(0, len(samples) - FRAME + 1, FRAME):
        voiced = vad.is_speech(samples[first : first + FRAME].tobytes(), RATE, FRAME)
        speaking.frame(first, first + FRAME, voiced)
    speaking.cut()
    spans, goes_on = speaking.take()
    assert not goes_on
    return [(start / RATE, end / RATE) for start, end in spans]


@pytest.mark.parametrize(
    "played",
    [[(2.0, 4.0)], [(1.0, 1.5), (3.0, 7.0), (9.0, 9.6)], [(0.5, 8.0)], [(1.0, 2.0), (2.5, 3.5), (4.5, 5.5)]],
)
def test_spans_are_those_that_were_played(played: list[tuple[float, float]]) -> None:
    spans = heard(bursts(played, 10.0))
    assert len(spans) == len(played)
    for (start, end), (played_start, played_end) in zip(spans, played, strict=True):
        assert abs(start - played_start) <= CLOSE
        assert abs(end - played_end) <= CLOSE


def test_a_short_pause_does_not_part_a_span_and_quiet_is_none() -> None:
    assert len(heard(bursts([(1.0, 2.0), (2.2, 3.0)], 5.0))) == 1
    assert heard(bursts([], 5.0)) == []


def test_what_goes_on_is_told_as_it_grows_under_one_beginning() -> None:
    speaking = Speaking(RATE)
    for n in range(50):
        speaking.frame(n * FRAME, (n + 1) * FRAME, True)
    (first,), goes_on = speaking.take()
    for n in range(50, 80):
        speaking.frame(n * FRAME, (n + 1) * FRAME, True)
    (second,), again = speaking.take()
    assert goes_on
    assert again
    assert first[0] == second[0] == 0
    assert second[1] - first[1] == 30 * FRAME


def test_a_hole_ends_a_span() -> None:
    speaking = Speaking(RATE)
    for n in range(50):
        speaking.frame(n * FRAME, (n + 1) * FRAME, True)
    speaking.cut()
    assert speaking.take() == (((0, 50 * FRAME - int(0.14 * RATE)),), False)
    assert speaking.take() == ((), False)


@given(st.lists(st.booleans(), max_size=200))
def test_spans_come_in_order_never_overlap_and_what_is_known_never_goes_back(voiced: list[bool]) -> None:
    speaking, spans, known = Speaking(RATE), [], 0
    for n, one in enumerate(voiced):
        speaking.frame(n * FRAME, (n + 1) * FRAME, one)
        assert speaking.known >= known
        known = speaking.known
        told, goes_on = speaking.take()
        spans += told[: -1 if goes_on else None]
    speaking.cut()
    spans += speaking.take()[0]
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
