"""The sentences: corpora, words outside the vocabulary, and how a training sentence is drawn and written down.

Knows words only. Does not know how they sound.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CORPUS = Path(__file__).parent / "corpus"
LANGUAGES = ("zh", "en")
_ANY_ORDER, _WITH_OTHERS = 0.28, 0.12
"""Shares of the training sentences whose words stand in any order, and that hold words outside the vocabulary."""
_PAUSED = 0.08
"""Share of the words that a comma follows."""
_COMMA = {"zh": "，", "en": ", "}


@dataclass(frozen=True, slots=True)
class Corpus:
    language: str
    sentences: tuple[tuple[str, ...], ...]
    """What the language model is made of, each a sequence of words."""
    unseen: tuple[tuple[str, ...], ...]
    """Sentences of the same words that neither the language model nor training ever sees."""
    others: tuple[str, ...]
    """Words outside the vocabulary: they train and test `[unk]`."""

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """Every word of the sentences, sorted."""
        return tuple(sorted({word for sentence in self.sentences for word in sentence}))


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as it is given to the synthesiser."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    """Index of each word's first character in `text`."""

    def word_at(self, character: int) -> int:
        """Index of the word that the character belongs to (the one before it, for a space or a comma)."""
        return max(0, int(np.searchsorted(self.starts, character, side="right")) - 1)


def read(language: str) -> Corpus:
    """The corpus of a language.

    Raises ValueError when an unseen sentence is in the corpus or uses another word, or when a word is both inside and
    outside the vocabulary.
    """
    sentences, unseen = (_lines(CORPUS / f"{language}{part}.txt") for part in ("", "-unseen"))
    others = tuple(sorted({word for line in _lines(CORPUS / f"{language}-other.txt") for word in line}))
    corpus = Corpus(language, sentences, unseen, others)
    vocabulary = set(corpus.vocabulary)
    for sentence in unseen:
        if sentence in sentences or not vocabulary.issuperset(sentence):
            raise ValueError(f"{language}-unseen.txt: {' '.join(sentence)!r} is in the corpus or has a word it lacks")
    if both := vocabulary.intersection(others):
        raise ValueError(f"{language}-other.txt: words of the vocabulary: {' '.join(sorted(both))}")
    return corpus


def _lines(path: Path) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def write_down(language: str, words: tuple[str, ...], commas: tuple[int, ...] = (), *, spaced: bool = True) -> Written:
    """The words as text, a comma after each index in `commas`; without `spaced`, hanzi stand without spaces."""
    gap = " " if spaced or language != "zh" else ""
    text, starts = "", []
    for index, word in enumerate(words):
        if index:
            text += _COMMA[language] if index - 1 in commas else gap
        starts.append(len(text))
        text += word
    return Written(text, words, tuple(starts))


def draw(corpus: Corpus, random: np.random.Generator) -> tuple[str, ...]:
    """A training sentence: mostly of the corpus, some words in any order, some with words outside the vocabulary."""
    kind = random.random()
    if kind < _ANY_ORDER:
        words = corpus.vocabulary
        return tuple(words[random.integers(len(words))] for _ in range(random.integers(2, 9)))
    sentence = list(corpus.sentences[random.integers(len(corpus.sentences))])
    if kind < _ANY_ORDER + _WITH_OTHERS:
        for _ in range(random.integers(1, 3)):
            other = corpus.others[random.integers(len(corpus.others))]
            sentence.insert(int(random.integers(len(sentence) + 1)), other)
    return tuple(sentence)


def punctuate(language: str, words: tuple[str, ...], random: np.random.Generator) -> Written:
    """Writes a sentence down with a few commas at random places, and in Chinese with or without spaces."""
    commas = tuple(int(index) for index in np.flatnonzero(random.random(len(words)) < _PAUSED))
    return write_down(language, words, commas, spaced=bool(random.random() < 0.5))


def bigrams(corpus: Corpus) -> Counter[tuple[str, str]]:
    """Counts of neighbours; a sentence begins after `<s>` and ends with `</s>`."""
    counts: Counter[tuple[str, str]] = Counter()
    for sentence in corpus.sentences:
        counts.update(zip(("<s>", *sentence), (*sentence, "</s>"), strict=True))
    return counts
