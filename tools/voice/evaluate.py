"""How well a model hears: sentences in voices it was never trained on, over telephone lines, through the real Vosk.

Knows the truth of what was spoken and how to count errors. Does not know how the model was made.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eslbot.espeak import resample
from tools.voice import line, speech, text
from tools.voice.recognise import load, recognise
from tools.voice.voices import EVALUATION_VOICES

_LEAD, _TAIL = 0.4, 1.5
"""Seconds of the line's noise before and after each sentence."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence of the test, as the line gave it."""

    samples: line.Pcm
    words: tuple[str, ...]
    times: tuple[tuple[str, float, float], ...]
    """(word, begin, end) in seconds, of the words whose place is certain."""
    ends: float
    """When the last word is over."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured on one set of sentences."""

    sentences: int
    words: int
    errors: int
    """Substituted, deleted and inserted words."""
    missed: tuple[tuple[str, str], ...]
    """(said, heard) of the sentences with errors."""
    time_errors: tuple[float, ...]
    """Seconds by which a recognised word's begin or end is off."""
    finals: tuple[float, ...]
    """Seconds from the end of speech to the final."""
    partials: tuple[float, ...]
    """Seconds from a word's end to the first partial that shows it; less than 0 when it shows before."""
    cost: float
    """CPU seconds a second of audio."""

    @property
    def word_error_rate(self) -> float:
        return self.errors / self.words


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """The least number of substitutions, deletions and insertions that turn one into the other."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(said, start=1):
        above, row[0] = row[0], at
        for column, other in enumerate(heard, start=1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (word != other))
    return row[-1]


def say(corpus: text.Corpus, words: tuple[str, ...], variants: tuple[str, ...], random: np.random.Generator) -> Spoken:
    """One sentence in a random voice of the variants over a random line (as those of training)."""
    way = line.draw(random)
    voice = speech.draw_voice(corpus.language, random, variants)
    spoken = speech.utter(text.write_down(corpus.language, words), voice)
    ratio = line.RATE / way.warp / spoken.rate
    clean = resample(spoken.samples, spoken.rate, spoken.rate * ratio)
    lead, tail = np.zeros(int(_LEAD * line.RATE)), np.zeros(int(_TAIL * line.RATE))
    samples = line.carry(way, np.concatenate([lead, clean, tail]), random)
    times = tuple(
        (word, _LEAD + begin * ratio / line.RATE, _LEAD + end * ratio / line.RATE) for word, begin, end in spoken.words
    )
    last = next((sample for phone, sample in reversed(spoken.phones) if phone == speech.SILENCE), len(spoken.samples))
    return Spoken(samples, words, times, _LEAD + last * ratio / line.RATE)


def measure(
    directory: Path,
    corpus: text.Corpus,
    sentences: Sequence[tuple[str, ...]],
    seed: int,
    progress: Callable[[float], None] = lambda share: None,
) -> Report:
    """Says each sentence once, in a voice never trained on, and compares what Vosk hears (in pieces of 20 ms)."""
    model = load(directory)
    random = np.random.default_rng(seed)
    wrong, missed, seconds, cost = 0, [], 0.0, 0.0
    time_errors: list[float] = []
    finals: list[float] = []
    partials: list[float] = []
    for number, words in enumerate(sentences, start=1):
        spoken = say(corpus, words, EVALUATION_VOICES, random)
        hearing = recognise(model, spoken.samples)
        seconds += len(spoken.samples) / line.RATE
        cost += hearing.cost
        count = errors(words, hearing.text)
        wrong += count
        if count:
            missed.append((" ".join(words), " ".join(hearing.text)))
        else:
            if hearing.ends:
                finals.append(hearing.ends[-1] - spoken.ends)
            if len(spoken.times) == len(words):
                for (word, begin, end), found in zip(spoken.times, hearing.words, strict=True):
                    time_errors += [abs(found.begin - begin), abs(found.end - end)]
                    if words.count(word) == 1 and word in hearing.shown:
                        partials.append(hearing.shown[word] - end)
        progress(number / len(sentences))
    total = sum(len(words) for words in sentences)
    return Report(
        len(sentences), total, wrong, tuple(missed), tuple(time_errors), tuple(finals), tuple(partials), cost / seconds
    )


@dataclass(frozen=True, slots=True)
class Table:
    """An evaluation of a model on the sentences of its language model and on others."""

    markdown: str
    worst: float
    """The higher of the two word error rates."""
    missed: tuple[tuple[str, str], ...]
    """(said, heard) of every sentence with errors."""


def evaluate(directory: Path, language: str, rounds: int, seed: int, progress: Callable[[str, float], None]) -> Table:
    """Says `rounds` times the sentences of the corpus, and about as many of the unseen ones."""
    corpus = text.read(language)
    seen = measure(directory, corpus, corpus.sentences * rounds, seed, lambda share: progress("seen", share))
    repeats = max(1, round(rounds * len(corpus.sentences) / len(corpus.unseen)))
    unseen = measure(directory, corpus, corpus.unseen * repeats, seed + 1, lambda share: progress("unseen", share))
    size = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    partials = (*seen.partials, *unseen.partials)
    rows = [
        ("words / sentences in the language model", f"{len(corpus.vocabulary)} / {len(corpus.sentences)}"),
        ("word error rate, sentences of the language model", _rate(seen)),
        ("word error rate, other sentences of the same words", _rate(unseen)),
        ("a word shows in a partial, after its end: median", f"{_at(partials, 50):.2f} s"),
        ("the same, nine words of ten", f"{_at(partials, 90):.2f} s"),
        ("a final comes after the end of speech: median", f"{_at((*seen.finals, *unseen.finals), 50):.2f} s"),
        ("a word's times are off by: median", f"{1000 * _at((*seen.time_errors, *unseen.time_errors), 50):.0f} ms"),
        ("CPU seconds a second of audio, one leg", f"{seen.cost:.3f}"),
        ("size", f"{size / 1024:.0f} KiB"),
    ]
    lines = [f"| {language} | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
    worst = max(seen.word_error_rate, unseen.word_error_rate)
    return Table("\n".join(lines), worst, (*seen.missed, *unseen.missed))


def language_of(directory: Path) -> str:
    """The language a model of ours was made for. Raises ValueError for another's model."""
    try:
        return str(json.loads((directory / "made.json").read_text(encoding="utf-8"))["language"])
    except (OSError, ValueError, KeyError) as error:
        raise ValueError(f"{directory} was not made by this maker: {error}") from error


def _rate(report: Report) -> str:
    return f"{100 * report.word_error_rate:.2f} % of {report.words} words, {report.sentences} sentences"


def _at(values: Sequence[float], percent: float) -> float:
    return float(np.percentile(values, percent)) if values else float("nan")
