"""The embedded switch as a rig: it runs in a thread with an event loop of its own, and the suite speaks to it over its
socket like to a real one. Knows eslbot.sim; knows nothing of what is tested.
"""

import threading
import xml.etree.ElementTree as ET
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import gevent
import numpy as np

from eslbot.sim import Party, Samples, Silence, Switch, Tone, attended
from eslbot.sim.connection import User
from eslbot.sim.hold import hold
from eslbot.sim.leg import Leg as Channel
from eslbot.sim.phonebook import Phone
from tests.conformance.esl import Esl
from tests.conformance.hearing import LEVEL
from tests.conformance.over_socket import SocketRig
from tests.conformance.processes import free_ports
from tests.conformance.rig import RATE, Leg, Speech
from tests.conformance.rig import Samples as Heard
from tests.conformance.switchconf import CONF, PLACEHOLDER
from tests.conformance.switchconf import USER as PHONE

PASSWORD = "rig-secret"
USER = "eslbot@127.0.0.1"
RINGS, REFUSES = "9487", {"9486": "USER_BUSY", "9488": "UNALLOCATED_NUMBER"}


class Loop:
    """A thread with a gevent hub that runs one switch, and what other threads ask it to."""

    def __init__(self, switch: Callable[[], Switch]) -> None:
        self._asked: deque[tuple[Callable[[Switch], Any], Future[Any]]] = deque()
        self._up: Future[Switch] = Future()
        self._thread = threading.Thread(target=self._run, args=(switch,), name="embedded switch", daemon=True)
        self._thread.start()
        self.switch = self._up.result(20)

    def _run(self, make: Callable[[], Switch]) -> None:
        hub = gevent.get_hub()
        self._bell = hub.loop.async_()
        rung = gevent.event.Event()
        self._bell.start(rung.set)
        try:
            switch = make().start()
        except BaseException as error:
            self._up.set_exception(error)
            raise
        self._up.set_result(switch)
        going = True
        while going:
            rung.wait()
            rung.clear()
            while self._asked:
                what, answer = self._asked.popleft()
                try:
                    answer.set_result(what(switch))
                except Exception as error:  # noqa: BLE001 - it is raised where it was asked
                    answer.set_exception(error)
                going = going and what is not _stop
        self._bell.close()
        hub.destroy(destroy_loop=True)

    def ask(self, what: Callable[[Switch], Any]) -> Any:
        """Runs that in the switch's thread; its result."""
        answer: Future[Any] = Future()
        self._asked.append((what, answer))
        self._bell.send()
        return answer.result(20)

    def stop(self) -> None:
        self.ask(_stop)
        self._thread.join(10)


def _stop(switch: Switch) -> None:
    switch.stop()


class EmbeddedRig(SocketRig):
    """See Rig."""

    name = "sim"
    rate = RATE
    speed = 2.0

    def __init__(self, directory: Path, prompts: Path, speed: float = speed) -> None:
        self.speed = speed
        gate_port, self.codes_port = free_ports(2)
        users = {USER: _user(PASSWORD)}
        given = {
            "eslbot_prompts": str(prompts),
            "eslbot_default_language": "zh",
            "eslbot_gate_address": f"127.0.0.1:{gate_port}",
            "eslbot_phones_address": f"127.0.0.1:{self.codes_port}",
        }
        plan = sorted((CONF / "dialplan/default").glob("*.xml"))
        phones = directory / "phones.xml"
        phones.write_text(
            '<include><extension name="phones"><condition field="destination_number" expression="^(\\d+)$">'
            '<action application="bridge" data="sofia/internal/$1@127.0.0.1"/></condition></extension></include>'
        )
        self._loop = Loop(
            lambda: Switch(password=PASSWORD, users=users, dialplan=[*plan, phones], globals=given, speed=self.speed)
        )
        self._parties: dict[str, Party] = {}
        super().__init__(directory, self._socket, gate_port)
        for number, cause in REFUSES.items():
            self._expect(number, Party(refuses=cause))

    @property
    def socket_port(self) -> int:
        return self._loop.switch.port

    def _socket(self, user: bool, password: str | None) -> Esl:
        return Esl(self._loop.switch.port, password or PASSWORD, USER if user else None)

    def _expect(self, number: str, party: Party) -> None:
        self._parties[number] = party
        self._loop.ask(lambda switch: switch.expect(number, party))

    def address(self, number: str) -> str:
        if number == RINGS:
            self._expect(number, Party(never_answers=True))
        elif number in REFUSES:
            self._expect(number, Party(refuses=REFUSES[number]))
        return f"sofia/internal/{number}@127.0.0.1"

    def prepare(self, number: str, speech: Speech) -> None:
        self._expect(number, _party(speech))

    def heard(self, leg: Leg) -> Heard:
        return self._parties[leg.number].heard.astype(np.float64) / 32768

    def now(self) -> float:
        return float(self._loop.switch.core.now)

    def pass_time(self, seconds: float) -> None:
        """By the switch's own clock, which falls behind where the machine is too slow for so many calls."""
        core = self._loop.switch.core
        ends = core.now + seconds
        waiting = threading.Event()
        while core.now < ends:
            waiting.wait(0.01)

    def hang_up(self, leg: Leg) -> None:
        self._loop.ask(lambda switch: _leg(switch, leg).hangup("NORMAL_CLEARING"))

    def hold(self, leg: Leg, on: bool = True) -> None:
        self._loop.ask(lambda switch: hold(switch.core.legs[leg.uuid], on))

    def press(self, leg: Leg, digits: str) -> None:
        self._loop.ask(lambda switch: switch.core.legs[leg.uuid].press(digits))

    def consult(self, leg: Leg, number: str, speech: Speech) -> str:
        party = _party(speech)
        line = self._loop.ask(lambda switch: switch.ring(party, number, caller=leg.number))
        self.wait(lambda e: e["Event-Name"] == "CHANNEL_BRIDGE" and e["Unique-ID"] == line.uuid)
        return str(line.uuid)

    def refer(self, leg: Leg, line: str, number: str) -> str:
        legs = self._loop.switch.core.legs
        return "200" if self._loop.ask(lambda switch: attended.refer(legs[leg.uuid], legs[line])) else "480"

    @contextmanager
    def registered(self, number: str, answers: int = 200) -> Iterator[Phone]:
        phone = self._loop.ask(lambda switch: switch.register(Phone(number, "127.0.0.1", answers=answers)))
        yield phone
        self._loop.ask(lambda switch: switch.unregister(phone))

    def call_in(self, name: str, speech: Speech, to: str = "") -> Leg:
        number, party = self.number("customer", speech), _party(speech)
        destination = to or self.number("agent", None)
        self._parties[number] = party
        leg = self._loop.ask(lambda switch: switch.ring(party, destination, caller=number, name=name))
        return Leg("customer", leg.uuid, number)

    def proves(self, to: str, speech: Speech) -> Leg:
        """As the real rig's."""
        since, party = self.mark(), _party(speech)
        self._parties[PHONE] = party
        leg = self._loop.ask(lambda switch: switch.ring(party, to, caller=PHONE, user=PHONE))
        self.wait(lambda e: e["Event-Name"] == "CHANNEL_ANSWER" and e["Unique-ID"] == leg.uuid, since)
        return Leg("supervisor", leg.uuid, PHONE)

    def stranger(self, name: str, sdp_line: str) -> str:
        # mod_sofia decodes %XX in a display name (check_decode)
        sdp = f"v=0\r\n{sdp_line}\r\n"
        self._expect(RINGS, Party(never_answers=True))
        leg = self._loop.ask(
            lambda switch: switch.ring(
                Party(), RINGS, caller="7700", name=unquote(name), variables={"switch_r_sdp": sdp}
            )
        )
        return str(leg.uuid)

    def stop(self) -> None:
        self.disconnect()
        faults = list(self._loop.switch.core.faults)
        self._loop.stop()
        if faults:
            raise RuntimeError("the embedded switch failed inside:\n" + "\n".join(faults))


def _leg(switch: Switch, leg: Leg) -> Channel:
    """By its number where the test does not know its uuid."""
    legs = switch.core.legs
    return legs[leg.uuid] if leg.uuid else next(one for one in legs.values() if one.profile.destination == leg.number)


def _party(speech: Speech) -> Party:
    if speech is None:
        return Party(Silence())
    if isinstance(speech, int):
        return Party(Tone(speech, LEVEL * 32768))
    return Party(Samples(np.round(speech * 32767).astype("<i2"), from_answer=True))


def _user(password: str) -> User:
    """The user of freeswitch_conf."""
    text = (CONF / "directory/default/eslbot.xml").read_text().replace(PLACEHOLDER, password)
    values = {each.get("name", ""): each.get("value", "") for each in ET.fromstring(text).iter("param")}
    return User(
        values["esl-password"],
        frozenset(values["esl-allowed-api"].split()),
        frozenset(values["esl-allowed-events"].split()),
    )
