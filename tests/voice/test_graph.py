"""The decoding graph: a true probability model, every sentence in it, and nothing in it that hangs a decoder."""

import math
from collections import Counter, deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.voice import graph, text
from tools.voice.fst import Fst
from tools.voice.phones import SILENCE_ID, PhoneTable

TABLE = PhoneTable(6)  # the last unit is garbage
LEXICON: graph.Lexicon = {
    "hello": (((0, 1, 2), 1.0),),
    "you": (((3,), 0.75), ((3, 4), 0.25)),
    "go": (((4, 0), 1.0),),
}
SENTENCES = (("hello", "you"), ("you", "go"), ("hello",), ("go",))
PAUSE = 0.5  # as likely as not, after every word
GARBAGE = graph.Garbage(entry=4.0, frame=-0.35, frames=4)


def small() -> Fst:
    corpus = text.Corpus("en", SENTENCES, (), ())
    return graph.build(graph.bigram(text.bigrams(corpus)), LEXICON, TABLE, GARBAGE)


@given(st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5), min_size=1, max_size=12))
def test_the_words_after_every_history_have_probabilities_that_add_up_to_one(sentences: list[list[str]]) -> None:
    model = graph.bigram(text.bigrams(text.Corpus("en", tuple(map(tuple, sentences)), (), ())))
    assert sum(model.unigram.values()) == pytest.approx(1)
    for history, seen in model.seen.items():
        unseen = sum(probability for word, probability in model.unigram.items() if word not in seen)
        assert sum(seen.values()) + model.backoff[history] * unseen == pytest.approx(1)
        assert all(seen[word] > model.backoff[history] * model.unigram[word] for word in seen)


def test_more_often_seen_is_more_probable() -> None:
    model = graph.bigram(Counter({("a", "b"): 3, ("a", "c"): 1, ("b", "a"): 1, ("c", "a"): 1, ("<s>", "a"): 1}))
    assert model.seen["a"]["b"] > model.seen["a"]["c"] > 0


def cheapest(fst: Fst, phones: tuple[int, ...], words: tuple[int, ...], frames: int = 3) -> float:
    """Cost of the best path that stays `frames` in each phone and says the words; infinite without one."""
    frame_labels = [label for phone in phones for label in (2 * phone, *([2 * phone - 1] * (frames - 1)))]
    best = {(fst.start, 0, 0): 0.0}
    queue = deque(best)
    result = math.inf
    while queue:
        state, at, said = queue.popleft()
        cost = best[state, at, said]
        final, arcs = fst.states[state]
        if at == len(frame_labels) and said == len(words):
            result = min(result, cost + final)
        for arc in arcs:
            if arc.input and (at == len(frame_labels) or frame_labels[at] != arc.input):
                continue
            if arc.output and (said == len(words) or words[said] != arc.output):
                continue
            key = (arc.to, at + (arc.input != 0), said + (arc.output != 0))
            if cost + arc.weight < best.get(key, math.inf) - 1e-12:
                best[key] = cost + arc.weight
                queue.append(key)
    return result


def test_a_sentence_costs_what_the_language_model_and_the_pauses_say() -> None:
    ids = {word: index for index, word in enumerate(graph.words_of(LEXICON))}
    model = graph.bigram(text.bigrams(text.Corpus("en", SENTENCES, (), ())))
    said = (ids["hello"], ids["you"])
    phones = (*TABLE.word((0, 1, 2)), *TABLE.word((3,)))
    probability = model.seen["<s>"]["hello"] * model.seen["hello"]["you"] * model.seen["you"]["</s>"]
    assert cheapest(small(), phones, said) == pytest.approx(-math.log(probability * PAUSE**2))
    paused = (*TABLE.word((0, 1, 2)), SILENCE_ID, *TABLE.word((3,)))
    assert cheapest(small(), paused, said) == pytest.approx(-math.log(probability * PAUSE**2))


def test_a_rarer_pronunciation_costs_its_share_of_the_commonest() -> None:
    ids = {word: index for index, word in enumerate(graph.words_of(LEXICON))}
    common = cheapest(small(), TABLE.word((3,)), (ids["you"],))
    rare = cheapest(small(), TABLE.word((3, 4)), (ids["you"],))
    assert rare - common == pytest.approx(math.log(3))


def test_words_never_seen_side_by_side_are_still_a_path() -> None:
    ids = {word: index for index, word in enumerate(graph.words_of(LEXICON))}
    said = (ids["go"], ids["hello"])
    assert math.isfinite(cheapest(small(), (*TABLE.word((4, 0)), *TABLE.word((0, 1, 2))), said))


def test_silence_alone_is_an_empty_sentence() -> None:
    assert cheapest(small(), (SILENCE_ID,), (), frames=50) == pytest.approx(-math.log(PAUSE))


@pytest.mark.parametrize(("frames", "possible"), [(1, False), (3, False), (4, True), (40, True)])
def test_unknown_speech_lasts_its_least_and_as_long_as_it_likes(frames: int, possible: bool) -> None:
    unknown = (graph.words_of(LEXICON).index(graph.UNKNOWN),)
    assert math.isfinite(cheapest(small(), (TABLE.garbage,), unknown, frames)) == possible


def test_no_loop_of_epsilons_and_no_dead_end() -> None:
    fst = small()
    after = {state: {arc.to for arc in arcs if not arc.input} for state, (_, arcs) in enumerate(fst.states)}
    while leaves := [state for state, targets in after.items() if not targets]:
        for leaf in leaves:
            del after[leaf]
        for targets in after.values():
            targets.difference_update(leaves)
    assert after == {}
    good = {state for state, (final, _) in enumerate(fst.states) if math.isfinite(final)}
    while more := {state for state, (_, arcs) in enumerate(fst.states) if good & {arc.to for arc in arcs}} - good:
        good |= more
    assert good == set(range(len(fst.states)))


def test_every_label_is_a_transition_id_and_every_output_a_word() -> None:
    for _, arcs in small().states:
        for arc in arcs:
            assert 0 <= arc.input <= 2 * TABLE.count
            assert 0 <= arc.output < len(graph.words_of(LEXICON))


def test_a_word_without_a_pronunciation_is_named() -> None:
    corpus = text.Corpus("en", (("hello", "stranger"),), (), ())
    with pytest.raises(ValueError, match="without a pronunciation: stranger"):
        graph.build(graph.bigram(text.bigrams(corpus)), LEXICON, TABLE, GARBAGE)
