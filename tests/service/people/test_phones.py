"""Feature codes of desk phones, through the shipped dialplan on the embedded switch: a phone that has registered dials,
enters its PIN, and hears the call; whatever is wrong, it hears nothing."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gevent import socket

from eslbot.model.call import CallId, LegId
from eslbot.model.supervising import Mode
from eslbot.service.people.phones import NOTED, Phones
from eslbot.sim import Party, Switch
from eslbot.sim.leg import Leg
from eslbot.store import Ledger
from eslbot.store.accounts import AccountStore
from eslbot.store.chain import Entry
from eslbot.supervise.access import Denied, Person, Staff
from eslbot.supervise.accounts import NoCodes, NotLetIn
from eslbot.supervise.passwords import Passwords
from eslbot.supervise.staffing import Staffing
from tests.conformance.hearing import tones
from tests.service.people.test_supervising import BOTH, HEARD, TONES, Scene, speaker
from tests.service.rig import RATE, Rig

CONF = Path(__file__).resolve().parents[3] / "freeswitch_conf/dialplan/default"
PIN = "408162"
SPIED = "6f9619ff-8b86-4011-b42d-00c04fc964ff"


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@pytest.fixture
def rig(tmp_path: Path, port: int, unmoved: str) -> Iterator[Rig]:
    given = {"eslbot_phones_address": f"127.0.0.1:{port}"}
    plan = [CONF / "02_eslbot_supervise.xml"]
    with Switch(closing="tone_stream://%(1500,0,1200)", dialplan=plan, globals=given) as switch:
        rig = Rig(tmp_path, switch, supervise={"phones": f"127.0.0.1:{port}"}, judge={"packs": [unmoved]})
        yield rig
        rig.stop()


@pytest.fixture
def scene(rig: Rig) -> Scene:
    service = rig.start()
    staff = Staffing(AccountStore(service.settings.store.url), Passwords(), "root", time.time)
    staff.add("first", "supervisor", phone="1900", pin=PIN)
    staff.add("rob", "agent", phone="1901", pin=PIN)
    staff.add("bare", "supervisor", phone="1903")
    return Scene(rig)


def dial(scene: Scene, code: str, pin: str = PIN, user: str = "1900", **options: Any) -> Leg:
    """That phone dials the code and enters the PIN."""
    phone = speaker("supervisor", keys=((0.6, f"{pin}#"),), **options)
    return scene.rig.switch.ring(phone, code, caller="1900", user=user)


@pytest.mark.parametrize(("code", "mode"), [("*811001", "listen"), ("*821001", "whisper"), ("*831001", "barge")])
def test_a_registered_phone_with_its_pin_is_in_the_call_as_its_code_says(scene: Scene, code: str, mode: str) -> None:
    leg = dial(scene, code)
    scene.rig.until(lambda: leg.variables.get("current_application") == "eavesdrop", "not in")
    assert scene.heard(*scene.parties, leg.party) == [*HEARD[mode], BOTH]
    assert [(seat["by"], seat["mode"]) for seat in scene.seats()] == [("account:first", mode)]
    assert not leg.variables.get("supervise_pin")
    leg.press("13*")  # the keys do nothing
    assert scene.heard(*scene.parties, leg.party) == [*HEARD[mode], BOTH]
    leg.hangup()
    scene.rig.until(lambda: not scene.seats(), "still in")
    service = scene.rig.service
    assert service is not None
    assert service.trail.flush(30)
    assert (mode, "account:first") in [(row.what, row.who) for row in Ledger(service.settings.store.url).rows()]


def test_a_code_takes_the_call_over(scene: Scene) -> None:
    leg = dial(scene, "*841001")
    scene.rig.until(lambda: scene.call.agent.gone, "the agent is still there")
    _, customer = scene.parties
    assert scene.heard(customer, leg.party) == [{"supervisor"}, {"customer"}]
    leg.hangup()
    scene.rig.settled()
    assert [row.outcome for row in scene.rig.rows("closings")] == ["played"]


@pytest.mark.parametrize(
    ("code", "pin", "user"),
    [("*821001", "000000", "1900"),  # a wrong PIN
     ("*821001", "", "1900"),
     ("*821001", PIN, ""),  # claims the number, and has not registered
     ("*821001", PIN, "1901"),  # an agent
     ("*821001", PIN, "1902"),  # nobody's phone
     ("*821001", PIN, "1903"),  # whose account has no PIN
     ("*821001", "", "1903"),
     ("*821002", PIN, "1900"),  # who is in no call
     ("*891001", PIN, "1900")],
)  # fmt: skip
def test_whatever_is_wrong_nothing_is_heard(scene: Scene, code: str, pin: str, user: str) -> None:
    leg = dial(scene, code, pin, user)
    scene.rig.until(lambda: leg.gone, "it is still up", 40.0)
    assert scene.seats() == []
    assert set(tones(leg.party.heard.astype(np.float64) / 32768, TONES, RATE)) == set()
    assert scene.heard(*scene.parties) == [{"customer"}, {"agent"}]


class Book:
    def by_phone(self, number: str, pin: str) -> Person | None:
        if number == "1903":
            raise NoCodes("bare", "the account has no PIN")
        if pin != PIN:
            raise NotLetIn("wrong")
        return Person("first", Staff.SUPERVISOR, "phone", None, number) if number == "1900" else None


class Walks:
    def walk_in(self, person: Person, phone: str, leg: LegId, mode: Mode, target: str) -> tuple[CallId, LegId, Mode]:
        if target != "1001":
            raise Denied("that agent is in no call")
        return CallId(SPIED), LegId(SPIED), mode


def channel(**more: str) -> dict[str, Any]:
    return {
        "Unique-ID": SPIED, "variable_sip_authorized": "true", "variable_user_name": "1900",
        "variable_domain_name": "pbx.example", "variable_eslbot_code": "1", "variable_eslbot_target": "1001",
        "variable_supervise_pin": PIN, **{f"variable_{name}": value for name, value in more.items()},
    }


@pytest.mark.parametrize(
    ("domain", "registered", "let"),
    [(None, "other.example", True), ("pbx.example", "pbx.example", True), ("PBX.example", "pbx.example", True),
     ("pbx.example", "other.example", False), ("pbx.example", "", False)],
)
def test_a_phone_of_another_domain_is_another_persons(domain: str | None, registered: str, let: bool) -> None:
    asked = Phones(Book(), Walks(), lambda entry: None, domain)  # type: ignore[arg-type]
    assert asked.answer(channel(domain_name=registered)).get("eslbot_verdict") == ("allow" if let else None)


@pytest.mark.parametrize(
    ("more", "who", "why"),
    [({"user_name": "1903"}, "account:bare", "feature code, listen: the account has no PIN"),
     ({"user_name": "1902"}, "nobody", "feature code, listen: a phone that is no account's, or a PIN that is none"),
     ({"eslbot_target": "1002"}, "account:first", "feature code, listen: that agent is in no call"),
     ({"domain_name": "other.example"}, "nobody", "feature code, a phone of another domain than [message] domain")],
)
def test_who_was_refused_and_why_is_audited_and_a_phone_that_dials_all_day_fills_no_audit(
    more: dict[str, str], who: str, why: str,
) -> None:
    audited: list[Entry] = []
    phones = Phones(Book(), Walks(), audited.append, "pbx.example")  # type: ignore[arg-type]
    for _ in range(3 * NOTED):
        assert phones.answer(channel(**more)) == {}
    assert {(row.what, row.who, row.detail) for row in audited} == {("refused", who, why)}
    assert len(audited) == NOTED


def test_where_nobody_answers_the_dialplan_refuses(scene: Scene) -> None:
    assert scene.rig.service is not None
    assert scene.rig.service.front.phones is not None
    scene.rig.service.front.phones.stop()
    leg = dial(scene, "*811001")
    scene.rig.until(lambda: leg.gone, "it is still up", 40.0)
    assert leg.cause == "CALL_REJECTED"
    assert set(tones(leg.party.heard.astype(np.float64) / 32768, TONES, RATE)) == set()


def test_nobody_dials_past_the_question(scene: Scene) -> None:
    leg = scene.rig.switch.ring(Party(), "eslbot_supervised", caller="1900", user="1900")
    scene.rig.until(lambda: leg.gone, "it is still up")
    assert leg.cause == "CALL_REJECTED"
