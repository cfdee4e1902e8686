"""Whose a call is, and who therefore sees it, on a call that is up."""

from collections.abc import Callable
from typing import Any

import pytest

from eslbot.store.account_rows import UserRow
from eslbot.store.chain import Entry
from eslbot.supervise.access import NoSuch, Person, Staff
from tests.service.rig import Rig, party


def member(rig: Rig, name: str, role: Staff, *teams: str, phone: str = "") -> None:
    assert rig.service is not None
    row = UserRow(name, role.value, teams, phone)
    rig.service.front.accounts.run(lambda store: store.add(row, Entry("user-added", "test", subject=name)))


def person(role: Staff, *teams: str, name: str = "somebody") -> Person:
    return Person(name, role, "session", frozenset(teams) or None)


def seen(rig: Rig, who: Person) -> list[dict[str, Any]]:
    assert rig.service is not None
    return rig.service.front.handlers["calls"]({}, who)["calls"]  # type: ignore[no-any-return]


@pytest.fixture
def up(rig: Rig) -> Callable[[], Any]:
    """Places a call of agent 1001 and waits until its owner is known."""

    def place() -> Any:
        call = rig.place(party(), party())
        service = rig.service
        assert service is not None
        rig.until(lambda: any(state.actable for state in service.desk.states()), "not up")
        return call

    return place


def test_a_call_is_its_agents_by_the_phone_and_only_those_of_the_team_see_it(
    rig: Rig, up: Callable[[], Any],
) -> None:
    service = rig.start()
    member(rig, "seat7", Staff.AGENT, "north", phone="1001")
    call = up()
    [row] = seen(rig, person(Staff.SUPERVISOR, "north"))
    assert (row["call"], row["agent"], row["team"]) == (call.customer.uuid, "seat7", "north")
    assert len(seen(rig, person(Staff.SUPERVISOR))) == 1
    assert len(seen(rig, person(Staff.AGENT, name="seat7"))) == 1
    assert seen(rig, person(Staff.SUPERVISOR, "south")) == []
    assert seen(rig, person(Staff.AGENT, name="other")) == []

    def words(call: str) -> str:
        with pytest.raises(NoSuch) as refused:
            service.front.handlers["mute"]({"call": call}, person(Staff.SUPERVISOR, "south"))
        return str(refused.value)

    assert words(call.customer.uuid) == words("6f9619ff").replace("6f9619ff", call.customer.uuid)
    service.store.flush(30)
    [kept] = rig.rows("calls")
    assert (kept.agent, kept.team) == ("seat7", "north")


def test_a_call_of_nobody_known_is_seen_by_those_who_see_everybodys(rig: Rig, up: Callable[[], Any]) -> None:
    service = rig.start()
    member(rig, "seat7", Staff.AGENT, "north", phone="1001")
    service.front.accounts.run(lambda store: store.change("seat7", disabled=True))
    up()
    assert [row["agent"] for row in seen(rig, person(Staff.SUPERVISOR))] == [""]
    assert seen(rig, person(Staff.SUPERVISOR, "north")) == []


def test_whose_a_call_is_outlives_a_restart_even_where_the_account_was_moved_meanwhile(
    rig: Rig, up: Callable[[], Any],
) -> None:
    rig.start()
    member(rig, "seat7", Staff.AGENT, "north", phone="1001")
    up()
    rig.stop()
    service = rig.start()
    service.front.accounts.run(lambda store: store.change("seat7", teams=("south",)))
    rig.until(lambda: seen(rig, person(Staff.SUPERVISOR, "north")), "the call is nobody's after the restart")
    assert seen(rig, person(Staff.SUPERVISOR, "south")) == []
