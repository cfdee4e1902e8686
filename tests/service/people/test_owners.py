"""Whose a call is, and who therefore sees it, on a call that is up."""

from collections.abc import Callable
from typing import Any

import pytest

from eslbot.model import facts
from eslbot.model.call import Confirm
from eslbot.sim import Party
from eslbot.store.account_rows import UserRow
from eslbot.store.chain import Entry
from eslbot.supervise.access import NoSuch, Person, Staff
from tests.service.rig import PROMISE, RATE, Rig, line, party


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


PHONES = """<include><extension name="agents"><condition field="destination_number" expression="^(10\\d\\d)$">
  <action application="bridge" data="user/$1"/></condition></extension></include>"""
NORTH, SOUTH = (person(Staff.SUPERVISOR, team) for team in ("north", "south"))


@pytest.fixture
def two(make_rig: Callable[..., Rig]) -> Rig:
    """seat7 of north has 1001, seat8 of south 1002; nothing is done to the call itself."""
    rig = make_rig(act={"shadow": True})
    rig.switch.core.dialplan.include(PHONES)
    rig.start()
    member(rig, "seat7", Staff.AGENT, "north", phone="1001")
    member(rig, "seat8", Staff.AGENT, "south", phone="1002")
    return rig


def promised(rig: Rig, count: int) -> None:
    def final() -> set[str]:
        return {fact.hit.key for fact in rig.seen(facts.Violated) if fact.confirm is Confirm.FINAL}

    rig.until(lambda: len(final()) == count, f"not {count} promises")


def joined(rig: Rig, count: int) -> None:
    rig.until(lambda: len(rig.seen(facts.Joined)) >= count, f"nobody came as the {count}.")


def handed_over(rig: Rig, call: str, calls: tuple[int, int] = (1, 1)) -> None:
    """What the store and people say of a call of seat7's and then seat8's in which both have promised; `calls`: how
    many each has had in all."""
    service = rig.service
    assert service is not None
    rig.settled()
    first, second = service.store.stays.find(call=call)
    assert [(stay.agent, stay.team) for stay in (first, second)] == [("seat7", "north"), ("seat8", "south")]
    assert first.started < first.ended <= second.started < second.ended
    assert 0 == first.first < first.end <= second.first < second.end
    assert first.leg != second.leg
    promises = [row for row in rig.rows("violations") if row.rule == "guaranteed-return"]
    by = {row.agent: row for row in promises}
    assert len(promises) == 2
    assert {name: row.team for name, row in by.items()} == {"seat7": "north", "seat8": "south"}
    [owed] = [row for row in rig.rows("violations") if row.rule == "recording-notice"]
    assert (owed.agent, owed.team) == ("", ""), "it was owed while both were there"
    assert by["seat7"].start < first.end <= second.first <= by["seat8"].start
    for agent, others, had in (("seat7", "seat8", calls[0]), ("seat8", "seat7", calls[1])):
        own = service.front.handlers["record"]({}, person(Staff.AGENT, name=agent))
        assert ([row["rule"] for row in own["violations"]], own["calls"]) == (["guaranteed-return"], had)
        theirs = service.front.handlers["record"]({"agent": others}, person(Staff.AGENT, name=agent))
        assert (theirs["violations"], theirs["calls"]) == ([], 0)
    for who in (NORTH, SOUTH):
        kept = service.front.handlers["recording"]({"call": call}, who)
        assert [stay["agent"] for stay in kept["agents"]] == ["seat7", "seat8"]
        assert call in [row["call"] for row in service.front.handlers["recordings"]({}, who)["recordings"]]
    with pytest.raises(NoSuch):
        service.front.handlers["recording"]({"call": call}, person(Staff.SUPERVISOR, "west"))


def test_after_a_blind_transfer_each_agent_answers_for_the_own_words(two: Rig) -> None:
    rig = two
    call = rig.place(party(line(PROMISE, 0.5)), party())
    promised(rig, 1)
    assert [row["agent"] for row in seen(rig, NORTH)] == ["seat7"]
    rig.switch.expect("1002", party(line(PROMISE, 1.0), hangs_up_at=10.0))
    assert rig.switch.core.api(f"uuid_transfer {call.agent.uuid} -bleg 1002 XML default").startswith("+OK")
    joined(rig, 2)
    assert (seen(rig, NORTH), [row["agent"] for row in seen(rig, SOUTH)]) == ([], ["seat8"])
    assert not seen(rig, person(Staff.AGENT, name="seat7"))
    handed_over(rig, call.customer.uuid)


def test_after_an_attended_transfer_each_agent_answers_for_the_own_words(two: Rig) -> None:
    rig = two
    call = rig.place(party(line(PROMISE, 0.5)), party())
    promised(rig, 1)
    api = rig.switch.core.api
    assert api(f"uuid_hold {call.customer.uuid}").startswith("+OK")
    second = rig.switch.place(
        Party(rate=RATE), party(line(PROMISE, 8.0), hangs_up_at=12.0), agent_number="1001", customer_number="1002",
        variables={side: {"eslbot_role": "agent"} for side in ("agent", "customer")})
    rig.until(lambda: [row["agent"] for row in seen(rig, SOUTH)] == ["seat8"], "the consult was not seen")
    assert [row["agent"] for row in seen(rig, NORTH) if row["call"] == call.customer.uuid] == ["seat7"], "a consult"
    assert api(f"uuid_hold off {call.customer.uuid}").startswith("+OK")
    assert api(f"uuid_bridge {second.customer.uuid} {call.customer.uuid}").startswith("+OK")
    mine = lambda who: [row["agent"] for row in seen(rig, who) if row["call"] == call.customer.uuid]  # noqa: E731
    rig.until(lambda: mine(SOUTH) == ["seat8"], "the second agent was not seen")
    assert mine(NORTH) == []
    handed_over(rig, call.customer.uuid, calls=(1, 2))   # the consult is a call of the second's, too


def test_who_came_while_we_were_dead_answers_for_nothing_said_meanwhile(two: Rig) -> None:
    """The first agent's promise at the end of our first life, and one that nobody knows whose it is."""
    rig = two
    call = rig.place(party(line(PROMISE, 1.0), line(PROMISE, 14.0)), party())
    promised(rig, 1)
    rig.stop()
    rig.switch.wait(lambda: call.agent.party.answered > 21 * RATE, timeout=30.0)
    rig.switch.expect("1002", party(line(PROMISE, 8.0), hangs_up_at=16.0))
    assert rig.switch.core.api(f"uuid_transfer {call.agent.uuid} -bleg 1002 XML default").startswith("+OK")
    service = rig.start()
    rig.settled()
    first, second = service.store.stays.find(call=call.customer.uuid)
    assert (first.agent, second.agent) == ("seat7", "seat8")
    assert first.end < second.first, "what was said while we were dead is nobody's"
    promises = [row for row in rig.rows("violations") if row.rule == "guaranteed-return"]
    assert sorted(row.agent for row in promises) == ["", "seat7", "seat8"]
