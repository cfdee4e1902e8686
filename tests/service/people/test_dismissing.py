"""Who is closed, or may less, while their phone is in a call: what each party hears is what counts."""

import time
from collections.abc import Callable

import pytest

from eslbot.store import Ledger
from eslbot.store.accounts import AccountStore
from eslbot.supervise.access import Person, Staff
from eslbot.supervise.passwords import Passwords
from eslbot.supervise.staffing import Staffing
from tests.service.people.test_supervising import BOTH, HEARD, Scene
from tests.service.rig import Rig


class Closed(Scene):
    """A supervisor of north, first, and one who stays, su; both in the call of north's seat7."""

    def __init__(self, rig: Rig) -> None:
        service = rig.start()
        self.staff = Staffing(AccountStore(service.settings.store.url), Passwords(1, 8), "root", time.time)
        self.staff.add("seat7", "agent", ["north"], "1001")
        for name, phone in (("first", "1900"), ("su", "1901")):
            self.staff.add(name, "supervisor", ["north"], phone)
        rig.until(lambda: service.front.accounts.roster.by_phone("1901"), "the accounts are not known")
        super().__init__(rig)

    def join(self, name: str, verb: str, phone: str) -> None:
        assert self.rig.service is not None
        person = Person(name, Staff.SUPERVISOR, "session", frozenset({"north"}), phone)
        given = {"call": self.id, "phone": phone, "wait": True}
        assert self.rig.service.front.handlers[verb](given, person)["state"] == "in"

    def inside(self) -> list[str]:
        return [seat["by"] for seat in self.seats()]


@pytest.fixture
def scene(rig: Rig) -> Closed:
    return Closed(rig)


@pytest.mark.parametrize("close", [
    lambda staff: staff.disable("first", True), lambda staff: staff.remove("first"),
    lambda staff: staff.role("first", "quality"), lambda staff: staff.teams("first", ["south"]),
])
def test_whoever_may_hear_a_call_no_more_hears_it_no_more_and_the_call_goes_on(
    scene: Closed, close: Callable[[Staffing], None],
) -> None:
    gone, stays = scene.expect("1900"), scene.expect("1901")
    scene.join("first", "whisper", "1900")
    scene.join("su", "listen", "1901")
    close(scene.staff)
    scene.rig.until(lambda: scene.inside() == ["account:su"], "still in")
    agent, customer = scene.parties
    assert scene.heard(agent, customer, gone, stays) == [{"customer"}, {"agent"}, set(), BOTH]
    service = scene.rig.service
    assert service is not None
    assert service.trail.flush(10)
    rows = [(row.what, row.who, row.subject) for row in Ledger(service.settings.store.url).rows()]
    assert ("leave", "eslbot", "account:first") in rows


def test_a_customer_who_was_taken_over_is_not_dropped_and_other_changes_send_nobody_away(scene: Closed) -> None:
    phone = scene.expect("1900")
    scene.join("first", "listen", "1900")
    scene.staff.pin("first", "408162")
    scene.staff.disable("su", True)
    scene.staff.teams("first", ["north", "south"])
    service = scene.rig.service
    assert service is not None
    roster = service.front.accounts.roster
    scene.rig.until(lambda: len(getattr(roster.get("first"), "teams", ())) == 2, "not known")
    assert scene.heard(*scene.parties, phone) == [*HEARD["listen"], BOTH]
    scene.join("first", "takeover", "1900")
    scene.staff.disable("first", True)
    scene.rig.until(lambda: getattr(roster.get("first"), "disabled", False), "not known")
    assert scene.heard(scene.parties[1], phone) == [{"supervisor"}, {"customer"}]
