"""Training clips: seconds of one voice on one line, with the phone at every third feature frame.

Knows how speech, pauses and other sounds are strung together. A clip depends on the seed and its number only, however
many processes make them. Does not know the network.
"""

import functools
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eslbot.espeak import resample
from tools.voice import features, line, speech, text

FRAMES_A_LABEL = 3
LABELS = 400
"""Labels a clip: 12 s, at 30 ms."""
LEFT, RIGHT = 15, 9
"""Feature frames the network sees before and after the one a label belongs to."""
FRAMES = LEFT + LABELS * FRAMES_A_LABEL + RIGHT
SECONDS = FRAMES * features.SHIFT / features.RATE
_SAMPLES = (FRAMES - 1) * features.SHIFT + features.LENGTH
_OTHER_SOUNDS = 0.08


@dataclass(frozen=True, slots=True)
class Clips:
    features: npt.NDArray[np.float32]
    """(clips, FRAMES, 30)"""
    labels: npt.NDArray[np.int64]
    """(clips, LABELS): 0 is silence, phone i of the inventory is i + 1."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a process needs to make any clip."""

    corpus: text.Corpus
    phones: tuple[str, ...]
    seed: int


Clip = tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]
"""(FRAMES, 30) features and (LABELS,) labels."""


def clip(recipe: Recipe, number: int) -> Clip:
    """Clip `number` of the recipe."""
    random = np.random.default_rng((recipe.seed, number))
    way = line.draw(random)
    voice = speech.draw_voice(recipe.corpus.language, random)
    indices = {speech.SILENCE: 0} | {phone: index for index, phone in enumerate(recipe.phones, start=1)}
    pieces: list[npt.NDArray[np.float64]] = []
    begins: list[int] = []
    labels: list[int] = []
    length = 0

    def add(samples: npt.NDArray[np.float64], marks: list[tuple[int, int]]) -> None:
        nonlocal length
        begins.extend(length + sample for sample, _ in marks)
        labels.extend(label for _, label in marks)
        pieces.append(samples)
        length += len(samples)

    while length < _SAMPLES:
        add(np.zeros(int(random.exponential(0.35) * line.RATE) + 400), [(0, 0)])
        if random.random() < _OTHER_SOUNDS:
            add(line.not_speech(random), [(0, 0)])
            continue
        written = text.punctuate(recipe.corpus.language, text.draw(recipe.corpus, random), random)
        spoken = speech.utter(written, voice)
        if any(phone not in indices for phone, _ in spoken.phones):
            continue  # a variant's own pronunciation with a phone that no word of ours has
        ratio = line.RATE / way.warp / spoken.rate
        samples = resample(spoken.samples, spoken.rate, spoken.rate * ratio)
        add(samples, [(round(sample * ratio), indices[phone]) for phone, sample in spoken.phones])
    heard = line.carry(way, np.concatenate(pieces)[:_SAMPLES], random)
    centres = (LEFT + np.arange(LABELS) * FRAMES_A_LABEL) * features.SHIFT + features.LENGTH // 2
    which = np.searchsorted(begins, centres, side="right") - 1
    return features.mfcc(heard), np.array(labels, dtype=np.int64)[which]


def make(recipe: Recipe, count: int, processes: int = 2) -> Iterator[Clip]:
    """Clips 0 to count - 1 in order, made by several processes (espeak-ng speaks in one thread a process)."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield from pool.map(functools.partial(clip, recipe), range(count), chunksize=8)
