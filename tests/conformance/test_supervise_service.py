"""eslbot's own verbs beside a real switch: after each of them, what each of the three hears; with the agent called
first and with the customer called first, signed in as the directory's user with its short list of commands."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from eslbot.store.accounts import AccountStore
from eslbot.store.store import Store
from eslbot.supervise.passwords import Passwords
from eslbot.supervise.staffing import Staffing
from eslbot.supervise.wire import Refused
from tests.conformance.beside import Beside
from tests.conformance.conftest import PROMPT_SECONDS, TONES, freeswitch, on_real
from tests.conformance.hearing import duration
from tests.conformance.real import RealRig
from tests.conformance.rig import Role
from tests.conformance.score import FIRSTS, Played, listen
from tests.conformance.service import Service
from tests.conformance.switchconf import USER
from tests.conformance.tables import SPIES, Spy

ROW: dict[str, Spy] = {row.name: row for row in SPIES}
MODES = {
    "listen": ROW["listen on the agent's leg"], "whisper": ROW["whisper to the agent"], "barge": ROW["barge"],
}
PIN = "408162"
BUSY, RINGS, NOBODY = "9486", "9487", "9488"


@dataclass(slots=True)
class Both(Beside):
    rig: RealRig

    def closing(self, played: Played) -> float:
        self.rig.pass_time(PROMPT_SECONDS + 1.2)
        return duration(self.rig.heard(played.call.customer), TONES["closing"])

    def outcome(self, played: Played) -> str:
        """How the closing is booked, once it is."""
        def booked() -> str:
            rows = Store.open_readonly(f"sqlite:///{self.service.directory}/eslbot.db").closings.find()
            return next((row.outcome for row in rows if row.call == played.call.customer.uuid), "")

        return str(self.service.until(booked, "no closing was booked"))


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest, room: Path) -> Iterator[Both]:
    if not on_real(request.config):
        pytest.skip("beside the embedded switch this is tested by tests/service/people/test_supervising.py")
    directory = Path(tempfile.mkdtemp(prefix="supervise-", dir=room))
    rig = RealRig(*freeswitch(request.config), directory, room / "prompts")
    dial = rig.address("{number}")
    service = Service(
        directory / "eslbot", rig.pbx.place.socket_port, rig.pbx.place.password, f"eslbot@{rig.pbx.place.domain}",
        f'[supervise]\ndial = "{dial}"\nring = "2s"\nphones = "127.0.0.1:{rig.codes_port}"\n',
    )
    try:
        service.until(lambda: service.lines("SwitchUp"), "eslbot did not come up", 120)
        staff = Staffing(AccountStore(f"sqlite:///{service.directory}/eslbot.db"), Passwords(), "root", time.time)
        staff.add("first", "supervisor", phone=USER, pin=PIN)
        yield Both(rig, service)
    finally:
        service.stop()
        rig.stop()
        shutil.rmtree(directory)


@pytest.mark.parametrize("first", FIRSTS)
def test_each_party_hears_what_the_table_says_and_modes_change_in_one_call(both: Both, first: Role) -> None:
    played, since = both.place(first), both.rig.mark()
    for verb in ("whisper", "barge", "listen", "barge", "whisper"):
        asked = time.monotonic()
        assert both.join(played, verb)["state"] == "in"
        print(f"\n{verb}: {time.monotonic() - asked:.3f} s")
        heard, row = listen(both.rig, [played], settle=1.0)[0], MODES[verb]
        assert heard == {"agent": row.agent, "customer": row.customer, "supervisor": row.supervisor}, verb
        assert [seat["mode"] for seat in both.seats(played)] == [verb]
    assert played.supervisor is not None
    created = [e for e in both.rig.events(since) if e["Event-Name"] == "CHANNEL_CREATE"
               and e.get("Caller-Destination-Number") == played.supervisor.number]
    assert len(created) == 1
    both.ask("leave", call=played.call.customer.uuid)
    both.service.until(lambda: not both.seats(played), "still in")
    played.supervisor = None
    assert listen(both.rig, [played])[0] == {"agent": {"customer"}, "customer": {"agent"}}
    both.rig.clear()


@pytest.mark.parametrize("before", ["", "listen"])
@pytest.mark.parametrize("first", FIRSTS)
def test_a_takeover_then_the_closing(both: Both, first: Role, before: str) -> None:
    played = both.place(first)
    if before:
        both.join(played, before)
    since = both.rig.mark()
    both.join(played, "takeover")
    both.rig.wait(lambda e: e["Event-Name"] == "CHANNEL_DESTROY" and e["Unique-ID"] == played.call.agent.uuid, since)
    heard = listen(both.rig, [played])[0]
    assert (heard["customer"], heard["supervisor"]) == ({"supervisor"}, {"customer"})
    both.ask("leave", call=played.call.customer.uuid)
    assert both.closing(played) >= PROMPT_SECONDS - 0.4
    assert both.outcome(played) == "played"
    both.rig.clear()


def test_a_supervisor_who_hangs_up_has_left(both: Both) -> None:
    played = both.place("agent")
    both.join(played, "barge")
    assert played.supervisor is not None
    both.rig.hang_up(played.supervisor)
    both.service.until(lambda: not both.seats(played), "still in")
    played.supervisor = None
    assert listen(both.rig, [played])[0] == {"agent": {"customer"}, "customer": {"agent"}}
    both.rig.clear()


def test_an_agent_who_hangs_up_takes_the_listener_along_and_the_closing_plays(both: Both) -> None:
    played = both.place("customer")
    both.join(played, "whisper")
    both.rig.hang_up(played.call.agent)
    assert both.closing(played) >= PROMPT_SECONDS - 0.4
    assert both.outcome(played) == "played"
    assert both.service.lines("a supervisor's phone is gone", call=played.call.customer.uuid)


def test_a_customer_who_hangs_up_ends_it_for_all(both: Both) -> None:
    played, since = both.place("agent"), both.rig.mark()
    both.join(played, "listen")
    both.rig.hang_up(played.call.customer)
    both.service.until(lambda: not both.ask("calls")["calls"], "the call goes on")
    gone = {e["Unique-ID"] for e in both.rig.events(since) if e["Event-Name"] == "CHANNEL_DESTROY"}
    both.service.until(lambda: both.rig.api("show channels as json").startswith('{"row_count": 0'), f"up but {gone}")


@pytest.mark.parametrize(("number", "words"), [(BUSY, "busy"), (RINGS, "nobody has picked up"), (NOBODY, "no such")])
def test_what_became_of_a_phone_is_said_in_words(both: Both, number: str, words: str) -> None:
    played = both.place("agent")
    with pytest.raises(Refused, match=words):
        both.ask("listen", call=played.call.customer.uuid, phone=number, wait=True)
    assert both.seats(played) == []
    both.rig.clear()


def test_a_phone_that_rings_is_called_off(both: Both) -> None:
    played, since = both.place("agent"), both.rig.mark()
    assert both.ask("barge", call=played.call.customer.uuid, phone=RINGS)["state"] == "ringing"
    ring = both.rig.wait(lambda e: e["Event-Name"] == "CHANNEL_CREATE", since)
    both.ask("leave", call=played.call.customer.uuid)
    both.rig.wait(lambda e: e["Event-Name"] == "CHANNEL_DESTROY" and e["Unique-ID"] == ring["Unique-ID"], since)
    assert both.seats(played) == []
    both.rig.clear()


def test_keys_let_no_customer_hear_a_whisper_and_the_display_shows_no_stranger(both: Both) -> None:
    played, since = both.place("agent"), both.rig.mark()
    both.join(played, "whisper")
    assert played.supervisor is not None
    for key in "13":
        both.rig.press(played.supervisor, key)
        both.rig.pass_time(0.3)
    row = MODES["whisper"]
    heard = listen(both.rig, [played], settle=0.7)[0]
    assert heard == {"agent": row.agent, "customer": row.customer, "supervisor": row.supervisor}
    ring = next(e for e in both.rig.events(since) if e["Event-Name"] == "CHANNEL_CREATE")
    assert ring["Caller-Caller-ID-Name"] == f"eslbot-{played.call.customer.uuid[:8]}-{played.call.agent.number}"
    both.rig.clear()


@pytest.mark.parametrize("code", ["1", "2", "3"])
def test_a_phone_that_proved_who_it_is_and_enters_its_pin_is_in_as_its_code_says(both: Both, code: str) -> None:
    played = both.place("agent")
    played.supervisor = both.rig.proves(f"*8{code}{played.call.agent.number}", TONES["supervisor"])
    both.rig.pass_time(0.8)
    both.rig.press(played.supervisor, f"{PIN}#")
    both.service.until(lambda: both.seats(played), "not in")
    verb = {"1": "listen", "2": "whisper", "3": "barge"}[code]
    row, seat = MODES[verb], both.seats(played)[0]
    assert (seat["by"], seat["mode"]) == ("account:first", verb)
    heard = listen(both.rig, [played], settle=1.5)[0]
    assert heard == {"agent": row.agent, "customer": row.customer, "supervisor": row.supervisor}
    assert both.rig.api(f"uuid_getvar {played.supervisor.uuid} supervise_pin") == "_undef_"
    both.rig.hang_up(played.supervisor)
    both.service.until(lambda: not both.seats(played), "still in")
    both.rig.clear()


def test_a_code_takes_the_call_over_and_the_closing_plays_when_they_hang_up(both: Both) -> None:
    played, since = both.place("customer"), both.rig.mark()
    played.supervisor = both.rig.proves(f"*84{played.call.agent.number}", TONES["supervisor"])
    both.rig.pass_time(0.8)
    both.rig.press(played.supervisor, f"{PIN}#")
    both.rig.wait(lambda e: e["Event-Name"] == "CHANNEL_DESTROY" and e["Unique-ID"] == played.call.agent.uuid, since)
    heard = listen(both.rig, [played])[0]
    assert (heard["customer"], heard["supervisor"]) == ({"supervisor"}, {"customer"})
    both.rig.hang_up(played.supervisor)
    assert both.closing(played) >= PROMPT_SECONDS - 0.4
    assert both.outcome(played) == "played"
    both.rig.clear()


def test_a_wrong_pin_hears_nothing_and_a_phone_that_proves_nothing_finds_no_such_extension(both: Both) -> None:
    played, since = both.place("agent"), both.rig.mark()
    code = f"*81{played.call.agent.number}"
    leg = both.rig.proves(code, TONES["supervisor"])
    both.rig.pass_time(0.8)
    both.rig.press(leg, "000000#")
    end = both.rig.wait(lambda e: e["Event-Name"] == "CHANNEL_HANGUP_COMPLETE" and e["Unique-ID"] == leg.uuid, since)
    assert end["Hangup-Cause"] == "CALL_REJECTED"
    since = both.rig.mark()
    claimed = both.rig.call_in("x", TONES["supervisor"], code)
    end = both.rig.wait(
        lambda e: e["Event-Name"] == "CHANNEL_HANGUP_COMPLETE" and e["Unique-ID"] == claimed.uuid, since)
    assert end["Hangup-Cause"] == "NO_ROUTE_DESTINATION"
    assert both.seats(played) == []
    both.rig.clear()
