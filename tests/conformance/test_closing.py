"""The closing announcement: every row of CLOSINGS, who hears it, and what the event socket says of it."""

from dataclasses import dataclass

import numpy as np
import pytest

from tests.conformance.conftest import PROMPT_SECONDS, TONES
from tests.conformance.endings import CLOSINGS, Closing
from tests.conformance.hearing import duration
from tests.conformance.rig import Event, Rig, Role
from tests.conformance.score import FIRSTS, Played, do, place, record

ROWS = [pytest.param(row, first, id=f"{row.name}, {first} first") for row in CLOSINGS for first in row.firsts]
EXTENSION = "eslbot_closing"
SLACK = 0.4
"""Seconds of a prompt that a busy machine may lose on the way to the phone."""
ARM = "uuid_setvar {customer} transfer_after_bridge eslbot_closing:XML:default"


@dataclass(frozen=True, slots=True)
class Ended:
    """How one call ended for its customer."""

    heard: dict[str, float]
    """Prompt -> for how many seconds it was heard."""
    events: list[Event]
    """Of the customer's leg, since the end began."""

    def of(self, name: str) -> list[Event]:
        return [event for event in self.events if event["Event-Name"] == name]


def end(rig: Rig, played: Played, how: str) -> int:
    since = rig.mark()
    if how == "hang up":
        rig.hang_up(played.call.agent)
    else:
        do(rig, played, [how])
    return since


def ended(rig: Rig, played: Played, since: int) -> Ended:
    customer = played.call.customer
    heard = rig.heard(customer)
    return Ended(
        {prompt: duration(heard, TONES[prompt]) for prompt in ("closing", "english")},
        [event for event in rig.events(since) if event.get("Unique-ID") == customer.uuid],
    )


@pytest.fixture(scope="module")
def everything(rig: Rig) -> dict[tuple[str, Role], Ended]:
    rows = [(row, first) for row in CLOSINGS for first in row.firsts]
    done = [place(rig, first, customer_variables=dict(row.variables)) for row, first in rows]
    for (row, _), played in zip(rows, done, strict=True):
        do(rig, played, [*filter(None, [row.armed]), *row.before])
    rig.pass_time(0.5)
    marks = [end(rig, played, row.ends) for (row, _), played in zip(rows, done, strict=True)]
    rig.pass_time(PROMPT_SECONDS + 1.5)
    result = {
        (row.name, first): ended(rig, played, since)
        for (row, first), played, since in zip(rows, done, marks, strict=True)
    }
    rig.clear()
    return result


@pytest.mark.parametrize(("row", "first"), ROWS)
def test_the_customer_hears_the_whole_closing_or_none_of_it(
    everything: dict[tuple[str, Role], Ended], row: Closing, first: Role
) -> None:
    heard = everything[row.name, first].heard
    other = "english" if row.prompt == "closing" else "closing"
    assert heard[other] == 0
    if row.played:
        assert heard[row.prompt] >= PROMPT_SECONDS - SLACK
    else:
        assert heard[row.prompt] == 0


@pytest.mark.parametrize(("row", "first"), ROWS)
def test_its_proof_is_playback_on_the_customers_leg_at_the_closings_extension(
    everything: dict[tuple[str, Role], Ended], row: Closing, first: Role
) -> None:
    told = everything[row.name, first]
    starts, stops = (
        [event for event in told.of(name) if event["Caller-Destination-Number"] == EXTENSION]
        for name in ("PLAYBACK_START", "PLAYBACK_STOP")
    )
    assert (len(starts), len(stops)) == ((1, 1) if row.played else (0, 0))
    if row.played:
        assert starts[0]["Playback-File-Path"].endswith("/closing.wav")
        assert (stops[0]["Playback-Status"], stops[0]["Answer-State"]) == ("done", "answered")
        assert told.of("CHANNEL_HANGUP_COMPLETE"), "the call does not end after the closing"


def test_only_answer_state_tells_a_closing_broken_off_by_the_customer_from_a_whole_one(rig: Rig) -> None:
    played = place(rig, "agent")
    do(rig, played, [ARM])
    since = end(rig, played, "hang up")
    rig.wait(lambda e: e["Event-Name"] == "PLAYBACK_START" and e["Unique-ID"] == played.call.customer.uuid, since)
    rig.pass_time(0.4)
    rig.hang_up(played.call.customer)
    stop = rig.wait(lambda e: e["Event-Name"] == "PLAYBACK_STOP" and e["Unique-ID"] == played.call.customer.uuid, since)
    rig.clear()
    assert (stop["Playback-Status"], stop["Answer-State"]) == ("done", "hangup")


def test_there_is_nobody_to_play_it_to_when_the_customer_hangs_up_first(rig: Rig) -> None:
    played = place(rig, "agent")
    do(rig, played, [ARM])
    since = rig.mark()
    rig.hang_up(played.call.customer)
    rig.wait(lambda e: e["Event-Name"] == "CHANNEL_DESTROY" and e["Unique-ID"] == played.call.customer.uuid, since)
    rig.clear()
    assert "PLAYBACK_START" not in {event["Event-Name"] for event in rig.events(since)}


@pytest.mark.parametrize("first", FIRSTS)
def test_armed_once_it_survives_a_takeover(rig: Rig, first: Role) -> None:
    played = place(rig, first)
    do(rig, played, [ARM])
    supervisor = rig.third("park()", TONES["supervisor"])
    rig.api(f"uuid_bridge {supervisor.uuid} {played.call.customer.uuid}")
    rig.pass_time(0.8)
    assert duration(rig.heard(played.call.customer), TONES["closing"]) == 0
    since = rig.mark()
    rig.hang_up(supervisor)
    rig.pass_time(PROMPT_SECONDS + 1)
    told = ended(rig, played, since)
    rig.clear()
    assert told.heard["closing"] >= PROMPT_SECONDS - SLACK


@pytest.mark.parametrize("first", FIRSTS)
def test_the_recording_of_the_customers_leg_holds_the_closing_as_it_was_played(rig: Rig, first: Role) -> None:
    played = place(rig, first)
    do(rig, played, [ARM])
    file = record(rig, played, "customer")
    rig.pass_time(0.5)
    end(rig, played, "hang up")
    rig.pass_time(PROMPT_SECONDS + 1)
    rig.clear()
    both = np.frombuffer(file.read_bytes(), "<i2").reshape(-1, 2) / 32768
    assert duration(both[:, 1], TONES["closing"]) >= PROMPT_SECONDS - SLACK
    assert duration(both[:, 0], TONES["customer"]) >= PROMPT_SECONDS


def test_the_recording_of_the_agents_leg_ends_with_the_agent(rig: Rig) -> None:
    played = place(rig, "agent")
    do(rig, played, [ARM])
    file = record(rig, played, "agent")
    rig.pass_time(0.5)
    end(rig, played, "hang up")
    rig.pass_time(PROMPT_SECONDS + 1)
    rig.clear()
    both = np.frombuffer(file.read_bytes(), "<i2").reshape(-1, 2) / 32768
    assert duration(both[:, 0], TONES["closing"]) == duration(both[:, 1], TONES["closing"]) == 0
