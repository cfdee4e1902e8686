"""Transfers: by the switch's command, by att_xfer, and by the agent's own phone (REFER with Replaces). Whose legs stay,
who hears whom, what the recording of the customer's leg holds, whether a mute and the closing survive."""

from collections.abc import Iterator

import pytest

from tests.conformance import consulting
from tests.conformance.conftest import PROMPT_SECONDS, TONES
from tests.conformance.hearing import duration
from tests.conformance.rig import Event, Leg, Rig, Role
from tests.conformance.score import FIRSTS, Played, do, names, place, record, recorded
from tests.conformance.tables import LIFT, MUTE_CUSTOMER_WRITE
from tests.conformance.test_hold import ARM, GUARD

BUSY = "9486"
SECOND = frozenset({"supervisor"})
"""The second agent speaks the supervisor's tone."""
CUSTOMER, AGENT, NOTHING = frozenset({"customer"}), frozenset({"agent"}), frozenset[str]()


@pytest.fixture(autouse=True)
def _cleared(rig: Rig) -> Iterator[None]:
    yield
    rig.clear()


def second_agent(rig: Rig) -> Leg:
    return Leg("supervisor", "", rig.number("agent", TONES["supervisor"]))


def hear(rig: Rig, *legs: Leg) -> list[frozenset[str]]:
    heard = rig.listen(1.0, *legs, settle=0.7)
    return [names(heard[leg], rig.rate) for leg in legs]


def closing(rig: Rig, played: Played) -> float:
    """For how long it was heard, once there was time to."""
    rig.pass_time(PROMPT_SECONDS + 1.2)
    return duration(rig.heard(played.call.customer), TONES["closing"], rig.rate)


def bridges(events: list[Event], played: Played) -> list[tuple[str, str, str]]:
    """Who was joined with whom and parted, in order: (event, A leg, B leg); `second` is whoever is neither party."""
    roles = {played.call.agent.uuid: "agent", played.call.customer.uuid: "customer"}
    return [
        (
            e["Event-Name"].removeprefix("CHANNEL_"),
            roles.get(e["Bridge-A-Unique-ID"], "second"),
            roles.get(e["Bridge-B-Unique-ID"], "second"),
        )
        for e in events
        if e["Event-Name"] in ("CHANNEL_BRIDGE", "CHANNEL_UNBRIDGE")
    ]


@pytest.mark.parametrize("first", FIRSTS)
def test_an_agents_leg_that_is_sent_away_leaves_the_customer_to_the_closing(rig: Rig, first: Role) -> None:
    played, second = place(rig, first), second_agent(rig)
    do(rig, played, [ARM, GUARD])
    assert rig.api(f"uuid_transfer {played.call.agent.uuid} {second.number} XML default").startswith("+OK")
    assert closing(rig, played) >= PROMPT_SECONDS - 0.4


@pytest.mark.parametrize(
    ("first", "guarded"), [("agent", False), ("agent", True), ("customer", True)],
    ids=["agent first", "agent first, armed for hold", "customer first, armed for hold"],
)
def test_a_phones_attended_transfer_keeps_the_customers_leg_and_all_that_hangs_on_it(
    rig: Rig, first: Role, guarded: bool
) -> None:
    """A customer who is the A leg, and an agent's leg not armed, are a race: 1 of 16 runs ended the customer's leg."""
    played, second = place(rig, first), second_agent(rig)
    do(rig, played, [ARM, GUARD] if guarded else [ARM])
    file = record(rig, played, "customer")
    rig.hold(played.call.agent)
    rig.pass_time(0.4)
    line = rig.consult(played.call.agent, second.number, TONES["agent"])
    rig.pass_time(0.5)
    do(rig, played, [MUTE_CUSTOMER_WRITE])
    since = rig.mark()
    assert "200" in rig.refer(played.call.agent, line, second.number)
    joined(rig, played, since, {"customer", "second"})
    assert hear(rig, second, played.call.customer) == [CUSTOMER, NOTHING]
    assert recorded(file, rig.rate) == (CUSTOMER, SECOND)
    do(rig, played, [LIFT])
    assert hear(rig, second, played.call.customer) == [CUSTOMER, SECOND]
    told = bridges(rig.events(since), played)
    assert ("BRIDGE", "customer", "second") in told  # the last, on a real switch; nothing relies on that
    rig.hang_up(second)
    assert closing(rig, played) >= PROMPT_SECONDS - 0.4


def att_xfer(rig: Rig, first: Role, number: str) -> tuple[Played, int]:
    """The agent calls that number, while the customer waits; once the two are joined, or it is busy."""
    played = place(rig, first)
    do(rig, played, [ARM, GUARD])
    since = consulting.att_xfer(rig, played, number)
    consulting.guard(rig, played)
    if number == BUSY:
        rig.wait(lambda e: e["Event-Name"] == "CHANNEL_DESTROY" and _dials(e, number), since)
    else:
        joined(rig, played, since, {"agent", "second"})
    return played, since


def _dials(event: Event, number: str) -> bool:
    return bool(event.get("Caller-Destination-Number") == number)


def joined(rig: Rig, played: Played, since: int, whom: set[str]) -> None:
    """Waits until those two were joined: on a machine with other work to do the switch takes its time. That they then
    hear each other is another thing, and asked for."""
    rig.wait(lambda e: any(one == "BRIDGE" and set(two) == whom for one, *two in bridges([e], played)), since)


@pytest.mark.parametrize("first", FIRSTS)
def test_a_consult_by_att_xfer_leaves_the_customer_in_silence_and_is_told_as_a_bridge_of_the_agents(
    rig: Rig, first: Role
) -> None:
    """No CHANNEL_UNBRIDGE parts the customer from the agent before."""
    second = second_agent(rig)
    played, since = att_xfer(rig, first, second.number)
    file = record(rig, played, "customer")
    assert hear(rig, second, played.call.agent, played.call.customer) == [AGENT, SECOND, NOTHING]
    assert recorded(file, rig.rate) == (CUSTOMER, NOTHING)
    assert bridges(rig.events(since), played) == [("BRIDGE", "agent", "second")]
    since = rig.mark()
    rig.hang_up(played.call.agent)
    joined(rig, played, since, {"second", "customer"})
    assert hear(rig, second, played.call.customer) == [CUSTOMER, SECOND]
    assert recorded(file, rig.rate) == (CUSTOMER, SECOND)
    told = bridges(rig.events(since), played)
    assert ("BRIDGE", "second", "customer") in told
    assert ("UNBRIDGE", "agent", "second") in told  # of two legs: the order is not to be relied on
    consulting.guard(rig, played, on=False)
    rig.hang_up(second)
    assert closing(rig, played) >= PROMPT_SECONDS - 0.4


@pytest.mark.parametrize("first", FIRSTS)
def test_a_second_agent_who_leaves_gives_the_customer_back(rig: Rig, first: Role) -> None:
    second = second_agent(rig)
    played, since = att_xfer(rig, first, second.number)
    left = rig.mark()
    rig.hang_up(second)
    joined(rig, played, left, {"agent", "customer"})
    assert hear(rig, played.call.agent, played.call.customer) == [CUSTOMER, AGENT]
    told = bridges(rig.events(since), played)
    assert {told[-1][0], *told[-1][1:]} == {"BRIDGE", "agent", "customer"}
    assert set(told) >= {("BRIDGE", "agent", "second"), ("UNBRIDGE", "agent", "second")}
    consulting.guard(rig, played, on=False)
    rig.hang_up(played.call.agent)
    assert closing(rig, played) >= PROMPT_SECONDS - 0.4


def test_a_second_agent_who_is_busy_changes_nothing_and_is_told_of_in_no_bridge(rig: Rig) -> None:
    played, since = att_xfer(rig, "agent", BUSY)
    assert hear(rig, played.call.agent, played.call.customer) == [CUSTOMER, AGENT]
    assert bridges(rig.events(since), played) == []


@pytest.mark.parametrize("first", FIRSTS)
def test_three_at_once_are_heard_in_the_agents_channel_and_a_mute_silences_both_agents(
    rig: Rig, first: Role
) -> None:
    second = second_agent(rig)
    played, _ = att_xfer(rig, first, second.number)
    file = record(rig, played, "customer")
    rig.press(played.call.agent, "0")
    rig.pass_time(0.5)
    assert hear(rig, second, played.call.agent, played.call.customer) == [
        CUSTOMER | AGENT, CUSTOMER | SECOND, AGENT | SECOND,
    ]
    assert recorded(file, rig.rate) == (CUSTOMER, AGENT | SECOND)
    do(rig, played, [MUTE_CUSTOMER_WRITE])
    assert hear(rig, played.call.customer) == [NOTHING]
