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
ROWS = [(by, who, first) for by in BYS for who in FIRSTS for first in FIRSTS]
NOTHING: frozenset[str] = frozenset()


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
    events: list[tuple[str, Role]]


def holds(events: list[Event], played: Played) -> list[tuple[str, Role]]:
    """The events of hold, and whose leg each is of."""
    roles: dict[str, Role] = {played.call.leg(role).uuid: role for role in FIRSTS}
    here = [e for e in events if "HOLD" in e["Event-Name"] and e["Unique-ID"] in roles]
    return [(e["Event-Name"], roles[e["Unique-ID"]]) for e in here]


Row = tuple[str, Role, Role]
"""By phone or uuid_hold, who holds, who is the A leg."""


@pytest.fixture(scope="module")
def everything(rig: Rig) -> dict[Row, Held]:
    """Every row at once, so that it takes seconds."""
    done = [place(rig, first) for _, _, first in ROWS]
    files = [record(rig, played, "customer") for played in done]
    rig.pass_time(0.8)
    since = rig.mark()
    for (by, who, _), played in zip(ROWS, done, strict=True):
        hold(rig, played, by, who)
    rig.pass_time(0.7)
    sizes = [file.stat().st_size for file in files]
    held = listen(rig, done)
    grown = [file.stat().st_size > size for file, size in zip(files, sizes, strict=True)]
    kept = [recorded(file, rig.rate) if grew else (NOTHING, NOTHING) for file, grew in zip(files, grown, strict=True)]
    for (by, who, _), played in zip(ROWS, done, strict=True):
        do(rig, played, [MUTE_CUSTOMER_WRITE])
        hold(rig, played, by, who, on=False)
    muted = listen(rig, done, settle=2.0)
    for played in done:
        do(rig, played, [LIFT])
    lifted = listen(rig, done)
    events = [holds(rig.events(since), played) for played in done]
    rig.clear()
    return {
        row: Held(apart, *sides, grew, silenced, together, told)
        for row, apart, sides, grew, silenced, together, told in zip(
            ROWS, held, kept, grown, muted, lifted, events, strict=True
        )
    }


rows = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"by {row[0]}, {row[1]} holds, {row[2]} first")


@rows
def test_hold_parts_the_two_and_is_told_of_the_leg_that_holds_only(
    everything: dict[Row, Held], row: Row
) -> None:
    assert everything[row].held == APART
    assert everything[row].events == [("CHANNEL_HOLD", row[1]), ("CHANNEL_UNHOLD", row[1])]


@rows
def test_the_customers_recording_goes_on_while_the_agent_holds_and_stands_still_while_the_customer_does(
    everything: dict[Row, Held], row: Row
) -> None:
    held = everything[row]
    assert held.grown is (row[1] == "agent")
    if held.grown:
        assert (held.said, held.heard) == ({"customer"}, NOTHING)


@rows
def test_a_mute_set_on_hold_is_there_afterwards_and_can_be_lifted(
    everything: dict[Row, Held], row: Row
) -> None:
    assert everything[row].muted == {"agent": {"customer"}, "customer": frozenset()}
    assert everything[row].lifted == TOGETHER


@dataclass(frozen=True, slots=True)
class Leave:
    """The agent holds, and leaves."""

    name: str
    commands: tuple[str, ...]
    played: bool
    ends: str = ""
    """A command; empty: the agent hangs up."""
    bys: tuple[str, ...] = BYS


LEAVES = (
    Leave("hangs up", (ARM,), False),
    Leave("hangs up, the leg armed for it", (ARM, GUARD), True),
    Leave("is killed, the leg armed for it", (ARM, GUARD), True, "uuid_kill {agent} CALL_REJECTED"),
    Leave(
        "hangs up, disarmed again",
        (ARM, GUARD, "uuid_setvar {customer} transfer_after_bridge", "uuid_setvar {agent} hold_hangup_xfer_exten"),
        False,
        bys=("phone",),
    ),
)
LEFT = [(leave, by, first) for leave in LEAVES for by in leave.bys for first in FIRSTS]


@pytest.fixture(scope="module")
def left(rig: Rig) -> dict[tuple[str, str, Role], tuple[float, set[str]]]:
    """For how long the closing was heard, and what was told of the customer's leg. Every row at once."""
    done = [place(rig, first) for _, _, first in LEFT]
    for (leave, by, _), played in zip(LEFT, done, strict=True):
        do(rig, played, leave.commands)
        hold(rig, played, by, "agent")
    rig.pass_time(0.6)
    since = rig.mark()
    for (leave, _, _), played in zip(LEFT, done, strict=True):
        if leave.ends:
            do(rig, played, [leave.ends])
        else:
            rig.hang_up(played.call.agent)
    rig.pass_time(PROMPT_SECONDS + 1.5)
    found = {}
    for (leave, by, first), played in zip(LEFT, done, strict=True):
        customer = played.call.customer
        told = {e["Event-Name"] for e in rig.events(since) if e.get("Unique-ID") == customer.uuid}
        found[leave.name, by, first] = duration(rig.heard(customer), TONES["closing"], rig.rate), told
    rig.clear()
    return found


@pytest.mark.parametrize(
    ("leave", "by", "first"), LEFT, ids=[f"{leave.name}, by {by}, {first} first" for leave, by, first in LEFT]
)
def test_an_agent_who_leaves_while_holding_takes_the_customer_along_unless_the_leg_is_armed_for_it(
    left: dict[tuple[str, str, Role], tuple[float, set[str]]], leave: Leave, by: str, first: Role
) -> None:
    heard, told = left[leave.name, by, first]
    assert "CHANNEL_HANGUP" in told
    assert ("PLAYBACK_STOP" in told) is leave.played
    if leave.played:
        assert heard >= PROMPT_SECONDS - 0.4
    else:
        assert heard == 0


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
