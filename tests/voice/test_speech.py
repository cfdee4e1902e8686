"""Alignments from espeak-ng's marks: closures, pauses, joined words, and what the lexicon makes of them."""

import numpy as np
import pytest

from eslbot.espeak import Mark, Speech, Voice
from tools.voice import speech, text


def spoken(words: list[int], *phones: tuple[str, int, int], length: int = 1000) -> Speech:
    """Speech with word marks at characters and phones as (name, sample, character)."""
    marks = tuple(Mark("", 0, character) for character in words)
    return Speech(np.zeros(length, dtype=np.int16), 22050, marks, tuple(Mark(*phone) for phone in phones))


def test_a_closure_belongs_to_the_phone_after_it_and_a_pause_is_silence() -> None:
    written = text.write_down("zh", ("您", "好"))
    first, second = (("n", 100, 0), ("'i", 200, 0)), (("_|", 300, 0), ("X", 340, 2), ("_|", 500, 2))
    made = speech.align(spoken([0, 2], *first, *second, ("_:", 520, 99)), written)
    assert made.phones == (("sil", 0), ("n", 100), ("i", 200), ("X", 300), ("sil", 500))
    assert made.words == (("您", 100, 300), ("好", 300, 500))
    assert made.groups == (("您", ("n", "i")), ("好", ("X",)))


def test_words_that_were_joined_count_for_nobody() -> None:
    written = text.write_down("en", ("say", "in", "the", "sun"))
    joined = (("I", 100, 4), ("n", 200, 4), ("D", 300, 4), ("@2", 400, 4))
    made = speech.align(spoken([0, 4, 11], ("s", 0, 0), *joined, ("s", 500, 11)), written)
    assert made.groups == (("say", ("s",)), ("in", ()), ("the", ()), ("sun", ("s",)))
    assert [phone for phone, _ in made.phones] == ["s", "I", "n", "D", "@", "s"]
    assert [word for word, _, _ in made.words] == ["say", "sun"]


def test_language_switches_are_no_phones_and_a_glide_lengthens_its_vowel() -> None:
    written = text.write_down("en", ("the",))
    marks = (("(en)", 0, 0), ("D", 0, 0), ("I2", 100, 0), (";", 150, 0), ("_:", 200, 9))
    made = speech.align(spoken([0], *marks), written)
    assert made.phones == (("D", 0), ("I", 100), ("sil", 200))


def test_a_drawn_voice_is_one_of_the_variants_asked_for() -> None:
    random = np.random.default_rng(3)
    names = {speech.draw_voice("zh", random, ("m2", "f3")).name for _ in range(50)}
    assert names == {"cmn-latn-pinyin+m2", "cmn-latn-pinyin+f3"}


@pytest.mark.voice
@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_word_has_a_pronunciation_and_no_two_words_sound_alike(language: str) -> None:
    corpus = text.read(language)
    sounds = speech.sounds(corpus)
    assert set(sounds.lexicon) == set(corpus.vocabulary)
    owner: dict[tuple[str, ...], str] = {}
    for word, said in sounds.lexicon.items():
        assert sum(probability for _, probability in said) == pytest.approx(1)
        for phones, _ in said:
            assert set(phones) <= set(sounds.phones)
            assert owner.setdefault(phones, word) == word


@pytest.mark.voice
def test_phones_and_words_lie_in_order_within_the_sound() -> None:
    made = speech.utter(text.write_down("zh", ("本次", "通话", "会", "录音")), Voice("cmn-latn-pinyin"))
    begins = [sample for _, sample in made.phones]
    assert begins == sorted(begins)
    assert begins[0] == 0
    assert begins[-1] <= len(made.samples)
    assert [word for word, _, _ in made.words] == ["本次", "通话", "会", "录音"]
    loud = [np.sqrt(np.mean(made.samples[begin:end] ** 2)) for _, begin, end in made.words]
    assert min(loud) > 0.02
