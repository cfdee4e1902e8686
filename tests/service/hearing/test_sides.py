"""Whose words the agent's channel holds."""

from hypothesis import given
from hypothesis import strategies as st

from eslbot.model.audio import Voice
from eslbot.model.call import Role
from eslbot.model.words import Hypothesis, Word
from eslbot.service.hearing.sides import Sides
from tests.words import CALL

BARGED = Sides()
BARGED.turn(1000, Role.SUPERVISOR)
BARGED.turn(2000, Role.AGENT)


def said(start: int, *words: tuple[str, int, int], decided: int = 0, final: bool = True) -> Hypothesis:
    found = tuple(Word(*word) for word in words)
    end = decided or max((word.end for word in found), default=start)
    return Hypothesis(CALL, Role.AGENT, 0, " ".join(word.text for word in found), final, start, end, end, found)


def test_an_utterance_that_a_supervisor_speaks_into_is_the_agents_up_to_there() -> None:
    agent, other = BARGED.parted(said(500, ("one", 500, 900), ("two", 900, 1200), ("three", 1200, 1500)))
    assert agent is not None
    assert other is not None
    assert (agent.text, agent.decided) == ("one", 1000)
    assert (other.text, other.start) == ("two three", 900)


def test_an_utterance_that_began_while_a_supervisor_spoke_is_nobodys_to_the_end() -> None:
    whole = said(1900, ("one", 1900, 1990), ("two", 2400, 2500))
    assert BARGED.parted(whole) == (None, whole)


def test_an_utterance_after_it_is_the_agents_again() -> None:
    whole = said(2000, ("one", 2000, 2300))
    assert BARGED.parted(whole) == (whole, None)


def test_partial_words_without_a_place_are_held_against_nobody() -> None:
    partial = Hypothesis(CALL, Role.AGENT, 0, "one two", False, 500, 1400, 1400)
    assert BARGED.parted(partial) == (None, None)
    final = Hypothesis(CALL, Role.AGENT, 0, "one two", True, 500, 1400, 1400)
    agent, other = BARGED.parted(final)
    assert agent is not None
    assert agent.text == ""  # takes back what was understood before
    assert other == final


def test_voices_and_clocks_stand_still_meanwhile() -> None:
    sides = Sides()
    sides.turn(1000, Role.SUPERVISOR)
    voice = sides.voice(Voice(CALL, Role.AGENT, ((100, 200), (900, 1100), (1200, 1500)), True, 1500))
    assert (voice.spans, voice.goes_on, voice.known) == (((100, 200), (900, 1100)), False, 1000)
    assert sides.heard(Role.AGENT, 1500) == 1000
    assert sides.heard(Role.CUSTOMER, 1500) == 1500


@given(st.lists(st.integers(0, 40), max_size=6), st.lists(st.tuples(st.integers(0, 15), st.integers(1, 9)), max_size=6))
def test_no_word_is_lost_or_told_twice_and_none_of_the_agents_lies_where_a_supervisor_may_speak(
        turns: list[int], spoken: list[tuple[int, int]]) -> None:
    sides = Sides()
    for number, sample in enumerate(sorted(turns)):
        sides.turn(sample, Role.AGENT if number % 2 else Role.SUPERVISOR)
    words: list[tuple[str, int, int]] = []
    for pause, length in spoken:  # one word after another
        start = (words[-1][2] if words else 0) + pause
        words.append(("w", start, start + length))
    whole = said(words[0][1] if words else 0, *words)
    agent, other = sides.parted(whole)
    parts = [*(agent.words if agent else ()), *(other.words if other else ())]
    assert parts == list(whole.words)
    limit = sides.until(whole.start)
    assert all(limit is None or word.end <= limit for word in (agent.words if agent else ()))
