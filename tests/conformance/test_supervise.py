"""Who hears whom while a supervisor is on the call: every row of SPIES, with either party as the A leg; takeover."""

import pytest

from tests.conformance.conftest import TONES
from tests.conformance.rig import Rig, Role
from tests.conformance.score import FIRSTS, Played, do, listen, place, spy
from tests.conformance.tables import BLEG, MUTE_CUSTOMER_WRITE, SPIES, SPIES_MEANWHILE, Spy, SpyMeanwhile

ROWS = [pytest.param(row, first, id=f"{row.name}, {first} first") for row in SPIES for first in FIRSTS]
Everything = dict[tuple[str, Role], Played]


@pytest.fixture(scope="module")
def everything(rig: Rig) -> Everything:
    rows = [(row, first) for row in SPIES for first in FIRSTS]
    done = [place(rig, first) for _, first in rows]
    for (row, _), played in zip(rows, done, strict=True):
        spy(rig, played, row)
    for played, heard in zip(done, listen(rig, done, settle=1.0), strict=True):
        played.heard = heard
    rig.clear()
    return {(row.name, first): played for (row, first), played in zip(rows, done, strict=True)}


@pytest.mark.parametrize(("row", "first"), ROWS)
def test_each_party_hears_what_the_table_says(everything: Everything, row: Spy, first: Role) -> None:
    assert everything[row.name, first].heard == {
        "agent": row.agent,
        "customer": row.customer,
        "supervisor": row.supervisor,
    }


@pytest.mark.parametrize("row", SPIES_MEANWHILE, ids=lambda row: f"{row.steps} on the {row.on}'s leg")
def test_a_supervisor_meets_a_mute_or_a_hold(rig: Rig, row: SpyMeanwhile) -> None:
    played = place(rig, "agent")
    for step in row.steps.split():
        if step == "mute":
            do(rig, played, [MUTE_CUSTOMER_WRITE])
        elif step == "hold":
            rig.hold(played.call.agent)
        else:
            on = played.call.leg(row.on).uuid
            played.supervisor = rig.third(f"eavesdrop({on})", TONES["supervisor"], {BLEG: "true"})
        rig.pass_time(0.4)
    heard = listen(rig, [played], settle=1.0)[0]
    rig.clear()
    assert heard == {"agent": row.agent, "customer": row.customer, "supervisor": row.supervisor}


@pytest.mark.parametrize("first", FIRSTS)
def test_a_takeover_drops_the_agent_and_joins_the_supervisor_with_the_customer(rig: Rig, first: Role) -> None:
    played = place(rig, first)
    played.supervisor = rig.third("park()", TONES["supervisor"])
    since = rig.mark()
    assert rig.api(f"uuid_bridge {played.supervisor.uuid} {played.call.customer.uuid}").startswith("+OK")
    rig.wait(lambda e: e["Event-Name"] == "CHANNEL_DESTROY" and e["Unique-ID"] == played.call.agent.uuid, since)
    heard = listen(rig, [played])[0]
    rig.clear()
    assert heard["customer"] == {"supervisor"}
    assert heard["supervisor"] == {"customer"}


@pytest.mark.parametrize("first", FIRSTS)
def test_the_call_goes_on_when_the_supervisor_leaves(rig: Rig, first: Role) -> None:
    played = place(rig, first)
    spy(rig, played, next(row for row in SPIES if row.name == "barge"))
    assert played.supervisor is not None
    rig.hang_up(played.supervisor)
    played.supervisor = None
    rig.pass_time(0.5)
    heard = listen(rig, [played])[0]
    rig.clear()
    assert heard == {"agent": {"customer"}, "customer": {"agent"}}
