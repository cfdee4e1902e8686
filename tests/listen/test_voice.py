"""The gate lets speech through with what belongs to it, keeps its place in the call, and holds silence back."""

import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eslbot import data
from eslbot.listen.voice import VoiceGate, VoiceOptions

RATE = 8000
LEARNT = RATE
"""Until here a gate may take the noise of a new line for speech."""


def speech() -> np.ndarray:
    """A spoken sentence of a shipped dialogue."""
    path = sorted((data.dialogues("zh") / "clean").glob("*.wav"))[0]
    with wave.open(str(path)) as file:
        assert file.getframerate() == RATE
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def between(seconds_before: float, spoken: np.ndarray, seconds_after: float) -> np.ndarray:
    """The sentence in the faint noise of a telephone line."""
    total = round(seconds_before * RATE) + len(spoken) + round(seconds_after * RATE)
    line = np.random.default_rng(3).normal(0, 15, total)
    at = round(seconds_before * RATE)
    line[at : at + len(spoken)] += spoken
    return line.clip(-32768, 32767).astype("<i2")


def passed(gate: VoiceGate, audio: np.ndarray, step: int = 160, settled: bool = True) -> list[tuple[int, bytes]]:
    runs = []
    for first in range(0, len(audio), step):
        runs += gate.feed(audio[first : first + step].tobytes(), first, settled)
    return runs


def test_silence_is_held_back() -> None:
    assert passed(VoiceGate(RATE), np.zeros(10 * RATE, "<i2")) == []
    noise = between(0, np.zeros(0, "<i2"), 10)
    assert [first for first, _ in passed(VoiceGate(RATE), noise) if first >= LEARNT] == []


def test_a_sentence_passes_whole_with_what_is_before_and_after_it() -> None:
    spoken = speech()
    loud = np.flatnonzero(np.abs(spoken) > 500)
    audio = between(3, spoken, 3)
    runs = [run for run in passed(VoiceGate(RATE), audio) if run[0] >= LEARNT]
    begin, end = runs[0][0], runs[-1][0] + len(runs[-1][1]) // 2
    assert begin <= 3 * RATE + loud[0] - 0.1 * RATE
    assert begin >= 2 * RATE
    assert end >= 3 * RATE + loud[-1] + 0.55 * RATE
    assert end <= 3 * RATE + len(spoken) + 1.5 * RATE


def test_what_passes_is_what_was_said_there() -> None:
    audio = np.concatenate([between(2, speech(), 2), between(1, speech(), 2)])
    for first, pcm in passed(VoiceGate(RATE), audio):
        assert pcm == audio[first : first + len(pcm) // 2].tobytes()


def test_the_gate_stays_open_for_unfinished_words_but_not_for_ever() -> None:
    audio = between(1, speech(), 6)
    waiting = passed(VoiceGate(RATE), audio, settled=False)
    settled = passed(VoiceGate(RATE), audio, settled=True)
    options = VoiceOptions()
    end = [runs[-1][0] + len(runs[-1][1]) // 2 for runs in (settled, waiting)]
    assert end[1] - end[0] == pytest.approx((options.at_most - options.after) * RATE, abs=1)
    assert end[1] < len(audio)


def test_decided_never_claims_what_may_still_pass() -> None:
    gate = VoiceGate(RATE)
    audio = between(1, speech(), 2)
    claimed = 0
    for first in range(0, len(audio), 160):
        for begin, _ in gate.feed(audio[first : first + 160].tobytes(), first, True):
            assert begin >= claimed
        assert gate.decided >= claimed
        claimed = gate.decided


@pytest.mark.parametrize("rate", [16000, 32000, 48000])
def test_wideband_silence_is_held_back_too(rate: int) -> None:
    gate = VoiceGate(rate)
    assert gate.feed(bytes(2 * rate), 0, True) == []


def test_at_a_rate_it_does_not_know_everything_passes() -> None:
    gate = VoiceGate(11025)
    assert gate.feed(bytes(300), 7, True) == [(7, bytes(300))]
    assert gate.open
    assert gate.decided == 157


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 1500), min_size=1, max_size=60))
def test_however_it_is_cut_the_same_samples_pass(sizes: list[int]) -> None:
    audio = between(0.5, speech(), 1)[: sum(sizes)]
    gate, got, at = VoiceGate(RATE), {}, 0
    for size in sizes:
        for first, pcm in gate.feed(audio[at : at + size].tobytes(), at, False):
            for index, sample in enumerate(np.frombuffer(pcm, "<i2")):
                assert first + index not in got
                got[first + index] = int(sample)
        at = min(at + size, len(audio))
    expected = passed(VoiceGate(RATE), audio[: len(audio) // 160 * 160], settled=False)
    assert got == {
        first + index: int(sample)
        for first, pcm in expected
        for index, sample in enumerate(np.frombuffer(pcm, "<i2"))
    }


def test_a_hole_in_the_audio_is_not_bridged() -> None:
    gate = VoiceGate(RATE)
    gate.feed(bytes(2 * 200), 0, True)
    assert gate.feed(bytes(2 * 160), 80_000, True) == []
    assert gate.next == 80_160
    assert gate.decided >= 79_840
