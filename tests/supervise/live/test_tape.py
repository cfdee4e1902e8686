"""What all who have the same view are given: the same as if it were made for each alone, and made once."""

from collections.abc import Callable

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.model import facts
from eslbot.supervise.access import Person, Staff
from eslbot.supervise.live import tape as module
from eslbot.supervise.live.shown import Owner
from eslbot.supervise.live.tape import Tape, fold, view_of
from tests.supervise.live.watched import AGENT, AUDITOR, OTHERS, SUPERVISOR, Watched
from tests.words import CALL, MUTE, verdict, violated

NORTH = Person("n", Staff.SUPERVISOR, "session", frozenset({"north"}))


def moves(watched: Watched) -> list[Callable[[], object]]:
    """What may happen to a feed."""
    count = iter(range(1000))
    return [
        lambda: watched.say(f"words {next(count)}", utterance=next(count) % 3),
        lambda: watched.play(violated(verdict(MUTE))),
        lambda: setattr(watched, "owner", Owner("south", "second", "Second")),
        lambda: setattr(watched, "owner", Owner("north", "seat1", "Seat1")),
        lambda: watched.play(facts.AudioLost(CALL, 40.0, 0, 800, 8000, "recogniser")),
    ]


@given(st.lists(st.integers(0, 6), max_size=40), st.sampled_from([SUPERVISOR, NORTH, OTHERS, AGENT, AUDITOR]))
def test_however_it_is_cut_into_pieces_it_is_what_one_alone_would_be_given(steps: list[int], person: Person) -> None:
    watched = Watched()
    tape, at = Tape(watched.feed, person), watched.feed.number
    places, given_ = [at], moves(watched)
    for step in steps:
        if step < len(given_):
            given_[step]()
        else:
            tape.since(watched.feed.number)   # somebody takes what there is
            places.append(watched.feed.number)
    for place in {*places, at + 1} if watched.feed.number > at else places:
        alone = fold(watched.feed, person, watched.feed.since(place) or ())
        together = tape.since(place)
        assert together is not None
        assert (list(together.items()), set(together)) == (list(alone.items()), set(alone))


def test_a_change_is_folded_once_for_all_of_a_view(monkeypatch: pytest.MonkeyPatch) -> None:
    watched, folded = Watched(), []
    monkeypatch.setattr(module, "fold", lambda feed, person, deltas: folded.append(person.name) or fold(
        feed, person, deltas))
    readers = [watched.reader(Person(f"sup{n}", Staff.SUPERVISOR, "session", frozenset({"north"}))) for n in range(9)]
    for reader in readers:
        reader.take(0)
    watched.say("hello")
    assert [[orjson.loads(each)["text"] for each in reader.take(0).messages] for reader in readers] == [["hello"]] * 9
    assert len(folded) == 1


def test_how_things_stand_is_made_once_for_a_herd_and_what_came_since_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    watched, made = Watched(), []
    rows = watched.feed.rows
    monkeypatch.setattr(watched.feed, "rows", lambda person: made.append(person.name) or rows(person))
    first = watched.reader(NORTH).take(0)
    watched.say("hello")
    second = watched.reader(NORTH).take(0)
    assert made == ["n"]
    assert second.fresh
    assert second.messages[: len(first.messages)] == first.messages
    assert [orjson.loads(each)["k"] for each in second.messages[len(first.messages) :]] == ["words"]
    assert second.number == watched.feed.number


def test_people_of_other_teams_or_rights_have_another_view() -> None:
    scoped = Person("n", Staff.SUPERVISOR, "token", frozenset({"north"}), scopes=frozenset())
    views = {view_of(person) for person in (SUPERVISOR, NORTH, OTHERS, AGENT, AUDITOR, scoped)}
    assert len(views) == 6
    assert view_of(Person("other", Staff.SUPERVISOR, "session", frozenset({"north"}))) == view_of(NORTH)
    assert view_of(Person("seat2", Staff.AGENT, "session")) != view_of(AGENT)


def test_a_view_that_nobody_has_any_more_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UNUSED", -1.0)
    watched = Watched()
    for n in range(10):
        watched.feed.tapes.of(Person(f"seat{n}", Staff.AGENT, "session"))
    assert len(watched.feed.tapes._tapes) == 1


def test_a_tape_remembers_no_more_pieces_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched()
    tape, began = Tape(watched.feed, SUPERVISOR), watched.feed.number
    for n in range(2 * module.PIECES):
        watched.say(f"{n}", utterance=n)
        tape.since(watched.feed.number)
    assert len(tape._pieces) == module.PIECES
    found = tape.since(began)
    assert found is not None
    assert len(found) == 2 * module.PIECES
