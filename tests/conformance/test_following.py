"""A supervisor in a call whose agent transfers it: once it is another agent's, whom the three hear, on both switches
and in both orders of calling, without a second ring. What the switch itself does to a supervisor's leg then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.beside import Beside, running
from tests.conformance.conftest import TONES
from tests.conformance.rig import Leg, Rig, Role
from tests.conformance.score import FIRSTS, Played, names, place

SECOND = frozenset({"file"})
"""What the second agent says."""
CUSTOMER, SUPERVISOR = frozenset({"customer"}), frozenset({"supervisor"})
HEARD = {
    # what the second agent and the customer hear; the supervisor hears both
    "listen": (CUSTOMER, SECOND),
    "whisper": (CUSTOMER | SUPERVISOR, SECOND),
    "barge": (CUSTOMER | SUPERVISOR, SECOND | SUPERVISOR),
}


@pytest.fixture(scope="module")
def beside(rig: Rig, room: Path) -> Iterator[Beside]:
    with running(rig, room) as made:
        yield made


def second_agent(rig: Rig) -> Leg:
    return Leg("agent", "", rig.number("agent", TONES["file"]))


def hear(rig: Rig, *legs: Leg, settle: float = 1.0) -> tuple[frozenset[str], ...]:
    heard = rig.listen(1.0, *legs, settle=settle)
    return tuple(names(heard[leg], rig.rate) for leg in legs)


def transfer(rig: Rig, played: Played, second: Leg) -> None:
    """The agent's phone holds, calls the second one on its other line, and joins the two."""
    rig.hold(played.call.agent)
    rig.pass_time(0.4)
    line = rig.consult(played.call.agent, second.number, TONES["agent"])
    rig.pass_time(0.5)
    assert "200" in rig.refer(played.call.agent, line, second.number)


@pytest.mark.parametrize("mode", HEARD)
@pytest.mark.parametrize("first", FIRSTS)
def test_after_a_phones_attended_transfer_the_supervisor_hears_the_second_agents_call(
    beside: Beside, first: Role, mode: str
) -> None:
    rig, second = beside.rig, second_agent(beside.rig)
    played, since = beside.place(first), beside.rig.mark()
    beside.join(played, mode)
    assert played.supervisor is not None
    transfer(rig, played, second)
    assert hear(rig, second, played.call.customer, played.supervisor) == (*HEARD[mode], CUSTOMER | SECOND)
    assert [(seat["mode"], seat["state"]) for seat in beside.seats(played)] == [(mode, "in")]
    beside.join(played, "barge")  # and goes on being changed in the same call
    assert hear(rig, second, played.call.customer, played.supervisor) == (*HEARD["barge"], CUSTOMER | SECOND)
    rung = [e for e in rig.events(since) if e["Event-Name"] == "CHANNEL_CREATE"
            and e.get("Caller-Destination-Number") == played.supervisor.number]
    assert len(rung) == 1
    beside.ask("leave", call=played.call.customer.uuid)
    assert hear(rig, second, played.call.customer) == (CUSTOMER, SECOND)
    assert beside.seats(played) == []
    rig.clear()


@pytest.mark.parametrize("first", FIRSTS)
def test_an_agent_who_leaves_takes_the_supervisor_along(beside: Beside, first: Role) -> None:
    played = beside.place(first)
    beside.join(played, "whisper")
    beside.rig.hang_up(played.call.agent)
    beside.service.until(lambda: not beside.seats(played), "still in")
    beside.service.until(
        lambda: beside.service.lines("a supervisor's phone is gone", call=played.call.customer.uuid), "not told")
    beside.rig.clear()


@pytest.mark.parametrize("first", FIRSTS)
def test_a_leg_sent_to_another_spied_one_keeps_its_mode_and_lingers_when_that_one_is_gone(
    rig: Rig, first: Role
) -> None:
    """What following is built on."""
    one, other = place(rig, first), place(rig, first)
    leg = rig.third(f"eavesdrop({one.call.agent.uuid})", TONES["supervisor"], {"eavesdrop_whisper_bleg": "true"})
    target = f"eavesdrop:{other.call.agent.uuid},sleep:3000"
    assert rig.api(f"uuid_transfer {leg.uuid} {target} inline").startswith("+OK")
    both = frozenset({"agent", "customer"})
    heard = hear(rig, one.call.agent, other.call.agent, other.call.customer, leg)
    assert heard == (CUSTOMER, CUSTOMER | SUPERVISOR, frozenset({"agent"}), both)
    since = rig.mark()
    rig.api(f"uuid_kill {other.call.agent.uuid}")
    rig.pass_time(1.0)
    gone = [e for e in rig.events(since) if e["Event-Name"] == "CHANNEL_HANGUP" and e["Unique-ID"] == leg.uuid]
    assert gone == []
    rig.wait(lambda e: e["Event-Name"] == "CHANNEL_DESTROY" and e["Unique-ID"] == leg.uuid, since)
    rig.clear()
