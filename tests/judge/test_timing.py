from eslbot.judge.timing import timing
from eslbot.model.words import Word
from tests.judge.build import said


def test_without_word_times_the_characters_are_spread_over_the_utterance() -> None:
    spread = timing(said("稳赚不赔", start=1000, decided=1400))
    assert spread.starts == (1000, 1100, 1200, 1300)
    assert spread.ends == (1100, 1200, 1300, 1400)


def test_word_times_place_their_characters() -> None:
    words = (Word("产品", 2000, 2200), Word("稳赚不赔", 3000, 3400))
    spread = timing(said("产品 稳赚不赔", start=0, decided=9000, words=words))
    assert (spread.starts[0], spread.ends[1]) == (2000, 2200)
    assert (spread.starts[3], spread.ends[6]) == (3000, 3400)


def test_a_word_said_twice_keeps_both_of_its_times() -> None:
    words = (Word("no", 100, 200), Word("no", 700, 800))
    spread = timing(said("no no", words=words))
    assert (spread.starts[0], spread.starts[3]) == (100, 700)


def test_words_that_are_not_in_the_text_are_not_believed() -> None:
    spread = timing(said("保本", start=0, decided=200, words=(Word("保底", 5000, 6000),)))
    assert spread.starts == (0, 100)


def test_an_empty_text_has_no_characters() -> None:
    assert timing(said("", start=5, decided=5)).starts == ()
