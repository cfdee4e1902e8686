"""The embedded switch as a program uses it: start, place calls, hear, fail on purpose, stop.

Runs in any gevent program, patched or not. Knows the parts; the parts do not know it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import gevent

from eslbot.greenlets import Greenlets
from eslbot.sim import exchange
from eslbot.sim.connection import User
from eslbot.sim.core import Core
from eslbot.sim.dialplan import Dialplan, with_closing
from eslbot.sim.esl import EventSocket
from eslbot.sim.fork import AudioFork
from eslbot.sim.leg import Leg
from eslbot.sim.party import Party
from eslbot.sim.phonebook import Phone
from eslbot.sim.recording import Record
from eslbot.sim.sound import Pcm

DEFAULT_CLOSING = "tone_stream://%(2000,0,1200)"
"""The closing of a switch that was given none."""


class SwitchError(Exception):
    """A call did not come about, or the switch itself failed. The message says what was seen."""


@dataclass(frozen=True, slots=True)
class Call:
    """A bridged call."""

    agent: Leg
    customer: Leg
    a: Leg
    """The leg that was there first."""
    b: Leg


class Switch:
    """A switch in this process. As a context manager it is started and stopped; an error in it is raised at the end.

    host, port      where the event socket listens (port 0: any free one; see `port`)
    password, users how clients sign in
    closing         what the extension eslbot_closing plays: a WAV's path or a stream
    dialplan        XML files that come before the built-in closing; `globals` their $${...}
    speed           times faster than real time
    rate            of every leg that says no other: 8000 (PCMU) or 16000
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        password: str = "embedded",
        users: Mapping[str, User] | None = None,
        closing: str | Path = DEFAULT_CLOSING,
        dialplan: Iterable[Path] = (),
        globals: Mapping[str, str] | None = None,
        speed: float = 1.0,
        rate: int = 8000,
        name: str = "pbx",
    ) -> None:
        self.host, self.port, self.password = host, port, password
        plan = Dialplan(globals=dict(globals or {}))
        plan.include_files(dialplan)
        plan.include(with_closing(str(closing)))
        self._greenlets = Greenlets(self._failed)
        self.core = Core(self._greenlets, plan, name, speed)
        self.core.rate = rate
        self.core.shutdown = self.stop
        self._socket = EventSocket(self.core, password, users or {})
        self._up = False

    # --- life --------------------------------------------------------------------------------------------------------
    def start(self) -> Self:
        """Listens and begins to move frames. Raises OSError for a port that is taken."""
        self.port = self._socket.open(self.host, self.port)
        self._greenlets.spawn("mixer", self.core.run)
        self._up = True
        return self

    def stop(self) -> None:
        """As `fsctl shutdown`: connections end without a word, recordings are closed."""
        self._end(abandon=False)

    def kill(self) -> None:
        """As a crash: everything ends where it is; what a recording held back is lost, its file stays."""
        self._end(abandon=True)

    def _end(self, abandon: bool) -> None:
        if not self._up:
            return
        self._up = False
        self._socket.close()
        for leg in self.core.legs.values():
            for bug in leg.bugs:
                if abandon and isinstance(bug, Record | AudioFork):
                    bug.abandon()
                elif not abandon:
                    bug.close()
        gevent.sleep(0)  # an audio fork may say goodbye
        self._greenlets.stop(timeout=2.0)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.stop()
        if self.core.faults and error is None:
            raise SwitchError("\n".join(self.core.faults))

    def _failed(self, name: str, error: BaseException) -> None:
        self.core.faults.append(f"{name}: {type(error).__name__}: {error}")

    def watch(self, name: str, run: Callable[[], None]) -> None:
        """Runs something beside the switch until it stops."""
        self._greenlets.spawn(name, run)

    # --- faults ------------------------------------------------------------------------------------------------------
    def sever(self) -> None:
        """Cuts every connection of the event socket; calls go on."""
        self._socket.sever()

    def freeze(self, frozen: bool = True) -> None:
        """Half-open: connections stand and nothing is answered."""
        self._socket.freeze(frozen)

    @property
    def connections(self) -> int:
        """Of the event socket."""
        return self._socket.connections

    # --- calls -------------------------------------------------------------------------------------------------------
    def api(self, command: str) -> str:
        """What `api <command>` answers."""
        return self.core.api(command)

    def place(
        self,
        agent: Party | None = None,
        customer: Party | None = None,
        *,
        first: str = "agent",
        variables: Mapping[str, Mapping[str, str]] | None = None,
        agent_number: str = "1001",
        customer_number: str = "9001",
        timeout: float = 10.0,
    ) -> Call:
        """Calls one party, bridges it to the other, and returns once they hear each other.

        `first`: who is the A leg, `agent` or `customer`. `variables`: channel variables by `agent` and `customer`;
        without any, eslbot_role is set. Raises SwitchError when the call does not come about in `timeout` seconds.
        """
        parties = {"agent": agent or Party(rate=self.core.rate), "customer": customer or Party(rate=self.core.rate)}
        numbers = {"agent": agent_number, "customer": customer_number}
        given = variables if variables is not None else {role: {"eslbot_role": role} for role in parties}
        second = "customer" if first == "agent" else "agent"
        dials = {}
        for role in (first, second):
            exchange.expect(self.core, numbers[role], parties[role])
            text = ",".join(f"{name}='{value}'" for name, value in given.get(role, {}).items())
            dials[role] = (f"{{{text}}}" if text else "") + f"sofia/internal/{numbers[role]}@127.0.0.1"
        try:
            near = self._originate(f"{dials[first]} &bridge({dials[second]})", first)
            self.wait(lambda: near.partner is not None or near.gone, timeout, f"no bridge from the {first}")
            far = near.partner
            if far is None:
                raise SwitchError(f"{second}: {near.variables.get('originate_disposition', near.cause)}")
        finally:
            for party in parties.values():
                exchange.forget(self.core, party)
        legs = {first: near, second: far}
        return Call(legs["agent"], legs["customer"], near, far)

    def _originate(self, what: str, who: str) -> Leg:
        answer = self.core.api(f"originate {what}")
        leg = self.core.legs.get(answer.removeprefix("+OK ").strip())
        if leg is None:
            raise SwitchError(f"{who}: {answer.strip()}")
        return leg

    def expect(self, number: str, party: Party) -> None:
        """The next call to this number reaches this party (a number nobody is expected at is answered by silence)."""
        exchange.expect(self.core, number, party)

    def ring(
        self,
        party: Party,
        destination: str,
        caller: str = "1001",
        user: str = "",
        name: str = "",
        variables: Mapping[str, str] | None = None,
    ) -> Leg:
        """A phone calls in and goes through the dialplan. `user`: as whom it has authenticated; `name`: its display
        name, which a stranger may choose; `variables`: what else its INVITE brings (switch_r_sdp)."""
        return exchange.arrive(self.core, party, destination, caller, user, name, dict(variables or {}))

    def register(self, phone: Phone) -> Phone:
        """From now on texts outside of calls reach it (SIP MESSAGE), and no phone that had its number before."""
        self.core.registered[phone.address] = phone
        return phone

    def unregister(self, phone: Phone) -> None:
        """It is away."""
        if self.core.registered.get(phone.address) is phone:
            del self.core.registered[phone.address]

    def supervise(
        self, party: Party, spied: Leg, variables: Mapping[str, str] | None = None, number: str = "1900"
    ) -> Leg:
        """A third phone eavesdrops on a leg. Raises SwitchError."""
        text = ",".join(f"{name}={value}" for name, value in (variables or {}).items())
        return self.call(party, f"&eavesdrop({spied.uuid})", number, text)

    def call(self, party: Party, application: str, number: str = "1900", variables: str = "") -> Leg:
        """Calls a phone and runs an application (`&park()`) with it. Raises SwitchError."""
        exchange.expect(self.core, number, party)
        dial = (f"{{{variables}}}" if variables else "") + f"sofia/internal/{number}@127.0.0.1"
        return self._originate(f"{dial} {application}", number)

    # --- hearing -----------------------------------------------------------------------------------------------------
    def heard(self, leg: Leg) -> Pcm:
        """All that the party at this leg heard since it answered."""
        return leg.party.heard

    def pass_time(self, seconds: float) -> None:
        """Lets that much of the switch's time pass."""
        ends = self.core.now + seconds
        while self.core.now < ends:
            gevent.sleep(0.005)

    def wait(self, until: Callable[[], object], timeout: float = 10.0, what: str = "it did not happen") -> None:
        """Waits for a condition. Raises SwitchError after `timeout` seconds of real time."""
        with gevent.Timeout(timeout, SwitchError(f"{what} within {timeout} s; {list(self.core.notes)[-3:]}")):
            while not until():
                gevent.sleep(0.005)
