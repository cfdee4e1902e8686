"""One who looks on: what a reader is given at once, and where it goes on."""

import orjson
import pytest

from eslbot.model import facts
from eslbot.model.audio import AudioFrame
from eslbot.supervise.access import Person
from eslbot.supervise.live import feed as module
from eslbot.supervise.live.shown import Owner
from tests.supervise.live.watched import OTHERS, SUPERVISOR, Watched, given_to, kinds
from tests.words import CALL, MUTE, verdict, violated


def test_a_reader_begins_with_how_things_stand_and_goes_on_with_what_changes() -> None:
    watched = Watched()
    reader = watched.reader(focus=CALL)
    first = reader.take(0)
    assert first.fresh
    assert [orjson.loads(each)["k"] for each in first.messages] == ["rows", "whole"]
    watched.say("hello")
    watched.play(violated(verdict(MUTE)))
    assert kinds(reader) == ["words", "hit", "row", "act"]
    assert not reader.take(0).messages


def test_a_reader_goes_on_where_it_was_and_one_of_another_life_begins_anew() -> None:
    watched = Watched()
    number = watched.reader().take(0).number
    watched.say("hello")
    assert kinds(watched.reader(after=number)) == ["words"]
    again = watched.reader(after=watched.feed.number + 1).take(0)
    assert again.fresh


def test_who_falls_behind_the_ring_begins_anew_and_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RING", 16)
    watched = Watched()
    slow = watched.reader(focus=CALL)
    slow.take(0)
    for n in range(40):
        watched.say(f"word {n}", utterance=n, final=True)
    batch = slow.take(0)
    assert batch.fresh
    [whole] = [each for each in map(orjson.loads, batch.messages) if each["k"] == "whole"]
    assert len(whole["words"]) == 40
    watched.say("and on", utterance=40)
    assert kinds(slow) == ["words"]


def test_of_words_that_were_rewritten_before_they_were_taken_only_the_last_are_given() -> None:
    watched = Watched()
    reader = watched.reader()
    reader.take(0)
    for text in ("a", "a b", "a b c"):
        watched.say(text)
    assert [each["text"] for each in given_to(reader)] == ["a b c"]


def test_a_call_that_changes_hands_goes_from_one_teams_wall_to_the_others() -> None:
    watched = Watched()
    north = watched.reader(Person("n", SUPERVISOR.role, "session", frozenset({"north"})))
    south = watched.reader(OTHERS)
    south.take(0), north.take(0)
    watched.owner = Owner("south", "second", "Second")
    watched.play(facts.AudioLost(CALL, 40.0, 0, 800, 8000, "recogniser"))
    assert [(each["k"], each["names"]["agent"]) for each in given_to(south)] == [("row", "Second")]  # type: ignore[index]
    assert kinds(north) == ["gone"]


def test_the_wall_is_given_no_checklist_and_no_levels_and_one_call_is() -> None:
    watched = Watched()
    wall, one = watched.reader(), watched.reader(focus=CALL)
    wall.take(0), one.take(0)
    watched.required()
    watched.play(facts.AudioArrived(CALL, 3.0))
    watched.feed.frame(AudioFrame(CALL, 0, 8000, b"\0" * 640))
    assert "item" not in kinds(wall)
    assert [kind for kind in kinds(one) if kind != "row"] == ["item", "level"]
