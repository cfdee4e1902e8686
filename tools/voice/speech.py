"""Speech with its exact alignment: sentences through espeak-ng, phones by name with the sample at which each begins.

Knows espeak-ng's marks (stress, closures, language switches, silences) and pronunciations. Does not know of lines.
"""

import functools
import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eslbot.espeak import Espeak, Mark, Speech, Voice
from tools.voice import text
from tools.voice.voices import LANGUAGE_VOICES, TRAINING_VOICES

SILENCE = "sil"
_DROPPED = ("(en)", "(cmn)")
_CLOSURE = "_|"
_GLIDE = ";"
"""Belongs to the vowel before it."""
_SAME = {"t#": "t", "t2": "t", "I2": "I", "@2": "@", "r-": "r", "n-": "n", "O2": "0"}
"""Marks of espeak-ng's English that say how a phone came about, not how it sounds on a telephone."""
_PAUSES = ("_:", "_", "_!", "_^_", "__")
_STRESS = "',%="
_SHUFFLED = 500
"""How many strings of four random words are listened to, for pronunciations that neighbours bring about."""
_RARE = 0.08
"""A pronunciation heard in a smaller share of a word's sentences is left out of the lexicon."""

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Utterance:
    samples: Samples
    """-1 to 1, at `rate`."""
    rate: int
    phones: tuple[tuple[str, int], ...]
    """(phone or SILENCE, first sample), in order; the last lasts to the end."""
    words: tuple[tuple[str, int, int], ...]
    """(word, first sample, one past its last); a word that espeak-ng joined with a neighbour is not listed."""
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    """(word, its phones), every word of the sentence; joined words have none."""


@functools.cache
def engine() -> Espeak:
    """This process's engine. Found once: to find it loads the library."""
    return Espeak()


def utter(written: text.Written, voice: Voice) -> Utterance:
    """Speaks a sentence and tells where its phones and words are. Raises EspeakError as Espeak.say does."""
    return align(engine().say(written.text, voice), written)


def align(speech: Speech, written: text.Written) -> Utterance:
    """Names and places the phones and words of something spoken."""
    phones: list[tuple[str, int]] = []
    groups: list[list[str]] = [[] for _ in written.words]
    edges: dict[int, tuple[int, int]] = {}
    marks = (*speech.phones, Mark("_:", len(speech.samples), len(written.text)))
    closure: int | None = None
    for mark, following in itertools.pairwise(marks):
        if mark.name in _DROPPED or mark.name.strip(_STRESS) == _GLIDE:
            continue
        if mark.name == _CLOSURE:  # the silence before a stop is part of the stop
            closure = mark.sample if closure is None else closure
            continue
        begins = mark.sample if closure is None else closure
        closure = None
        if mark.name in _PAUSES:
            phones.append((SILENCE, begins))
            continue
        name = mark.name.strip(_STRESS)
        name = _SAME.get(name, name)
        word = written.word_at(mark.character)
        phones.append((name, begins))
        groups[word].append(name)
        edges[word] = (edges.get(word, (begins, 0))[0], following.sample)
    if not phones or phones[0][1] > 0:
        phones.insert(0, (SILENCE, 0))
    own = {mark.character for mark in speech.words} | {len(written.text)}
    borders = (*written.starts, len(written.text))
    whole = [word for word in sorted(edges) if borders[word] in own and borders[word + 1] in own]
    words = tuple((written.words[word], *edges[word]) for word in whole)
    listed = tuple((word, tuple(groups[at]) if at in whole else ()) for at, word in enumerate(written.words))
    return Utterance(speech.samples / 32768.0, speech.rate, tuple(phones), words, listed)


@dataclass(frozen=True, slots=True)
class Sounds:
    """How the words of a language are said."""

    phones: tuple[str, ...]
    """Every phone of the vocabulary and of the words outside it, sorted, silence not among them."""
    lexicon: dict[str, tuple[tuple[tuple[str, ...], float], ...]]
    """Word to its pronunciations, each with its probability; commonest first."""


def sounds(corpus: text.Corpus) -> Sounds:
    """Listens in the language's plain voice to the corpus, to words side by side at random, and to each word alone.

    Words that espeak-ng joined across our spaces (理财 产品 has 财产) do not count.

    Raises ValueError naming the words that are never heard by themselves.
    """
    voice = Voice(LANGUAGE_VOICES[corpus.language])
    heard: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    random = np.random.default_rng(0)
    shuffled = [tuple(map(str, random.choice(corpus.vocabulary, 4))) for _ in range(_SHUFFLED)]
    spoken = [text.write_down(corpus.language, sentence) for sentence in (*corpus.sentences, *shuffled)]
    alone = [text.write_down(corpus.language, (word,)) for word in (*corpus.vocabulary, *corpus.others)]
    for written in (*spoken, *alone):
        for word, phones in utter(written, voice).groups:
            if phones:
                heard[word][phones] += 1
    if silent := sorted({word for written in alone for word in written.words} - set(heard)):
        raise ValueError(f"espeak-ng gives no phones for: {' '.join(silent)}")
    lexicon = {}
    for word in corpus.vocabulary:
        total = heard[word].total()
        kept = [(phones, count) for phones, count in heard[word].most_common() if count / total >= _RARE]
        lexicon[word] = tuple((phones, count / sum(count for _, count in kept)) for phones, count in kept)
    inventory = sorted({phone for counts in heard.values() for phones in counts for phone in phones})
    return Sounds(tuple(inventory), lexicon)


def draw_voice(language: str, random: np.random.Generator, variants: tuple[str, ...] = TRAINING_VOICES) -> Voice:
    """A voice at random: one of the variants, its speed, pitch and liveliness."""
    name = f"{LANGUAGE_VOICES[language]}+{variants[random.integers(len(variants))]}"
    pitch, pitch_range = int(random.integers(20, 81)), int(random.integers(15, 86))
    return Voice(name, int(random.integers(130, 231)), pitch, pitch_range)
