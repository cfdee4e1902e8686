"""The live feed: what readers are given, who is given what, and what becomes of those who are slow."""

import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslbot.model import facts
from eslbot.model.audio import AudioFrame
from eslbot.model.call import Role
from eslbot.store.rows import AlertRow
from eslbot.supervise.access import Person, Staff
from eslbot.supervise.live import feed as module
from eslbot.supervise.live.feed import shortened
from eslbot.supervise.live.shown import Owner
from tests.supervise.live.watched import AGENT, AUDITOR, OTHERS, SUPERVISOR, Watched, given_to, kinds
from tests.words import CALL, MUTE, REMIND, verdict, violated


def test_a_reader_that_waits_is_woken_by_the_next_message() -> None:
    watched = Watched()
    reader = watched.reader()
    reader.take(0)
    gevent.spawn_later(0.01, watched.say, "now")
    assert len(reader.take(30).messages) == 1
    assert not watched.feed._waiting


@pytest.mark.parametrize(("person", "sees"), [(SUPERVISOR, True), (AGENT, True), (OTHERS, False), (AUDITOR, False)])
def test_only_who_may_see_a_call_is_given_anything_of_it(person: Person, sees: bool) -> None:
    watched = Watched()
    reader = watched.reader(person, focus=CALL)
    assert ("whole" in kinds(reader)) == sees
    watched.say("hello")
    watched.play(violated(verdict(MUTE)))
    assert bool(given_to(reader)) == sees
    assert (watched.feed.whole(CALL, person) is not None) == sees
    assert len(watched.feed.rows(person)) == sees


def test_an_agent_who_takes_a_call_over_is_shown_nothing_of_what_was_before_and_the_supervisors_all() -> None:
    watched = Watched()
    watched.say("before", final=True)
    watched.play(violated(verdict(REMIND)))
    watched.now, watched.owner = 110.0, Owner("north", "seat2", "Seat2", first=3.0, started=110.0)
    watched.play(facts.AudioLost(CALL, 40.0, 0, 800, 8000, "recogniser"))
    watched.say("after", utterance=1, start=32_000)
    second, lead = Person("seat2", Staff.AGENT, "session"), SUPERVISOR
    whole, all_of_it = watched.feed.whole(CALL, second), watched.feed.whole(CALL, lead)
    assert whole is not None
    assert all_of_it is not None
    assert [[one["text"] for one in each["words"]] for each in (whole, all_of_it)] == [["after"], ["before", "after"]]
    assert [len(each["hits"]) for each in (whole, all_of_it)] == [0, 1]
    assert [len(each["acts"]) for each in (whole, all_of_it)] == [0, 1]
    assert [each["row"]["worst"] for each in (whole, all_of_it)] == [0, 3]
    assert watched.feed.whole(CALL, AGENT) is None, "it is no more the first agent's"
    reader = watched.reader(second)
    reader.take(0)
    watched.said = "seat1"   # words of before, judged late
    watched.play(violated(verdict(REMIND), start=16_000))
    assert "hit" not in kinds(reader)


def test_an_alert_goes_to_the_supervisors_of_who_said_it() -> None:
    watched = Watched(Owner("south", "seat2", "Seat2"))
    watched.feed._said = lambda call, row: Owner("north", "seat1", "Seat1")
    first = watched.reader(Person("n", Staff.SUPERVISOR, "session", frozenset({"north"})))
    now = watched.reader(OTHERS)
    first.take(0), now.take(0)
    watched.feed.alerted(AlertRow("1", CALL, 5.0, "violation", "severe", "promise", "hit"))
    assert (kinds(first), kinds(now)) == (["alert"], [])


def test_the_calls_own_agent_sees_its_reminders_and_not_who_listens() -> None:
    watched = Watched()
    agent, supervisor = watched.reader(AGENT), watched.reader(focus=CALL)
    agent.take(0), supervisor.take(0)
    watched.play(violated(verdict(REMIND)))
    watched.feed.acted(CALL, "1", "listen", "account:sup")
    watched.play(facts.Commanded(CALL, 30.0, "2", "account:sup", "mute", 5.0))
    told = [(each["kind"], each["by"]) for each in given_to(agent) if each["k"] == "act"]
    assert told == [("remind", ""), ("mute", "")]
    assert [each["kind"] for each in given_to(supervisor) if each["k"] == "act"] == ["remind", "listen", "mute"]
    assert [act["kind"] for act in watched.feed.whole(CALL, AGENT)["acts"]] == ["remind", "mute"]  # type: ignore[index]


def test_levels_are_reckoned_only_of_a_call_that_somebody_has_open_and_a_few_times_a_second() -> None:
    watched = Watched()
    quiet = watched.feed.number
    for first in range(0, 8000, 160):
        watched.feed.frame(AudioFrame(CALL, first, 8000, b"\0" * 640))
    assert watched.feed.number == quiet
    reader = watched.reader(focus=CALL)
    reader.take(0)
    for first in range(8000, 16_000, 160):
        watched.feed.frame(AudioFrame(CALL, first, 8000, b"\0" * 640))
    assert len(given_to(reader)) == pytest.approx(module.LEVELS_A_SECOND, abs=1)
    reader.close()
    reader.close()
    assert CALL not in watched.feed.watched


def test_a_call_is_gone_when_all_of_it_is_settled_and_not_before() -> None:
    watched = Watched()
    reader = watched.reader()
    reader.take(0)
    watched.play(facts.Gone(CALL, 60.0, "hung-up"), violated(verdict(MUTE)))
    assert CALL in watched.feed.calls
    watched.play(facts.AudioEnded(CALL, 61.0, 8000, "complete"))
    for order, _ in watched.state.pending:
        watched.play(facts.Performed(CALL, 62.0, order, "done"))
    assert "gone" in kinds(reader)
    assert not watched.feed.calls


def test_an_alert_reaches_those_who_see_its_call_and_one_of_no_call_those_who_see_all() -> None:
    watched = Watched()
    all_calls, south, agent = watched.reader(), watched.reader(OTHERS), watched.reader(AGENT)
    for reader in (all_calls, south, agent):
        reader.take(0)
    watched.feed.alerted(AlertRow("1", CALL, 5.0, "violation", "severe", "promise"))
    watched.feed.alerted(AlertRow("2", "", 5.0, "store-down", "severe"))
    watched.feed.acknowledged("1", CALL, "sup")
    assert [(each["k"], each["id"]) for each in given_to(all_calls)] == [("alert", "1"), ("alert", "2"), ("ack", "1")]
    assert given_to(south) == given_to(agent) == []
    told = [(each["k"], each["id"]) for each in given_to(watched.reader()) if each["k"] != "rows"]
    assert {id_ for kind, id_ in told if kind == "alert"} - {id_ for kind, id_ in told if kind == "ack"} == {"2"}


def test_the_two_sides_have_names_once_their_legs_are_known() -> None:
    watched = Watched()
    watched.owner = Owner()
    watched.numbers = {CALL: "13800138000", str(watched.state.other): "1001"}
    watched.say("hello")
    watched.play(facts.AudioArrived(CALL, 3.0))
    assert watched.feed.calls[CALL].row()["names"] == {"customer": "…8000", "agent": "1001", "account": "", "team": ""}


@given(st.text())
def test_no_more_than_the_end_of_a_number_is_shown(number: str) -> None:
    assert shortened(number).endswith(number[-4:])
    assert len(shortened(number)) <= 5


def test_a_role_is_the_speakers_own() -> None:
    watched = Watched()
    reader = watched.reader(focus=CALL)
    reader.take(0)
    watched.say("taking over", Role.SUPERVISOR)
    assert [each["role"] for each in given_to(reader)] == ["supervisor"]
