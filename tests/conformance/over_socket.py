"""The part of a rig that only needs an event socket: placing calls, events, answers. Knows no process and no audio."""

import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.conformance.esl import Esl, SocketError
from tests.conformance.rig import Call, Event, Leg, Role, Samples, Speech

EVENTS = (
    "CHANNEL_CREATE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_UNBRIDGE "
    "CHANNEL_HOLD CHANNEL_UNHOLD CHANNEL_PARK CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_DESTROY CHANNEL_EXECUTE "
    "CHANNEL_EXECUTE_COMPLETE PLAYBACK_START PLAYBACK_STOP RECORD_START RECORD_STOP MEDIA_BUG_START MEDIA_BUG_STOP "
    "DTMF BACKGROUND_JOB SHUTDOWN CUSTOM mod_audio_fork::connect mod_audio_fork::connect_failed "
    "mod_audio_fork::buffer_overrun mod_audio_fork::disconnect mod_audio_fork::error"
)
FIRST_NUMBERS = {"agent": 1000, "customer": 90000, "supervisor": 1900}
HOW_MANY = {"agent": 100, "customer": 10000, "supervisor": 100}


class SocketRig:
    """Half of a Rig; see there. Left: address, prepare, heard, pass_time, hang_up, hold, press, call_in, stranger,
    stop."""

    def __init__(self, directory: Path, open_socket: Callable[[bool, str | None], Esl], gate_port: int) -> None:
        """`open_socket`: signs in (as the directory's user?, with another password?)."""
        self.directory = directory / "shared"
        self.directory.mkdir(parents=True, exist_ok=True)
        self.gate_port = gate_port
        self._open = open_socket
        self._counts = dict.fromkeys(FIRST_NUMBERS, 0)
        self._connections: list[Esl] = []
        self._sign_in()

    def _sign_in(self) -> None:
        self._commands = self.connect()
        self._events = self.connect()
        self._events.command(f"event json {EVENTS}")

    def address(self, number: str) -> str:
        raise NotImplementedError

    def prepare(self, number: str, speech: Speech) -> None:
        """Before a phone is called: what it will say; what it heard is forgotten."""
        raise NotImplementedError

    def connect(self, user: bool = False, password: str | None = None) -> Esl:
        self._connections.append(self._open(user, password))
        return self._connections[-1]

    def disconnect(self) -> None:
        for connection in self._connections:
            connection.close()

    def api(self, command: str) -> str:
        return self._commands.api(command)

    def number(self, role: Role, speech: Speech) -> str:
        """Agents 1000-1099, customers 90000 and up, supervisors 1900-1999, in turn."""
        number = str(FIRST_NUMBERS[role] + self._counts[role] % HOW_MANY[role])
        self._counts[role] += 1
        self.prepare(number, speech)
        return number

    def place(
        self,
        agent: Speech,
        customer: Speech,
        first: Role = "agent",
        variables: Mapping[str, str] | None = None,
        customer_variables: Mapping[str, str] | None = None,
    ) -> Call:
        legs: dict[Role, Leg] = {
            "agent": Leg("agent", str(uuid.uuid4()), self.number("agent", agent)),
            "customer": Leg("customer", str(uuid.uuid4()), self.number("customer", customer)),
        }

        def dial(role: Role) -> str:
            values = {"origination_uuid": legs[role].uuid, "ignore_early_media": "true", **(variables or {})}
            values |= customer_variables or {} if role == "customer" else {}
            return (
                "{"
                + ",".join(f"{key}={value}" for key, value in values.items())
                + "}"
                + self.address(legs[role].number)
            )

        since = self.mark()
        self._commands.command(f"bgapi originate {dial(first)} &bridge({dial(other(first))})")
        self.wait(lambda e: e["Event-Name"] == "CHANNEL_BRIDGE" and e["Unique-ID"] == legs[first].uuid, since)
        return Call(legs["agent"], legs["customer"], first)

    def third(self, application: str, speech: Speech, variables: Mapping[str, str] | None = None) -> Leg:
        leg = Leg("supervisor", str(uuid.uuid4()), self.number("supervisor", speech))
        values = {"origination_uuid": leg.uuid, **(variables or {})}
        text = ",".join(f"{key}={value}" for key, value in values.items())
        since = self.mark()
        self._commands.command(f"bgapi originate {{{text}}}{self.address(leg.number)} &{application}")
        self.wait(lambda e: e["Event-Name"] == "CHANNEL_EXECUTE" and e["Unique-ID"] == leg.uuid, since)
        return leg

    def heard(self, leg: Leg) -> Samples:
        raise NotImplementedError

    def pass_time(self, seconds: float) -> None:
        raise NotImplementedError

    def listen(self, seconds: float, *legs: Leg, settle: float = 0.5) -> dict[Leg, Samples]:
        self.pass_time(settle)
        starts = {leg: len(self.heard(leg)) for leg in legs}
        self.pass_time(seconds)
        return {leg: self.heard(leg)[starts[leg] :] for leg in legs}

    def mark(self) -> int:
        return len(self._events.events)

    def events(self, since: int = 0) -> list[Event]:
        return self._events.events[since:]

    def wait(self, wanted: Callable[[Event], bool], since: int = 0, timeout: float = 15.0) -> Event:
        return self._events.wait(wanted, since, timeout)

    def clear(self) -> None:
        self._commands.api("hupall")
        until = time.monotonic() + 10
        while not self._commands.api("show channels as json").startswith('{"row_count": 0'):
            if time.monotonic() > until:
                raise SocketError("calls stay up after hupall")
            time.sleep(0.05)


def other(role: Role) -> Role:
    return "customer" if role == "agent" else "agent"
