"""A supervisor in a call that becomes another agent's: goes along, or is let go where that agent is not theirs to hear.
Whom the three hear is asked of both switches in tests/conformance/test_following.py."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from eslbot.sim import Party, Switch, attended
from eslbot.sim.leg import Leg
from eslbot.store import Ledger
from eslbot.store.accounts import AccountStore
from eslbot.supervise.access import Person, Staff
from eslbot.supervise.passwords import Passwords
from eslbot.supervise.staffing import Staffing
from tests.service.people.test_supervising import Scene
from tests.service.rig import Rig
from tests.sim.test_attended import PHONES

THEIRS, OTHERS = "1002", "1003"
"""A second agent's phone, of the same team and of another."""


@pytest.fixture
def scene(tmp_path: Path, switch: Switch, unmoved: str) -> Iterator[Scene]:
    switch.core.dialplan.include(PHONES)
    rig = Rig(tmp_path, switch, judge={"packs": [unmoved]})
    service = rig.start()
    staff = Staffing(AccountStore(service.settings.store.url), Passwords(), "root", time.time)
    for name, phone, team in (("rob", "1001", "a"), ("eve", THEIRS, "a"), ("kim", OTHERS, "b")):
        staff.add(name, "agent", (team,), phone)
    staff.add("first", "supervisor", ("a",), "1900")
    rig.until(lambda: service.front.accounts.roster.get("first"), "the accounts are not known")
    yield Scene(rig)
    rig.stop()


def join(scene: Scene, mode: str = "whisper") -> Leg:
    """As an account that sees team `a` only; their leg."""
    scene.expect()
    assert scene.rig.service is not None
    handlers = scene.rig.service.front.handlers
    person = Person("first", Staff.SUPERVISOR, "session", frozenset("a"))
    handlers[mode]({"call": scene.id, "phone": "1900", "wait": True}, person)
    return scene.legs()[0]


def transfer(scene: Scene, number: str) -> Leg:
    """To that agent, whose leg it gives."""
    switch = scene.rig.switch
    switch.expect(number, Party())
    line = switch.ring(Party(), number, caller="1001")
    scene.rig.until(lambda: line.partner, "no second line")
    second = line.partner
    assert second is not None
    assert attended.refer(scene.call.agent, line)
    return second


def audited(scene: Scene) -> list[tuple[str, str]]:
    service = scene.rig.service
    assert service is not None
    assert service.trail.flush(30)
    return [(row.who, row.detail) for row in Ledger(service.settings.store.url).rows() if row.what == "follow"]


def test_who_sees_the_second_agents_calls_goes_along_and_it_is_audited(scene: Scene) -> None:
    leg = join(scene)
    second = transfer(scene, THEIRS)
    scene.rig.until(lambda: leg.variables.get("current_application_data") == second.uuid, "not there")
    assert [(seat["by"], seat["mode"]) for seat in scene.seats()] == [("account:first", "whisper")]
    assert audited(scene) == [("eslbot", "account:first: another agent")]


def test_who_does_not_is_let_go_and_hears_none_of_it(scene: Scene) -> None:
    leg = join(scene, "listen")
    second = transfer(scene, OTHERS)
    scene.rig.until(lambda: leg.gone, "still in")
    assert leg.variables["current_application_data"] != second.uuid
    assert audited(scene) == [("eslbot", "account:first: the call went to an agent whom they may not hear")]
    assert [state.phase.value for state in scene.states() if state.id == scene.id] == ["up"]


def test_a_supervisor_of_another_team_never_hears_a_consult_and_comes_back_after_it(scene: Scene) -> None:
    leg, switch, agent = join(scene), scene.rig.switch, scene.call.agent
    switch.expect(OTHERS, Party())
    agent.told.append(("att_xfer", f"sofia/internal/{OTHERS}@127.0.0.1", 1, ""))
    scene.rig.until(lambda: [seat["state"] for seat in scene.seats()] == ["consult"], "does not wait")
    scene.rig.until(lambda: leg.variables["current_application"] == "sleep", "still hears")
    second = next(one for one in switch.core.legs.values() if one.profile.destination == OTHERS)
    scene.rig.until(lambda: second.partner is agent, "no consult")
    second.hangup()
    scene.rig.until(lambda: leg.variables.get("current_application_data") == agent.uuid, "not back")
    assert [(seat["state"], seat["mode"]) for seat in scene.seats()] == [("in", "whisper")]
    assert audited(scene) == [("eslbot", "account:first: waits while the agent consults another"),
                              ("eslbot", "account:first: the same agent")]


def test_who_hears_an_agent_whose_leg_goes_on_elsewhere_is_let_go(scene: Scene) -> None:
    """The customer is sent away; the agent's leg is not, and its next call is nobody's to hear."""
    leg, agent = join(scene, "listen"), scene.call.agent
    agent.variables["park_after_bridge"] = "true"
    scene.call.customer.hangup()
    scene.rig.until(lambda: leg.gone, "still in")
    assert agent.up
