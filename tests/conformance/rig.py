"""What the suite asks of a switch with phones on it. Two stand behind it: real FreeSWITCHes and the embedded one.

Knows no socket, no process and no sample format but its own: mono float arrays within -1..1.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

RATE = 8000
"""Of a call in PCMU, and of all WAVs of the suite."""
Samples = NDArray[np.float64]
Speech = Samples | int | None
"""What a party says once its phone is up: samples; a tone of so many Hz for two minutes; None is silence."""
Event = dict[str, Any]
Role = Literal["agent", "customer", "supervisor"]


@dataclass(frozen=True, slots=True)
class Leg:
    """One phone in a call: its leg's uuid on the switch under test, and its number."""

    role: Role
    uuid: str
    number: str


@dataclass(frozen=True, slots=True)
class Call:
    agent: Leg
    customer: Leg
    first: Role
    """Whose leg is the A leg."""

    def leg(self, role: Role) -> Leg:
        return self.agent if role == "agent" else self.customer


class Text(Protocol):
    """A SIP MESSAGE, as it reached a phone."""

    @property
    def kind(self) -> str: ...
    """Its content type."""

    @property
    def body(self) -> bytes: ...


class Registered(Protocol):
    """A phone that has registered."""

    @property
    def texts(self) -> Sequence[Text]: ...


class Rig(Protocol):
    """A switch under test with phones on it."""

    name: str
    rate: int
    """Samples a second of what the phones hear."""
    speed: float
    """Seconds of the switch's time in one of ours."""
    directory: Path
    """Where both the suite and the switch may write, on a memory file system where there is one."""

    def api(self, command: str) -> str:
        """The answer to one api command, without its last newline."""

    def place(
        self,
        agent: Speech,
        customer: Speech,
        first: Role = "agent",
        variables: Mapping[str, str] | None = None,
        customer_variables: Mapping[str, str] | None = None,
    ) -> Call:
        """Both phones up and bridged. `variables` are set on both legs; agents' numbers are 10xx, customers' 9xxxx."""

    def third(self, application: str, speech: Speech, variables: Mapping[str, str] | None = None) -> Leg:
        """A supervisor's phone, answered and in `application`, as `originate {variables}... &application`."""

    def call_in(self, name: str, speech: Speech, to: str = "") -> Leg:
        """A customer's phone calls the switch under test, which has just told of the leg. `name`: its display name;
        `to`: what it dials, else an agent's number."""

    def stranger(self, name: str, sdp_line: str) -> str:
        """Somebody who is no phone of ours sends an INVITE with that display name, and that line more in its SDP; the
        call rings on. The leg's uuid."""

    def number(self, role: Role, speech: Speech) -> str:
        """A fresh phone of that role, which will say `speech`."""

    def address(self, number: str) -> str:
        """How the switch under test dials that phone. 9486 is busy, 9487 only rings, 9488 does not exist."""

    def registered(self, number: str, answers: int = 200) -> AbstractContextManager[Registered]:
        """Meanwhile a phone is registered under that number (an agent's), in the SIP domain 127.0.0.1 at the profile
        `internal`. `answers`: with which status it answers a SIP MESSAGE."""

    def listen(self, seconds: float, *legs: Leg, settle: float = 0.5) -> dict[Leg, Samples]:
        """What each of the legs' phones hears in the `seconds` that begin `settle` seconds from now."""

    def pass_time(self, seconds: float) -> None:
        """Lets that much of the switch's time pass."""

    def now(self) -> float:
        """Seconds on the switch's clock."""

    def heard(self, leg: Leg) -> Samples:
        """All that the leg's phone has heard since it answered."""

    def hang_up(self, leg: Leg) -> None:
        """The person at that phone hangs up."""

    def hold(self, leg: Leg, on: bool = True) -> None:
        """The person at that phone puts the call on hold, or takes it back."""

    def press(self, leg: Leg, digits: str) -> None:
        """The person at that phone presses keys."""

    def consult(self, leg: Leg, number: str, speech: Speech) -> str:
        """The person at that phone calls another number by a second line, with `speech`; what the line is called."""

    def refer(self, leg: Leg, line: str, number: str) -> str:
        """That phone joins whom it talks to on its two lines (REFER with Replaces); `200` where it could."""

    def mark(self) -> int:
        """A place in the stream of events, for `events` and `wait`."""

    def events(self, since: int = 0) -> list[Event]:
        """The events since that place, as `event json` tells them."""

    def wait(self, wanted: Callable[[Event], bool], since: int = 0, timeout: float = 10.0) -> Event:
        """The first wanted event since that place. Raises after `timeout` seconds."""

    def connect(self, user: bool = False, password: str | None = None) -> Any:
        """One more event-socket connection (an `Esl`), by userauth where `user`; `password`: not the right one."""

    socket_port: int
    """Of the event socket of the switch under test; `rig-secret` signs in, also for the user eslbot@127.0.0.1."""

    gate_port: int
    """Where the dialplan's eslbot_gate looks for the gate."""

    def clear(self) -> None:
        """No call is up any more."""

    def stop(self) -> None: ...
