"""The decoding graph HCLG: a bigram over words, words over phones, phones over transition-ids.

Knows weighted automata, the language model and the lexicon. Does not know OpenFst's bytes (fst.py) or audio.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from tools.voice.fst import Fst
from tools.voice.phones import SILENCE_ID, PhoneTable, forward, loop

BEGIN, END, UNKNOWN = "<s>", "</s>", "[unk]"
_DISCOUNT = 0.5
"""Taken from every count of two words, for words never seen side by side."""
_SILENCE = 0.5
"""Probability of a pause after a word. At half as much, A-law's crackle in a pause was heard as a short word."""
_AGAIN = 0.3
"""Probability that another sentence follows one without the recogniser having seen an end."""


@dataclass(frozen=True, slots=True)
class Garbage:
    """How any other speech becomes `[unk]`. Costs in nats, as the decoder sees them (acoustics are scaled)."""

    entry: float = 4.0
    frame: float = -0.35
    """A frame, after the first; negative is a reward, since the garbage unit loses against the right phone anyway."""
    frames: int = 4
    """The least it lasts (30 ms each)."""


Lexicon = Mapping[str, tuple[tuple[tuple[int, ...], float], ...]]
"""Word to (units, probability) of each pronunciation."""


@dataclass(frozen=True, slots=True)
class Bigram:
    """Absolute discounting, interpolated with a unigram."""

    unigram: Mapping[str, float]
    """Probability of every word and of END."""
    seen: Mapping[str, Mapping[str, float]]
    """history -> word -> probability, for what was seen together."""
    backoff: Mapping[str, float]
    """history -> weight of the unigram."""


def bigram(counts: Counter[tuple[str, str]]) -> Bigram:
    """Estimates the model from counts of neighbours.

    A word's unigram weight is the number of words it follows, plus one: what matters after backing off is in how many
    places it may stand.
    """
    follows = Counter(word for _, word in counts)
    total = sum(follows.values()) + len(follows)
    unigram = {word: (follows[word] + 1) / total for word in sorted(follows)}
    by_history: dict[str, dict[str, int]] = defaultdict(dict)
    for (history, word), count in sorted(counts.items()):
        by_history[history][word] = count
    seen, backoff = {}, {}
    for history, words in by_history.items():
        whole = sum(words.values())
        backoff[history] = _DISCOUNT * len(words) / whole
        seen[history] = {
            word: (count - _DISCOUNT) / whole + backoff[history] * unigram[word] for word, count in words.items()
        }
    return Bigram(unigram, seen, backoff)


def words_of(lexicon: Lexicon) -> tuple[str, ...]:
    """graph/words.txt by index: epsilon is 0."""
    return ("<eps>", UNKNOWN, *sorted(lexicon), "#0", BEGIN, END)


def build(model: Bigram, lexicon: Lexicon, phones: PhoneTable, garbage: Garbage) -> Fst:
    """The graph: from transition-ids (forward, then the loop on the destination) to indices into words_of.

    Raises ValueError when the language model has a word that the lexicon lacks.
    """
    if missing := sorted(set(model.unigram) - set(lexicon) - {END}):
        raise ValueError(f"words without a pronunciation: {' '.join(missing)}")
    return _Builder(model, lexicon, phones, garbage).build()


class _Builder:
    """One state a history (its word is over), one chain of states a pronunciation, one state to back off to."""

    def __init__(self, model: Bigram, lexicon: Lexicon, phones: PhoneTable, garbage: Garbage) -> None:
        self.model, self.lexicon, self.phones, self.garbage = model, lexicon, phones, garbage
        self.ids = {word: index for index, word in enumerate(words_of(lexicon))}
        self.fst = Fst()
        self.begin = self.fst.state()
        self.off = self.fst.state()
        self.entries: dict[str, list[tuple[int, float, int]]] = {}  # word -> (first label, cost, first state)

    def build(self) -> Fst:
        fst = self.fst
        fst.start = self.begin
        self._pause(self.begin, self.begin, _SILENCE)
        fst.final(self.begin, 0.0)
        histories = {word: self._word(word) for word in sorted(self.lexicon)}
        unknown = self._unknown()
        for history, state in ((BEGIN, self.begin), *histories.items()):
            fst.arc(state, 0, 0, _cost(self.model.backoff[history]), self.off)
            for word, probability in self.model.seen[history].items():
                self._enter(state, word, probability)
            if history != BEGIN:
                ends = self.model.seen[history].get(END, self.model.backoff[history] * self.model.unigram[END])
                fst.final(state, _cost(ends))
                fst.arc(state, 0, 0, _cost(ends * _AGAIN), self.begin)
        for word, probability in self.model.unigram.items():
            self._enter(self.off, word, probability)
        fst.arc(self.off, forward(self.phones.garbage), self.ids[UNKNOWN], self.garbage.entry, unknown)
        return fst

    def _enter(self, state: int, word: str, probability: float) -> None:
        for label, cost, first in self.entries.get(word, ()):  # END has no entries
            self.fst.arc(state, label, self.ids[word], cost + _cost(probability), first)

    def _word(self, word: str) -> int:
        """The chains of a word; gives the state after it, which is the history of what follows."""
        after = self.fst.state()
        self.entries[word] = []
        likeliest = max(probability for _, probability in self.lexicon[word])
        for units, probability in self.lexicon[word]:
            chain = self.phones.word(units)
            states = [self.fst.state() for _ in chain]
            for phone, state in zip(chain, states, strict=True):
                self.fst.arc(state, loop(phone), 0, 0.0, state)
            for phone, state, following in zip(chain[1:], states, states[1:], strict=False):
                self.fst.arc(state, forward(phone), 0, 0.0, following)
            self.entries[word].append((forward(chain[0]), _cost(probability / likeliest), states[0]))
            self._leave(states[-1], after)
        return after

    def _unknown(self) -> int:
        """Garbage: a chain of its least frames, a loop on the last, then on to any word."""
        states = [self.fst.state() for _ in range(self.garbage.frames)]
        stay = loop(self.phones.garbage)
        for state, following in zip(states, (*states[1:], states[-1]), strict=True):
            self.fst.arc(state, stay, 0, self.garbage.frame, following)
        after = self.fst.state()
        self._leave(states[-1], after)
        self.fst.arc(after, 0, 0, 0.0, self.off)
        self.fst.final(after, _cost(self.model.unigram[END]))
        return states[0]

    def _leave(self, state: int, after: int) -> None:
        self.fst.arc(state, 0, 0, _cost(1 - _SILENCE), after)
        self._pause(state, after, _SILENCE)

    def _pause(self, state: int, after: int, probability: float) -> None:
        pause = self.fst.state()
        self.fst.arc(state, forward(SILENCE_ID), 0, _cost(probability), pause)
        self.fst.arc(pause, loop(SILENCE_ID), 0, 0.0, pause)
        self.fst.arc(pause, 0, 0, 0.0, after)


def _cost(probability: float) -> float:
    return -math.log(probability)
