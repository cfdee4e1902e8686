"""Samples: companding, mixing, and what can be played."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.sim import sound
from tests.sim.bench import TONES, heard

SAMPLES = st.lists(st.integers(-32768, 32767), min_size=1, max_size=200).map(lambda values: np.array(values, np.int16))


@given(SAMPLES)
def test_mu_law_is_near_what_went_in_and_changes_nothing_twice(pcm: sound.Pcm) -> None:
    once = sound.companded(pcm)
    clipped = np.clip(pcm.astype(int), -32635, 32635)
    assert (np.abs(once - clipped) <= np.maximum(8, np.abs(clipped) // 16)).all()
    assert (sound.companded(once) == once).all()


@pytest.mark.parametrize(("value", "decoded"), [(0, 0), (100, 104), (-100, -104), (1000, 988), (32767, 32124)])
def test_mu_law_gives_the_values_of_g711(value: int, decoded: int) -> None:
    assert sound.companded(np.array([value], np.int16))[0] == decoded


@given(SAMPLES, SAMPLES)
def test_a_mix_is_the_clipped_sum_and_taking_a_part_out_gives_the_other(one: sound.Pcm, other: sound.Pcm) -> None:
    quiet, soft = one // 4, other[: len(one)] // 4
    total = sound.mixed(quiet, soft)
    assert total.tolist()[: len(soft)] == [int(a) + int(b) for a, b in zip(quiet, soft, strict=False)]
    assert (sound.without(total[: len(soft)], soft) == quiet[: len(soft)]).all()
    loud = sound.mixed(np.full(3, 30000, np.int16), np.full(3, 30000, np.int16))
    assert loud.tolist() == [32767] * 3


def test_stereo_is_left_then_right() -> None:
    assert sound.interleaved(np.array([1, 2], np.int16), np.array([-1, -2], np.int16)) == b"\1\0\xff\xff\2\0\xfe\xff"


@given(SAMPLES, st.sampled_from([8000, 16000]))
def test_a_wav_comes_back_as_it_was_written(pcm: sound.Pcm, rate: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "x.wav"
        sound.write_wav(path, pcm, rate)
        back, told = sound.read_wav(path)
    assert told == rate
    assert (back == pcm).all()


def test_another_rate_keeps_the_tone_and_the_length() -> None:
    wide = sound.tone(TONES["agent"], 0, 16000, 16000)
    narrow = sound.resampled(wide, 16000, 8000)
    assert len(narrow) == 8000
    assert heard(narrow) == {"agent"}


def test_a_tone_stream_sounds_and_falls_silent() -> None:
    pcm = sound.playable(f"tone_stream://%(500,250,{TONES['file']});loops=2", 8000)
    assert len(pcm) == 8000 * 3 // 2
    assert heard(pcm[:4000]) == {"file"}
    assert not pcm[4000:6000].any()
    assert heard(pcm[6000:10000]) == {"file"}


def test_silence_streams_and_raw_files(tmp_path: Path) -> None:
    assert sound.playable("silence_stream://250", 8000).tolist() == [0] * 2000
    raw = tmp_path / "x.r8"
    raw.write_bytes(np.array([1, 2, 3], "<i2").tobytes() + b"\1")
    assert sound.playable(str(raw), 8000).tolist() == [1, 2, 3]


@pytest.mark.parametrize("what", ["/nowhere.wav", "/nowhere.r8", "local_stream://moh", "tone_stream://nothing"])
def test_what_cannot_be_played_is_named(what: str) -> None:
    with pytest.raises(sound.SoundError) as error:
        sound.playable(what, 8000)
    assert what.removeprefix("tone_stream://") in str(error.value)


def test_a_file_that_is_no_wav_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(b"nonsense")
    with pytest.raises(sound.SoundError, match=str(path)):
        sound.read_wav(path)


def test_volume_steps_change_the_level_the_right_way() -> None:
    pcm = np.full(10, 1000, np.int16)
    levels = [int(sound.louder(pcm, level)[0]) for level in range(-4, 5)]
    assert levels == sorted(levels)
    assert sound.louder(pcm, 0)[0] == 1000
