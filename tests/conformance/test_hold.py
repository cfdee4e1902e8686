"""Hold, by the phone (a re-INVITE) and by uuid_hold: who hears whom, what the recording holds, and how it ends."""

from dataclasses import dataclass

import pytest

from tests.conformance.conftest import PROMPT_SECONDS, TONES
from tests.conformance.hearing import duration
from tests.conformance.rig import Event, Rig, Role
from tests.conformance.score import FIRSTS, Played, do, listen, place, record, recorded
from tests.conformance.tables import LIFT, MUTE_CUSTOMER_WRITE

APART: dict[Role, frozenset[str]] = {"agent": frozenset(), "customer": frozenset()}
TOGETHER: dict[Role, frozenset[str]] = {"agent": frozenset({"customer"}), "customer": frozenset({"agent"})}
ARM = "uuid_setvar {customer} transfer_after_bridge eslbot_closing:XML:default"
GUARD = "uuid_setvar {agent} hold_hangup_xfer_exten eslbot_closing:XML:default"
BYS = ("phone", "uuid_hold")


def hold(rig: Rig, played: Played, by: str, who: Role, on: bool = True) -> None:
    leg = played.call.leg(who)
    if by == "phone":
        rig.hold(leg, on)
    else:
        assert rig.api(f"uuid_hold {'' if on else 'off '}{leg.uuid}").startswith("+OK")


@dataclass(frozen=True, slots=True)
class Held:
    """One call that was held for a while, muted meanwhile, taken back, and unmuted."""

    held: dict[Role, frozenset[str]]
    said: frozenset[str]
    """In the recording of the customer's leg meanwhile, of what it says."""
    heard: frozenset[str]
    grown: bool
    muted: dict[Role, frozenset[str]]
    lifted: dict[Role, frozenset[str]]
    events: list[tuple[str, str]]


def holds(events: list[Event], played: Played) -> list[tuple[str, str]]:
    """The events of hold, and whose leg each is of."""
    roles = {played.call.leg(role).uuid: role for role in FIRSTS}
    return [(e["Event-Name"], str(roles.get(e["Unique-ID"]))) for e in events if "HOLD" in e["Event-Name"]]


@pytest.fixture(scope="module")
def everything(rig: Rig) -> dict[tuple[str, Role, Role], Held]:
    done = {}
    for by in BYS:
        for who in FIRSTS:
            for first in FIRSTS:
                played = place(rig, first)
                file = record(rig, played, "customer")
                rig.pass_time(0.8)
                since = rig.mark()
                hold(rig, played, by, who)
                rig.pass_time(0.5)
                size = file.stat().st_size
                held = listen(rig, [played])[0]
                grown = file.stat().st_size > size
                said, heard = recorded(file, rig.rate) if grown else (frozenset[str](), frozenset[str]())
                do(rig, played, [MUTE_CUSTOMER_WRITE])
                hold(rig, played, by, who, on=False)
                muted = listen(rig, [played], settle=0.8)[0]
                do(rig, played, [LIFT])
                lifted = listen(rig, [played])[0]
                told = holds(rig.events(since), played)
                rig.clear()
                done[by, who, first] = Held(held, said, heard, grown, muted, lifted, told)
    return done


ROWS = [(by, who, first) for by in BYS for who in FIRSTS for first in FIRSTS]
rows = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"by {row[0]}, {row[1]} holds, {row[2]} first")


@rows
def test_hold_parts_the_two_and_is_told_of_the_leg_that_holds_only(
    everything: dict[tuple[str, Role, Role], Held], row: tuple[str, Role, Role]
) -> None:
    assert everything[row].held == APART
    assert everything[row].events == [("CHANNEL_HOLD", row[1]), ("CHANNEL_UNHOLD", row[1])]


@rows
def test_the_customers_recording_goes_on_while_the_agent_holds_and_stands_still_while_the_customer_does(
    everything: dict[tuple[str, Role, Role], Held], row: tuple[str, Role, Role]
) -> None:
    held = everything[row]
    assert held.grown is (row[1] == "agent")
    if held.grown:
        assert (held.said, held.heard) == ({"customer"}, frozenset())


@rows
def test_a_mute_set_on_hold_is_there_afterwards_and_can_be_lifted(
    everything: dict[tuple[str, Role, Role], Held], row: tuple[str, Role, Role]
) -> None:
    assert everything[row].muted == {"agent": {"customer"}, "customer": frozenset()}
    assert everything[row].lifted == TOGETHER


def _leave(rig: Rig, first: Role, by: str, kill: bool, commands: list[str]) -> tuple[float, set[str]]:
    """The agent holds, and leaves: for how long the closing was heard, and what was told of the customer's leg."""
    played = place(rig, first)
    do(rig, played, commands)
    hold(rig, played, by, "agent")
    rig.pass_time(0.6)
    since = rig.mark()
    if kill:
        do(rig, played, ["uuid_kill {agent} CALL_REJECTED"])
    else:
        rig.hang_up(played.call.agent)
    rig.pass_time(PROMPT_SECONDS + 1.2)
    told = {e["Event-Name"] for e in rig.events(since) if e.get("Unique-ID") == played.call.customer.uuid}
    heard = duration(rig.heard(played.call.customer), TONES["closing"], rig.rate)
    rig.clear()
    return heard, told


@pytest.mark.parametrize("first", FIRSTS)
@pytest.mark.parametrize("by", BYS)
def test_an_agent_who_hangs_up_on_hold_takes_the_customer_along(rig: Rig, first: Role, by: str) -> None:
    heard, told = _leave(rig, first, by, kill=False, commands=[ARM])
    assert heard == 0
    assert "CHANNEL_HANGUP" in told
    assert "PLAYBACK_START" not in told


@pytest.mark.parametrize("kill", [False, True], ids=["hangs up", "is killed"])
@pytest.mark.parametrize("first", FIRSTS)
@pytest.mark.parametrize("by", BYS)
def test_unless_the_agents_leg_is_armed_for_it(rig: Rig, first: Role, by: str, kill: bool) -> None:
    heard, told = _leave(rig, first, by, kill, [ARM, GUARD])
    assert heard >= PROMPT_SECONDS - 0.4
    assert "PLAYBACK_STOP" in told


@pytest.mark.parametrize("first", FIRSTS)
def test_what_the_agents_leg_was_armed_with_can_be_taken_back(rig: Rig, first: Role) -> None:
    disarm = ["uuid_setvar {customer} transfer_after_bridge", "uuid_setvar {agent} hold_hangup_xfer_exten"]
    heard, told = _leave(rig, first, "phone", kill=False, commands=[ARM, GUARD, *disarm])
    assert heard == 0
    assert "PLAYBACK_START" not in told


@pytest.mark.parametrize("by", BYS)
def test_a_customer_who_is_on_hold_is_played_the_closing_and_hears_none_of_it(rig: Rig, by: str) -> None:
    """The events are those of a closing that was heard: its proof proves that it was sent."""
    played = place(rig, "agent")
    do(rig, played, [ARM])
    hold(rig, played, by, "customer")
    rig.pass_time(0.6)
    since = rig.mark()
    rig.hang_up(played.call.agent)
    customer = played.call.customer.uuid
    start = rig.wait(lambda e: e["Event-Name"] == "PLAYBACK_START" and e["Unique-ID"] == customer, since)
    rig.pass_time(PROMPT_SECONDS)
    heard = duration(rig.heard(played.call.customer), TONES["closing"], rig.rate)
    rig.clear()
    assert start["Caller-Destination-Number"] == "eslbot_closing"
    assert heard == 0
