"""Training clips: the labels lie where the sound is, and a clip depends on its number only."""

import numpy as np
import pytest

from tools.voice import clips, features, speech, text

pytestmark = pytest.mark.voice


@pytest.fixture(scope="module")
def recipe() -> clips.Recipe:
    corpus = text.read("zh")
    return clips.Recipe(corpus, speech.sounds(corpus).phones, seed=3)


def test_clips_made_by_several_processes_are_those_made_one_by_one(recipe: clips.Recipe) -> None:
    made = list(clips.make(recipe, 5, processes=2))
    for number, (heard, labels) in enumerate(made):
        again, same = clips.clip(recipe, number)
        assert np.array_equal(heard, again)
        assert np.array_equal(labels, same)
    assert not np.array_equal(made[0][0], made[1][0])


def test_a_clip_has_its_shape_and_both_speech_and_silence(recipe: clips.Recipe) -> None:
    heard, labels = zip(*(clips.clip(recipe, number) for number in range(8)), strict=True)
    assert {frames.shape for frames in heard} == {(clips.FRAMES, features.BINS)}
    assert {row.shape for row in labels} == {(clips.LABELS,)}
    spoken = np.mean(np.stack(labels) > 0)
    assert 0.4 < spoken < 0.9
    assert np.stack(labels).max() <= len(recipe.phones)


def test_labelled_speech_is_louder_than_labelled_silence(recipe: clips.Recipe) -> None:
    louder = 0
    for number in range(10):
        heard, labels = clips.clip(recipe, number)
        energy = heard[clips.LEFT :: clips.FRAMES_A_LABEL, 0][: len(labels)]
        louder += energy[labels > 0].mean() > energy[labels == 0].mean() + 5
    assert louder >= 8  # a clip of tones and noises may be an exception
