"""Answers made into hypotheses: numbered, mapped, and repeated only while repeating tells something."""

import json

from eslbot.listen.utterance import Utterances
from eslbot.model.call import CallId, Role
from eslbot.model.words import Hypothesis, Word

MESSAGE = 320


def partial(text: str) -> bytes:
    return json.dumps({"partial": text}).encode()


def final(text: str, *words: tuple[str, float, float]) -> bytes:
    result = [{"word": word, "start": start, "end": end, "conf": 1.0} for word, start, end in words]
    return json.dumps({"text": text, "result": result}).encode()


class Leg:
    """Feeds messages of 40 ms and keeps what comes out."""

    def __init__(self) -> None:
        self.utterances = Utterances(CallId("c"), Role.AGENT, 8000)
        self.at = 0

    def say(self, raw: bytes) -> Hypothesis | None:
        self.utterances.sent(self.at, MESSAGE)
        self.at += MESSAGE
        return self.utterances.answer(raw, MESSAGE)


def test_silence_says_nothing_and_takes_no_number() -> None:
    leg = Leg()
    assert [leg.say(raw) for raw in (partial(""), b'{"text": ""}', partial(""), final(""))] == [None] * 4
    said = leg.say(partial("hello"))
    assert said is not None
    assert (said.utterance, said.text, said.final, said.decided, said.decoded) == (0, "hello", False, 1600, 1600)


def test_the_same_words_are_repeated_until_they_could_be_agreed_and_no_longer() -> None:
    leg = Leg()
    told = [leg.say(partial("one")) is not None for _ in range(8)]
    assert told == [True, True, True, True, False, False, False, False]
    assert leg.say(partial("one two")) is not None
    assert leg.utterances.unfinished


def test_a_final_ends_the_utterance_and_the_next_begins_another() -> None:
    leg = Leg()
    leg.say(partial("one"))
    ended = leg.say(final("one", ("one", 0.01, 0.05)))
    assert ended is not None
    assert ended.final
    assert ended.words == (Word("one", 80, 400),)
    assert not leg.utterances.unfinished
    second = leg.say(partial("two"))
    assert second is not None
    assert (second.utterance, second.start) == (1, 640)


def test_a_final_without_words_takes_back_what_was_told() -> None:
    leg = Leg()
    leg.say(partial("guaranteed"))
    taken_back = leg.say(final(""))
    assert taken_back is not None
    assert (taken_back.utterance, taken_back.text, taken_back.final) == (0, "", True)


def test_words_after_skipped_silence_stand_where_they_were_said() -> None:
    leg = Leg()
    leg.say(partial(""))
    leg.at += 80_000
    first = leg.say(partial("late"))
    assert first is not None
    assert (first.start, first.decided, first.decoded) == (80_320, 80_640, 640)
    ended = leg.say(final("late", ("late", 0.04, 0.08)))
    assert ended is not None
    assert ended.words == (Word("late", 80_320, 80_640),)


def test_an_utterance_over_a_pause_keeps_its_beginning() -> None:
    leg = Leg()
    leg.say(partial("before"))
    leg.at += 8000
    after = leg.say(partial("before after"))
    assert after is not None
    assert (after.utterance, after.start, after.decided) == (0, 0, 8640)


def test_with_another_recogniser_the_numbers_and_the_count_go_on() -> None:
    leg = Leg()
    leg.say(partial("half a sen"))
    assert leg.utterances.lost() == 0
    assert leg.utterances.lost() is None
    leg.at += 1000
    said = leg.say(partial("again"))
    assert said is not None
    assert (said.utterance, said.start, said.decided, said.decoded) == (1, 1320, 1640, 640)


def test_no_word_lies_after_what_was_heard() -> None:
    leg = Leg()
    leg.say(partial("a"))
    said = leg.say(final("a", ("a", 0.02, 99999.0)))
    assert said is not None
    assert said.words == (Word("a", 160, 2 * MESSAGE),)
