"""Supervisors in a call, beside the embedded switch: what each of the three hears is what counts. The same is asked of
a real switch in tests/conformance/test_supervise_service.py."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
import numpy as np
import pytest

from eslbot.model import facts, orders
from eslbot.model.call import Confirm, Role
from eslbot.model.judgement import Act, Action, Hit
from eslbot.model.supervising import Ring
from eslbot.service.people.joining import Joining, JoinOptions
from eslbot.sim import Call, Party, Samples, Switch, Tone
from eslbot.sim.leg import Leg
from eslbot.store import Ledger
from eslbot.supervise.access import unix
from eslbot.supervise.wire import Refused
from tests.conformance.hearing import tones
from tests.service.rig import PROMISE, RATE, Rig, line, overhear, party
from tests.words import verdict

TONES = {"agent": 500, "customer": 800, "supervisor": 1300}
BOTH = {"agent", "customer"}


def speaker(role: str, **options: Any) -> Party:
    return Party(Tone(TONES[role], 6000), **options)


class Scene:
    """A call, and supervisors' phones."""

    def __init__(self, rig: Rig, first: str = "agent") -> None:
        self.rig = rig
        self.call: Call = rig.place(speaker("agent"), speaker("customer"), first=first)
        rig.until(lambda: any(state.actable and state.closing.armed for state in self.states()), "not up")
        self.id = self.call.customer.uuid

    def states(self) -> list[Any]:
        assert self.rig.service is not None
        return self.rig.service.desk.states()

    def expect(self, number: str = "1900", **options: Any) -> Party:
        phone = speaker("supervisor", **options)
        self.rig.switch.expect(number, phone)
        return phone

    def ask(self, verb: str, who: str = "root", **args: Any) -> dict[str, Any]:
        assert self.rig.service is not None
        return self.rig.service.front.handlers[verb]({"call": self.id, "phone": "1900", **args}, unix(who))

    def heard(self, *parties: Party) -> list[set[str]]:
        """Whose tones each hears in half a second, once all is settled."""
        self.rig.switch.pass_time(0.4)
        since = [len(party.heard) for party in parties]
        self.rig.switch.pass_time(0.5)
        return [
            set(tones(party.heard[at:].astype(np.float64) / 32768, TONES, RATE))
            for party, at in zip(parties, since, strict=True)
        ]

    @property
    def parties(self) -> tuple[Party, Party]:
        return self.call.agent.party, self.call.customer.party

    def seats(self) -> list[dict[str, Any]]:
        rows = self.ask("calls")["calls"]
        return rows[0]["supervisors"] if rows else []  # type: ignore[no-any-return]

    def legs(self) -> list[Leg]:
        return [leg for leg in self.rig.switch.core.legs.values() if leg.variables["sip_to_user"] == "1900"]


@pytest.fixture
def rig(tmp_path: Path, switch: Switch, unmoved: str) -> Iterator[Rig]:
    rig = Rig(tmp_path, switch, judge={"packs": [unmoved]})
    yield rig
    rig.stop()


HEARD = {
    # what the agent and the customer hear; the supervisor hears both
    "listen": ({"customer"}, {"agent"}),
    "whisper": ({"customer", "supervisor"}, {"agent"}),
    "barge": ({"customer", "supervisor"}, {"agent", "supervisor"}),
}


@pytest.mark.parametrize("first", ["agent", "customer"])
def test_each_party_hears_what_it_should_and_modes_change_without_a_new_call(rig: Rig, first: str) -> None:
    rig.start()
    scene = Scene(rig, first)
    phone = scene.expect()
    agent, customer = scene.parties
    for mode in ("whisper", "barge", "listen", "barge", "whisper"):
        assert scene.ask(mode, wait=True)["state"] == "in"
        assert scene.heard(agent, customer, phone) == [*HEARD[mode], BOTH], mode
        assert [(seat["mode"], seat["wanted"]) for seat in scene.seats()] == [(mode, None)]
    assert len(rig.seen(Ring)) == 1
    scene.ask("leave")
    rig.until(lambda: not scene.seats(), "the supervisor is still in")
    assert scene.heard(agent, customer) == [{"customer"}, {"agent"}]


@pytest.mark.parametrize("first", ["agent", "customer"])
def test_a_takeover_drops_the_agent_and_the_closing_plays_when_the_supervisor_leaves(rig: Rig, first: str) -> None:
    rig.start()
    scene = Scene(rig, first)
    phone = scene.expect()
    _, customer = scene.parties
    scene.ask("takeover", wait=True)
    rig.until(lambda: scene.call.agent.gone, "the agent is still there")
    assert scene.heard(customer, phone) == [{"supervisor"}, {"customer"}]
    rig.until(lambda: [seat["mode"] for seat in scene.seats()] == ["takeover"], "not told")
    scene.ask("leave")
    rig.settled()
    assert [row.outcome for row in rig.rows("closings")] == ["played"]
    assert rig.rows("calls")[0].outcome == "completed"


def test_a_supervisor_who_listens_already_takes_over_without_a_second_ring(rig: Rig) -> None:
    rig.start()
    scene = Scene(rig)
    phone = scene.expect()
    scene.ask("listen", wait=True)
    scene.ask("takeover")
    rig.until(lambda: scene.call.agent.gone, "the agent is still there")
    assert scene.heard(scene.parties[1], phone) == [{"supervisor"}, {"customer"}]
    assert len(rig.seen(Ring)) == 1
    with pytest.raises(Refused, match="no known agent"):
        scene.ask("whisper")


@pytest.mark.parametrize(
    ("phone", "words"),
    [({"refuses": "USER_BUSY"}, "busy"), ({"never_answers": True}, "nobody has picked up"),
     ({"refuses": "CALL_REJECTED"}, "turned the call down"), (None, "no phone is registered")],
)  # fmt: skip
def test_a_phone_that_cannot_be_had_is_said_in_words_and_leaves_nothing_behind(
        make_rig: Any, unmoved: str, phone: dict[str, Any] | None, words: str) -> None:
    rig = make_rig(supervise={"ring": "1s"}, judge={"packs": [unmoved]})
    rig.start()
    scene = Scene(rig)
    if phone is not None:
        scene.expect(**phone)
    with pytest.raises(Refused, match=words):
        scene.ask("listen", wait=True)
    assert scene.seats() == []
    rig.until(lambda: not scene.legs(), "it rings on")
    assert rig.service is not None
    assert rig.service.trail.flush(30)
    rows = [row for row in Ledger(rig.service.settings.store.url).rows() if row.what == "listen"]
    assert [row.detail for row in rows] == ["Ring done", rows[1].detail]
    assert words in rows[1].detail


def test_what_is_asked_while_the_phone_rings_holds_once_it_is_picked_up(rig: Rig) -> None:
    rig.start()
    scene = Scene(rig)
    phone = scene.expect(answers_after=0.8)
    assert scene.ask("barge")["state"] == "ringing"
    assert scene.ask("whisper")["state"] == "ringing"
    rig.until(lambda: [seat["state"] for seat in scene.seats()] == ["in"], "not picked up")
    assert scene.heard(*scene.parties, phone) == [*HEARD["whisper"], BOTH]
    assert set(tones(scene.parties[1].heard.astype(np.float64) / 32768, TONES, RATE)) == {"agent"}
    assert len(rig.seen(Ring)) == 1


def test_a_phone_that_still_rings_is_called_off(rig: Rig) -> None:
    rig.start()
    scene = Scene(rig)
    scene.expect(never_answers=True)
    scene.ask("listen")
    rig.until(scene.legs, "it does not ring")
    scene.ask("leave")
    rig.until(lambda: not scene.legs() and not scene.seats(), "it rings on")


def test_the_keys_of_the_phone_let_nobody_hear_a_whisper(rig: Rig) -> None:
    rig.start()
    scene = Scene(rig)
    phone = scene.expect()
    scene.ask("whisper", wait=True)
    for key in "130*":
        scene.legs()[0].press(key)
    assert scene.heard(*scene.parties, phone) == [*HEARD["whisper"], BOTH]


def test_the_phone_shows_the_call_and_the_agent_and_nothing_a_stranger_said(rig: Rig) -> None:
    rig.start()
    received = overhear(rig.switch)
    scene = Scene(rig)
    scene.expect()
    scene.ask("listen", wait=True)
    assert scene.legs()[0].variables["origination_caller_id_name"] == f"eslbot-{scene.id[:8]}-1001"
    assert scene.legs()[0].variables["ignore_display_updates"] == "true"
    [text] = [text for text in received if text.startswith("originate ") and "eavesdrop:" in text]
    assert text.endswith(f"user/1900 eavesdrop:{scene.call.agent.uuid},sleep:3000 inline")


def test_when_the_agent_leaves_the_listener_is_let_go_and_the_closing_plays(rig: Rig) -> None:
    rig.start()
    scene = Scene(rig)
    scene.expect()
    scene.ask("barge", wait=True)
    scene.call.agent.hangup()
    rig.settled()
    assert scene.legs() == []
    assert [row.outcome for row in rig.rows("closings")] == ["played"]


def test_when_the_customer_leaves_a_phone_that_rings_stops(rig: Rig) -> None:
    rig.start()
    scene = Scene(rig)
    scene.expect(never_answers=True)
    scene.ask("listen")
    rig.until(scene.legs, "it does not ring")
    scene.call.customer.hangup()
    rig.settled()
    rig.until(lambda: not scene.legs(), "it rings on")


def test_a_restart_finds_the_supervisor_and_rings_nobody_again(rig: Rig) -> None:
    rig.start()
    scene = Scene(rig)
    phone = scene.expect()
    scene.ask("whisper", wait=True)
    rig.stop()
    rig.start()
    rig.until(lambda: [seat["mode"] for seat in scene.seats()] == ["whisper"], "it was forgotten")
    assert len(scene.legs()) == 1
    assert scene.ask("barge")["state"] == "in"
    assert scene.heard(*scene.parties, phone) == [*HEARD["barge"], BOTH]
    scene.ask("leave")
    rig.until(lambda: not scene.seats() and not scene.legs(), "still in")


def test_two_supervisors_sit_apart_and_each_leaves_alone(rig: Rig) -> None:
    rig.start()
    scene = Scene(rig)
    scene.expect()
    scene.expect("1901")
    scene.ask("listen", wait=True)
    scene.ask("barge", who="first", phone="1901", wait=True)
    assert sorted((seat["by"], seat["mode"]) for seat in scene.seats()) == [("first", "barge"), ("root", "listen")]
    with pytest.raises(Refused, match="not in it"):
        scene.ask("leave", who="other")
    scene.ask("leave")
    rig.until(lambda: [seat["by"] for seat in scene.seats()] == ["first"], "root is still in")


@pytest.mark.parametrize("phone", ["", "0190123456", "1,2", "10}{x", "1001 &park()"])
def test_only_numbers_of_the_house_are_rung(rig: Rig, phone: str) -> None:
    rig.start()
    received = overhear(rig.switch)
    scene = Scene(rig)
    with pytest.raises(Refused, match="which phone"):
        scene.ask("listen", phone=phone)
    assert not [text for text in received if text.startswith("originate ") and "eavesdrop" in text]


def test_a_reason_is_asked_for_and_the_agent_is_told_where_it_is_configured(make_rig: Any, unmoved: str) -> None:
    rig = make_rig(supervise={"tell_agent": "supervised"}, reasons={"acts": ["listen"]},
                   judge={"packs": [unmoved]})
    rig.start()
    scene = Scene(rig)
    scene.expect()
    with pytest.raises(Refused, match="asks for a reason"):
        scene.ask("listen")
    scene.ask("listen", wait=True, reason="a complaint of 13800138000")
    rig.until(lambda: rig.seen(orders.Remind), "the agent was not told")
    assert rig.seen(orders.Remind)[0].prompt == "supervised"
    assert rig.service is not None
    assert rig.service.trail.flush(30)
    [row] = [row for row in Ledger(rig.service.settings.store.url).rows() if row.what == "listen"]
    assert "a complaint of" in row.reason
    assert "13800138000" not in row.reason


def test_two_short_tones_tell_the_agent_and_nobody_else(make_rig: Any, unmoved: str) -> None:
    rig = make_rig(supervise={"tell_agent": "supervised-tone"}, judge={"packs": [unmoved]})
    rig.start()
    scene = Scene(rig)
    scene.expect()
    before = [len(party.heard) for party in scene.parties]
    scene.ask("listen", wait=True)
    rig.until(lambda: rig.seen(orders.Remind), "the agent was not told")
    rig.switch.pass_time(1.5)

    def tones(heard: Any) -> set[int]:
        """Which of the two are heard somewhere for a tenth of a second."""
        parts = [heard[at : at + 800] / 32768 * np.hanning(800) for at in range(0, len(heard) - 800, 400)]
        at = np.arange(800) / 8000
        return {hz for hz in (480, 620) for part in parts
                if abs(np.mean(part * np.exp(-2j * np.pi * hz * at))) > 0.02}

    agent, customer = (tones(party.heard[at:]) for party, at in zip(scene.parties, before, strict=True))
    assert (agent, customer) == ({480, 620}, set())


def test_a_prepared_sentence_is_played_by_hand_and_an_unknown_one_refused(rig: Rig) -> None:
    rig.start()
    received = overhear(rig.switch)
    scene = Scene(rig)
    with pytest.raises(Refused, match="correction"):
        scene.ask("correct", prompt="../../etc/passwd")
    assert scene.ask("correct", prompt="correction") == {"call": scene.id, "done": ["Announce"]}
    assert [text for text in received if text.startswith(f"uuid_displace {scene.id} start")]
    gevent.sleep(0)


@pytest.mark.parametrize("mode", ["whisper", "barge"])
def test_what_a_supervisor_says_is_recorded_only_where_the_customer_hears_it_and_charged_to_nobody(
        rig: Rig, mode: str) -> None:
    rig.start()
    call = rig.place(party(), party(), first="agent")
    rig.until(lambda: rig.seen(facts.AudioArrived), "not heard")
    assert rig.service is not None
    promise = np.concatenate([np.zeros(RATE, np.int16), line(PROMISE, 0).pcm])
    rig.switch.expect("1900", Party(Samples(promise, from_answer=True)))
    args = {"call": call.customer.uuid, "phone": "1900"}
    rig.service.front.handlers[mode]({**args, "wait": True}, unix("root"))
    rig.switch.pass_time(len(promise) / RATE + 1.5)
    rig.service.front.handlers["leave"](args, unix("root"))
    rig.switch.pass_time(0.5)
    call.agent.hangup()
    rig.settled()
    assert rig.rows("violations") == []
    [row] = rig.rows("recordings")
    records = list(rig.recording(row).words())
    spoken = "".join(r["text"].replace(" ", "") for r in records if r["kind"] == "words" and r["role"] == "supervisor")
    sides = [(r["role"], r.get("shared", False)) for r in records if r["kind"] == "side"]
    if mode == "whisper":
        assert spoken == ""
        assert ("supervisor", True) not in sides
        assert "稳赚" not in rig.words(row)
    else:
        assert "稳赚" in spoken
        assert ("supervisor", True) in sides


def test_a_rule_rings_the_first_on_call_that_is_free_and_then_the_next(make_rig: Any, unmoved: str) -> None:
    rig = make_rig(supervise={"on_call": ["1801", "1802", "1803"], "on_call_mode": "whisper", "escalate": "1s"},
                   judge={"packs": [unmoved]})
    service = rig.start()
    scene = Scene(rig)
    rig.switch.call(Party(), "&park()", "1801")  # on the phone
    rig.switch.expect("1802", Party(never_answers=True))
    phone = speaker("supervisor")
    rig.switch.expect("1803", phone)
    rig.until(lambda: service.desk.on_the_phone("1801"), "not seen on the phone")
    hit = Hit(scene.id, Role.AGENT, 0, "promise", 0)
    what = verdict(Action(Act.SUPERVISOR))
    service.desk.tell(facts.Violated(scene.id, service.clock(), hit, what, Confirm.FINAL, 0, 8000, 8000))
    rig.until(lambda: [(seat["phone"], seat["state"]) for seat in scene.seats()] == [("1803", "in")], "nobody is in")
    assert [order.phone for order in rig.seen(Ring)] == ["1801", "1802", "1803"]
    assert scene.heard(*scene.parties, phone) == [*HEARD["whisper"], BOTH]
    assert service.trail.flush(30)
    rows = [row for row in Ledger(service.settings.store.url).rows() if row.what == "whisper"]
    assert [(row.who, row.detail) for row in rows] == [
        ("eslbot", "the phone is busy"), ("eslbot", "rung for a rule"), ("eslbot", "rung for a rule")]
    assert [row.kind for row in rig.rows("alerts") if row.kind == "supervisor-wanted"] == ["supervisor-wanted"]


@pytest.mark.parametrize("phone", ["1" * 40 + "x", "1" * 60_000, "1001}&park", "1001\n", "\u0661\u0662", ""])
def test_what_is_no_phones_number_is_not_even_held_against_the_admins_pattern(phone: str) -> None:
    class Slow:
        def fullmatch(self, text: str) -> None:
            raise AssertionError("asked")   # (\\d+)+ would take until the end of time

    options: Any = JoinOptions(Slow(), 1.0, (), ())  # type: ignore[arg-type]
    joining = Joining(options, *[None] * 5)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="which phone"):
        joining.handlers["listen"]({"call": "6f9619ff", "phone": phone}, unix("root"))
