"""A real FreeSWITCH under test and another that plays the phones, on loopback ports and directories of their own.

Knows processes, files and the event socket. Knows nothing of what is tested.
"""

import contextlib
import ctypes.util
import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
import wave
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from tests.conformance import switchconf
from tests.conformance.esl import Esl, SocketError
from tests.conformance.hearing import tone
from tests.conformance.rig import RATE, Call, Event, Leg, Role, Samples, Speech

EVENTS = (
    "CHANNEL_CREATE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_HOLD "
    "CHANNEL_UNHOLD CHANNEL_PARK CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_DESTROY CHANNEL_EXECUTE "
    "CHANNEL_EXECUTE_COMPLETE PLAYBACK_START PLAYBACK_STOP RECORD_START RECORD_STOP MEDIA_BUG_START MEDIA_BUG_STOP DTMF "
    "BACKGROUND_JOB SHUTDOWN CUSTOM mod_audio_fork::connect mod_audio_fork::connect_failed "
    "mod_audio_fork::buffer_overrun mod_audio_fork::disconnect mod_audio_fork::error"
)
TONE_SECONDS = 120


class NoSwitch(RuntimeError):
    """There is no FreeSWITCH to test, or it does not start. The text says where was looked or what it said."""


def find(told: str | None) -> Path:
    """The FreeSWITCH program: as told, by ESLBOT_FREESWITCH, or on the PATH. Raises NoSwitch."""
    name = told or os.environ.get("ESLBOT_FREESWITCH") or "freeswitch"
    found = shutil.which(name)
    if found is None:
        raise NoSwitch(f"no FreeSWITCH: {name} is no program (give --freeswitch, ESLBOT_FREESWITCH, or put it on the PATH)")
    return Path(found)


def modules_of(binary: Path, told: str | None) -> Path:
    """Its modules' directory: as told, by ESLBOT_FREESWITCH_MODULES, or beside the program. Raises NoSwitch."""
    prefix = binary.resolve().parent.parent
    places = [prefix / "lib/freeswitch/mod", prefix / "mod", Path("/usr/lib/freeswitch/mod")]
    if named := told or os.environ.get("ESLBOT_FREESWITCH_MODULES"):
        places = [Path(named)]
    for place in places:
        if (place / "mod_sofia.so").exists():
            return place
    raise NoSwitch(f"no mod_sofia.so in {', '.join(map(str, places))} (give --freeswitch-modules)")


def _claims(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Ports nobody has, both as TCP and as UDP, below those the system hands out by itself."""
    start = 20000 + os.getpid() % 500 * 20
    ports = (port for port in range(start, 32000) if _claims(port, socket.SOCK_STREAM) and _claims(port, socket.SOCK_DGRAM))
    return [next(ports) for _ in range(count)]


def invite(name: str, number: str, port: int, to_port: int, sdp_line: str) -> bytes:
    """A SIP INVITE as anybody on the network could send it, to the phone that only rings."""
    lines = ["v=0", "o=x 1 1 IN IP4 127.0.0.1", "s=x", "c=IN IP4 127.0.0.1", "t=0 0", f"m=audio {port} RTP/AVP 0"]
    sdp = "".join(f"{line}\r\n" for line in [*lines, *filter(None, [sdp_line])])
    head = (
        f"INVITE sip:9487@127.0.0.1:{to_port} SIP/2.0",
        f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{number}",
        "Max-Forwards: 70",
        f'From: "{name}" <sip:{number}@127.0.0.1:{port}>;tag={number}',
        f"To: <sip:9487@127.0.0.1:{to_port}>",
        f"Call-ID: {number}@stranger",
        "CSeq: 1 INVITE",
        f"Contact: <sip:{number}@127.0.0.1:{port}>",
        "Content-Type: application/sdp",
        f"Content-Length: {len(sdp)}",
    )
    return ("\r\n".join(head) + "\r\n\r\n" + sdp).encode()


class Switch:
    """One FreeSWITCH process of ours."""

    def __init__(self, binary: Path, modules: Path, place: switchconf.Place) -> None:
        self.place = place
        for name in ("log", "db", "run", "temp", "scripts"):
            (place.directory / name).mkdir(parents=True, exist_ok=True)
        options = {name: place.directory / name for name in ("conf", "log", "db", "run", "temp", "scripts")}
        command = [str(binary), "-nf", "-nc", "-nonat", "-nort", "-np", "-mod", str(modules)]
        for name, directory in options.items():
            command += [f"-{name}", str(directory)]
        # Of its own session, so that a Ctrl-C at the tests leaves it to stop(); and it dies if the tests are killed.
        libc = ctypes.CDLL(ctypes.util.find_library("c"))
        with (place.directory / "log/stdout").open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: libc.prctl(1, signal.SIGTERM),
            )

    def connect(self, user: bool = False, password: str | None = None, within: float = 30.0) -> Esl:
        """Signs in, once it listens."""
        until = time.monotonic() + within
        while True:
            if self.process.poll() is not None:
                raise NoSwitch(f"FreeSWITCH ended with {self.process.returncode}; see {self.place.directory}/log")
            try:
                name = f"eslbot@{self.place.domain}" if user else None
                return Esl(self.place.socket_port, password or self.place.password, name)
            except OSError as error:
                if time.monotonic() > until:
                    raise NoSwitch(f"FreeSWITCH does not listen; see {self.place.directory}/log") from error
                time.sleep(0.1)

    def kill(self, number: int = signal.SIGKILL) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, number)

    def stop(self) -> None:
        self.kill(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()


class RealRig:
    """See Rig. `pbx` and `phones` are the two processes."""

    name = "real"

    def __init__(
        self,
        binary: Path,
        modules: Path,
        directory: Path,
        prompts: Path,
        ports: list[int] | None = None,
        codecs: str = "PCMU",
        password: str = "rig-secret",
    ) -> None:
        """`ports`: PBX's SIP and event socket, the phones' SIP and event socket, the gate's; none: free ones."""
        pbx_sip, pbx_socket, phones_sip, phones_socket, self.gate_port = ports or free_ports(5)
        self.directory = directory / "shared"
        self.directory.mkdir(parents=True, exist_ok=True)
        self._phones_sip = phones_sip
        there = tuple(name for name in switchconf.OPTIONAL if (modules / f"{name}.so").exists())
        self.modules = switchconf.MODULES + there
        place = switchconf.Place(directory / "pbx", pbx_sip, pbx_socket, 40000, password, codecs)
        switchconf.pbx(place, prompts, self.gate_port, self.modules, phones_sip)
        other = switchconf.Place(directory / "phones", phones_sip, phones_socket, 42000, password, codecs)
        switchconf.phones(other, tuple(name for name in there if name == "mod_opus"))
        self._numbers = {"agent": 0, "customer": 0, "supervisor": 0}
        self._connections: list[Esl] = []
        self.pbx = Switch(binary, modules, place)
        self.phones = Switch(binary, modules, other)
        try:
            self._commands, self._events, self._phones = (
                self._keep(switch.connect()) for switch in (self.pbx, self.pbx, self.phones)
            )
            self._wait_for_sip()
        except BaseException:
            self.stop()
            raise
        self._events.command(f"event json {EVENTS}")

    def _wait_for_sip(self) -> None:
        """The event socket listens before the SIP profiles run."""
        until = time.monotonic() + 30
        for connection in (self._commands, self._phones):
            while "RUNNING" not in connection.api("sofia status"):
                if time.monotonic() > until:
                    raise NoSwitch(f"SIP does not come up; see {self.directory.parent}/*/log")
                time.sleep(0.1)

    def _keep(self, connection: Esl) -> Esl:
        self._connections.append(connection)
        return connection

    def api(self, command: str) -> str:
        return self._commands.api(command)

    def address(self, number: str) -> str:
        """The dial string of one phone."""
        return f"sofia/internal/{number}@127.0.0.1:{self._phones_sip}"

    def number(self, role: Role, speech: Speech) -> str:
        """A phone of that role that says `speech`: agents 1000-1099, customers 90000 and up, supervisors 1900-1999."""
        count = self._numbers[role]
        self._numbers[role] += 1
        number = {"agent": 1000 + count % 100, "customer": 90000 + count % 10000, "supervisor": 1900 + count % 100}[role]
        self.prepare(str(number), speech)
        return str(number)

    def prepare(self, number: str, speech: Speech) -> None:
        """What that phone will say when it is next called; what it heard is forgotten."""
        home = self.phones.place.directory
        (home / f"heard/{number}.r8").unlink(missing_ok=True)
        samples = tone(speech, TONE_SECONDS) if isinstance(speech, int) else speech
        with wave.open(str(home / f"speech/{number}.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(np.round((np.zeros(RATE) if samples is None else samples) * 32767).astype("<i2").tobytes())

    def place(
        self,
        agent: Speech,
        customer: Speech,
        first: Role = "agent",
        variables: Mapping[str, str] | None = None,
        customer_variables: Mapping[str, str] | None = None,
    ) -> Call:
        numbers = {"agent": self.number("agent", agent), "customer": self.number("customer", customer)}
        uuids = {role: str(uuid.uuid4()) for role in numbers}
        own = {"agent": {}, "customer": dict(customer_variables or {})}

        def leg(role: str) -> str:
            values = {"origination_uuid": uuids[role], "ignore_early_media": "true", **(variables or {}), **own[role]}
            return "{" + ",".join(f"{key}={value}" for key, value in values.items()) + "}" + self.address(numbers[role])

        second = "customer" if first == "agent" else "agent"
        since = self.mark()
        self._commands.command(f"bgapi originate {leg(first)} &bridge({leg(second)})")
        self.wait(lambda event: event["Event-Name"] == "CHANNEL_BRIDGE" and event["Unique-ID"] == uuids[first], since)
        return Call(
            Leg("agent", uuids["agent"], numbers["agent"]),
            Leg("customer", uuids["customer"], numbers["customer"]),
            first,
        )

    def third(self, application: str, speech: Speech, variables: Mapping[str, str] | None = None) -> Leg:
        leg = Leg("supervisor", str(uuid.uuid4()), self.number("supervisor", speech))
        values = {"origination_uuid": leg.uuid, **(variables or {})}
        text = ",".join(f"{key}={value}" for key, value in values.items())
        since = self.mark()
        self._commands.command(f"bgapi originate {{{text}}}{self.address(leg.number)} &{application}")
        self.wait(lambda event: event["Event-Name"] == "CHANNEL_EXECUTE" and event["Unique-ID"] == leg.uuid, since)
        return leg

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

    def stranger(self, name: str, sdp_line: str) -> str:
        since = self.mark()
        number = f"77{since}"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind(("127.0.0.1", 0))
            port = sender.getsockname()[1]
            sender.sendto(invite(name, number, port, self.pbx.place.sip_port, sdp_line), ("127.0.0.1", self.pbx.place.sip_port))
            event = self.wait(
                lambda e: e["Event-Name"] == "CHANNEL_CREATE" and e.get("Caller-Caller-ID-Number") == number, since
            )
        return str(event["Unique-ID"])

    def _file(self, leg: Leg) -> Path:
        return self.phones.place.directory / f"heard/{leg.number}.r8"

    def heard(self, leg: Leg) -> Samples:
        data = self._file(leg).read_bytes() if self._file(leg).exists() else b""
        return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float64) / 32768

    def listen(self, seconds: float, *legs: Leg, settle: float = 0.5) -> dict[Leg, Samples]:
        time.sleep(settle)
        starts = {leg: len(self.heard(leg)) for leg in legs}
        time.sleep(seconds)
        return {leg: self.heard(leg)[starts[leg] :] for leg in legs}

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

    def press(self, leg: Leg, digits: str) -> None:
        self._phones.api(f"uuid_send_dtmf {self._at_phone(leg)} {digits}")

    def mark(self) -> int:
        return len(self._events.events)

    def events(self, since: int = 0) -> list[Event]:
        return self._events.events[since:]

    def wait(self, wanted: Callable[[Event], bool], since: int = 0, timeout: float = 10.0) -> Event:
        return self._events.wait(wanted, since, timeout)

    def connect(self, user: bool = False, password: str | None = None) -> Esl:
        return self._keep(self.pbx.connect(user, password))

    def clear(self) -> None:
        self._commands.api("hupall")
        until = time.monotonic() + 10
        while not self._commands.api("show channels").endswith("0 total."):
            if time.monotonic() > until:
                raise SocketError("calls stay up after hupall")
            time.sleep(0.05)

    def stop(self) -> None:
        for connection in self._connections:
            connection.close()
        for switch in (self.pbx, self.phones):
            switch.stop()
