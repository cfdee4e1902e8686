"""A real FreeSWITCH under test and another that plays the phones, on loopback ports and directories of their own.

Knows the phones' files and the two switches' configuration. Knows nothing of what is tested.
"""

import os
import socket
import time
import uuid
import wave
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np

from tests.conformance import sipphone, switchconf
from tests.conformance.esl import SocketError
from tests.conformance.hearing import tone
from tests.conformance.over_socket import SocketRig
from tests.conformance.processes import NoSwitch, Switch, free_ports
from tests.conformance.rig import RATE, Event, Leg, Samples, Speech
from tests.conformance.sipphone import SipPhone
from tests.conformance.stranger import invite

TONE_SECONDS = 120
LINE = "1777"
"""Number of a phone's second line, at the phones."""
DIALOGUE = ("sip_call_id", "sip_to_tag", "sip_from_tag")


class RealRig(SocketRig):
    """See Rig. `pbx` and `phones` are the two processes."""

    name = "real"
    speed = 1.0

    def __init__(
        self,
        binary: Path,
        modules: Path,
        directory: Path,
        prompts: Path,
        ports: list[int] | None = None,
        codecs: str = "PCMU",
        rate: int = RATE,
        user: str | None = None,
        password: str = "rig-secret",
    ) -> None:
        """`ports`: PBX's SIP and event socket, the phones', the gate's, that of feature codes, PBX's second SIP, the
        first of 2000 for audio; or free ones.

        `rate`: the codec's. `user`: as whom the PBX runs.
        """
        self.rate = rate
        ports = ports or [*free_ports(7), 10000 + os.getpid() % 4 * 2000]
        pbx_sip, pbx_socket, self._phones_sip, phones_socket, gate_port, self.codes_port, proving, audio = ports
        there = tuple(name for name in switchconf.OPTIONAL if (modules / f"{name}.so").exists())
        self.modules = switchconf.MODULES + there
        place = switchconf.Place(
            directory / "pbx", pbx_sip, pbx_socket, audio, password, codecs, proving_port=proving)
        switchconf.pbx(place, prompts, gate_port, self.modules, self._phones_sip, self.codes_port)
        other = switchconf.Place(directory / "phones", self._phones_sip, phones_socket, audio + 1000, password, codecs)
        switchconf.phones(other, tuple(name for name in there if name in ("mod_opus", "mod_spandsp")))
        self._connections = []
        self._program = binary, modules
        self.pbx = Switch(binary, modules, place, user)
        self.phones = Switch(binary, modules, other)
        try:
            super().__init__(directory, self.pbx.connect, gate_port)
            self._phones = self.phones.connect()
            self._connections.append(self._phones)
            self._phones.command("event json RECORD_START")
            self._wait_for_sip()
        except BaseException:
            self.stop()
            raise

    @property
    def socket_port(self) -> int:
        return self.pbx.place.socket_port

    def _wait_for_sip(self) -> None:
        """The event socket listens before the SIP profiles run."""
        until = time.monotonic() + 30
        for connection in (self._commands, self._phones):
            while "RUNNING" not in connection.api("sofia status"):
                if time.monotonic() > until:
                    raise NoSwitch(f"SIP does not come up; see {self.directory.parent}/*/log")
                time.sleep(0.1)

    def address(self, number: str) -> str:
        return f"sofia/internal/{number}@127.0.0.1:{self._phones_sip}"

    def prepare(self, number: str, speech: Speech) -> None:
        """What that phone will say when it is next called; what it heard is forgotten."""
        home = self.phones.place.directory
        (home / f"heard/{number}.r8").unlink(missing_ok=True)
        samples = tone(speech, TONE_SECONDS) if isinstance(speech, int) else speech
        with wave.open(str(home / f"speech/{number}.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(np.round((np.zeros(RATE) if samples is None else samples) * 32767).astype("<i2").tobytes())

    def call_in(self, name: str, speech: Speech, to: str = "") -> Leg:
        number = self.number("customer", speech)
        since = self.mark()
        who = f"{{origination_caller_id_name='{name}',origination_caller_id_number={number},originate_timeout=20}}"
        target = f"sofia/internal/{to or self.number('agent', None)}@127.0.0.1:{self.pbx.place.sip_port}"
        self._phones.command(f"bgapi originate {who}{target} {number} XML default")
        event = self.wait(
            lambda e: e["Event-Name"] == "CHANNEL_CREATE" and e.get("Caller-Caller-ID-Number") == number, since
        )
        return Leg("customer", event["Unique-ID"], number)

    def proves(self, to: str, speech: Speech, password: str = switchconf.SECRET) -> Leg:
        """The directory's phone calls the switch under test, which asks for its password; it is picked up."""
        since = self.mark()
        number = switchconf.USER
        self.prepare(number, speech)
        who = (f"{{origination_caller_id_number={number},sip_auth_username={number},sip_auth_password={password},"
               "originate_timeout=20}")
        target = f"sofia/internal/{to}@127.0.0.1:{self.pbx.place.proving_port}"
        self._phones.command(f"bgapi originate {who}{target} {number} XML default")
        event = self.wait(
            lambda e: e["Event-Name"] == "CHANNEL_ANSWER" and e.get("Caller-Caller-ID-Number") == number, since)
        return Leg("supervisor", event["Unique-ID"], number)

    def stranger(self, name: str, sdp_line: str) -> str:
        since = self.mark()
        number = f"77{since}"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind(("127.0.0.1", 0))
            port = sender.getsockname()[1]
            sender.sendto(
                invite(name, number, port, self.pbx.place.sip_port, sdp_line), ("127.0.0.1", self.pbx.place.sip_port)
            )
            event = self.wait(
                lambda e: e["Event-Name"] == "CHANNEL_CREATE" and e.get("Caller-Caller-ID-Number") == number, since
            )
        return str(event["Unique-ID"])

    def _file(self, leg: Leg) -> Path:
        return self.phones.place.directory / f"heard/{leg.number}.r8"

    def heard(self, leg: Leg) -> Samples:
        data = self._file(leg).read_bytes() if self._file(leg).exists() else b""
        return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float64) / 32768

    def phone_mark(self) -> int:
        """As `mark`, among the phones' events."""
        return len(self._phones.events)

    def phone_recording(self, leg: Leg, since: int) -> Event:
        """That the leg's phone began to keep what it hears, after that phone_mark."""
        mine = str(self._file(leg))
        return self._phones.wait(lambda e: e.get("Record-File-Path") == mine, since)

    def now(self) -> float:
        return time.monotonic()

    def pass_time(self, seconds: float) -> None:
        time.sleep(seconds)

    def _at_phone(self, leg: Leg) -> str:
        """The phone's own uuid. The list of channels lags behind the channels a little."""
        until = time.monotonic() + 3
        while time.monotonic() < until:
            rows = self._phones.api("show channels as delim |").splitlines()
            names = rows[0].split("|")
            for row in rows[1:]:
                values = dict(zip(names, row.split("|"), strict=False))
                if values.get("dest") == leg.number:
                    return values["uuid"]
            time.sleep(0.05)
        raise SocketError(f"phone {leg.number} is not in a call")

    def hang_up(self, leg: Leg) -> None:
        self._phones.api(f"uuid_kill {self._at_phone(leg)}")

    def hold(self, leg: Leg, on: bool = True) -> None:
        self._phones.api(f"uuid_hold {'' if on else 'off '}{self._at_phone(leg)}")

    def press(self, leg: Leg, digits: str) -> None:
        self._phones.api(f"uuid_send_dtmf {self._at_phone(leg)} {digits}")

    def consult(self, leg: Leg, number: str, speech: Speech) -> str:
        """The line is called by its uuid at the phones."""
        line = str(uuid.uuid4())
        who = f"{{origination_uuid={line},origination_caller_id_number={leg.number}}}"
        target = f"sofia/internal/{number}@127.0.0.1:{self.pbx.place.sip_port}"
        self.prepare(LINE, speech)
        answer = self._phones.api(f"originate {who}{target} {LINE} XML default")
        if not answer.startswith("+OK"):
            raise SocketError(f"the consult of {number}: {answer}")
        return line

    def refer(self, leg: Leg, line: str, number: str) -> str:
        call, to, by = (self._phones.api(f"uuid_getvar {line} {name}") for name in DIALOGUE)
        replaces = f"{call}%3Bto-tag%3D{to}%3Bfrom-tag%3D{by}"
        target = f"sip:{number}@127.0.0.1:{self.pbx.place.sip_port}?Replaces={replaces}"
        return self._phones.api(f"uuid_deflect {self._at_phone(leg)} {target}")

    def revive(self) -> float:
        """The switch under test dies by SIGKILL and is started again; the phones hang up. When one could sign in."""
        self.pbx.kill()
        self.pbx.process.wait()
        for connection in self._connections:
            if connection is not self._phones:
                connection.close()
        self._connections = [self._phones]
        self._phones.api("hupall")
        self.pbx = Switch(*self._program, self.pbx.place)
        self._open = self.pbx.connect
        self._sign_in()
        listens = time.time()
        self._wait_for_sip()
        return listens

    def registered(self, number: str, answers: int = 200) -> AbstractContextManager[SipPhone]:
        place = self.pbx.place
        return sipphone.registered(number, switchconf.SECRET, place.domain, place.sip_port, answers)

    def renegotiate(self, leg: Leg, codec: str) -> None:
        """The switch under test asks that phone for another codec."""
        self.api(f"uuid_media_reneg {leg.uuid} ={codec}")

    def stop(self) -> None:
        self.disconnect()
        for switch in (self.pbx, self.phones):
            switch.stop()
