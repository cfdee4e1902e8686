"""One connection of the event socket: commands in, replies and events out, as mod_event_socket orders them.

One greenlet does both, as one thread does there: while it works on an `api`, the events of its connection wait; `bgapi`
runs elsewhere. Knows the protocol. Which events and commands there are is not its business.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gevent import socket
from gevent.event import Event as Signal

from eslbot.sim import messages
from eslbot.sim.outbound import Visit
from eslbot.sim.subscription import DENIED, Subscription
from eslbot.switch.codec import Command, CommandDecoder, Event, ProtocolError, encode_event, encode_frame

if TYPE_CHECKING:
    from eslbot.sim.core import Core
    from eslbot.sim.leg import Leg

QUEUE = 100_000
"""Events that wait for a slow listener."""
LOSSES = 500
"""Lost events after which it is dropped."""
_GOODBYE = b"Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
_NO_COMMAND = "-ERR command not found"
_RUNS_ANOTHER = ("bgapi", "sched_api", "eval", "expand", "xml_wrap")


@dataclass(frozen=True, slots=True)
class User:
    """A directory user of the event socket (userauth)."""

    password: str
    apis: frozenset[str] | None = None
    """esl-allowed-api; None: all."""
    events: frozenset[str] | None = None
    """esl-allowed-events; None: all."""


class Connection:
    """A client, or, with a leg, the program that the `socket` application called."""

    def __init__(
        self, core: "Core", sock: socket.socket, password: str, users: Mapping[str, User], thawed: Signal
    ) -> None:
        self._core, self._sock, self._password, self._users = core, sock, password, users
        self._thawed = thawed
        self._authorised = self._running = self._gone = False
        self._apis: frozenset[str] | None = None
        self.subscription = Subscription()
        self._events: deque[Event] = deque()
        self._commands: deque[Command] = deque()
        self._lost = 0
        self._wake = Signal()
        self._leg: Leg | None = None
        self._visit = Visit()

    # --- what it hears -----------------------------------------------------------------------------------------------
    def offer(self, event: Event) -> None:
        """An event of the switch."""
        own = self._leg is not None and event.get("Unique-ID") == self._leg.uuid
        if own and event["Event-Name"] == "CHANNEL_DESTROY":
            self._wake.set()  # the conversation is over, unless the program asked to linger
        if not self._running or not self.subscription.wants(event):
            return
        if len(self._events) >= QUEUE:
            self._lost += 1
            if self._lost > LOSSES:
                self.drop()
            return
        self._events.append(event)
        self._wake.set()

    def drop(self) -> None:
        """Ends the connection without a word, as a crash or a cut cable does."""
        self._running, self._gone = False, True
        self._sock.close()
        self._wake.set()

    # --- its life ----------------------------------------------------------------------------------------------------
    def serve(self) -> None:
        """A client's connection, to its end."""
        self._thawed.wait()
        self._send(encode_frame({"Content-Type": "auth/request"}))
        self._run()

    def serve_leg(self, leg: "Leg", visit: Visit) -> None:
        """A program's that the switch called, to its end."""
        self._leg, self._visit, self._authorised = leg, visit, True
        visit.connected = True
        self.subscription.only = leg.uuid
        try:
            self._run()
        finally:
            visit.over = True

    def _run(self) -> None:
        self._running = True
        self._core.listeners.append(self)
        reader = self._core.greenlets.spawn("event socket reader", self._read)
        try:
            while self._running:
                self._wake.wait()
                self._wake.clear()
                while self._running and (self._commands or self._events):
                    self._thawed.wait()
                    if self._commands:
                        self._reply(self._commands.popleft())
                    elif self._events:
                        self._send(encode_event(self._events.popleft(), self.subscription.format))
                if self._leg is not None and self._leg.gone and not self._visit.linger:
                    self._running = False
            if not self._gone:
                self._send(self._farewell())
        except OSError:
            pass
        finally:
            self._running = False
            self._core.listeners.remove(self)
            reader.kill(block=False)
            self._sock.close()

    def _farewell(self) -> bytes:
        headers = {"Content-Type": "text/disconnect-notice"}
        if self._leg is not None:
            headers |= {"Controlled-Session-UUID": self._leg.uuid, "Content-Disposition": "disconnect"}
        return encode_frame(headers, _GOODBYE)

    def _read(self) -> None:
        decoder = CommandDecoder()
        try:
            while data := self._sock.recv(65536):
                self._commands.extend(decoder.feed(data))
                self._wake.set()
        except (OSError, ProtocolError):
            pass
        self._running, self._gone = False, True
        self._wake.set()

    def _send(self, data: bytes) -> None:
        if not self._gone:
            self._sock.sendall(data)

    # --- commands ----------------------------------------------------------------------------------------------------
    def _reply(self, command: Command) -> None:
        word, _, rest = command.line.strip().partition(" ")
        word = word.lower()
        if word in ("exit", "..."):
            self._answer("+OK bye")
            self._running = False
        elif word in ("auth", "userauth"):
            self._sign_in(word, rest)
        elif not self._authorised:
            self._answer(_NO_COMMAND)
        elif word == "api":
            self._api(rest)
        elif word == "bgapi":
            self._bgapi(rest, command)
        elif self._leg is not None and word == "connect":
            self._send(messages.channel(self._core, self._leg))
        elif self._leg is not None and word in messages.OF_A_LEG:
            self._answer(messages.of_leg(self._leg, self._visit, self.subscription, word, rest))
        else:
            self._answer(self._other(word, rest, command))

    def _answer(self, text: str, more: Mapping[str, str] | None = None) -> None:
        self._send(encode_frame({"Content-Type": "command/reply", "Reply-Text": text, **(more or {})}))

    def _sign_in(self, word: str, rest: str) -> None:
        more: dict[str, str] = {}
        if word == "auth":
            self._authorised = rest == self._password
        else:
            name, _, password = rest.partition(":")
            user = self._users.get(name)
            self._authorised = user is not None and user.password == password
            if user is not None and self._authorised:
                self._apis, self.subscription.allowed = user.apis, user.events
                more = {
                    "Allowed-Events": " ".join(sorted(user.events)) if user.events is not None else "all",
                    "Allowed-API": " ".join(sorted(user.apis)) if user.apis is not None else "all",
                    "Allowed-LOG": "true",
                }
        self._answer("+OK accepted" if self._authorised else "-ERR invalid", more)
        self._running = self._authorised

    def _may(self, text: str) -> bool:
        """As the real one checks: a command that runs another has its first argument looked up as well, which for
        sched_api is the time."""
        if self._apis is None:
            return True
        for word in text.split(" "):
            if word not in self._apis:
                return False
            if word.lower() not in _RUNS_ANOTHER:
                break
        return True

    def _api(self, text: str) -> None:
        if not self._may(text):
            self._answer(DENIED)
            return
        self._send(encode_frame({"Content-Type": "api/response"}, self._core.api(text).encode()))

    def _bgapi(self, text: str, command: Command) -> None:
        if not self._may(text):
            self._answer(DENIED)
            return
        job = command.headers.get("Job-UUID") or self._core.new_uuid()
        self._answer(f"+OK Job-UUID: {job}", {"Job-UUID": job})
        self._core.greenlets.spawn(f"bgapi {text.split(' ')[0]}", self._work, job, text)

    def _work(self, job: str, text: str) -> None:
        answer = self._core.api(text)
        name, _, arguments = text.partition(" ")
        headers = {"Job-UUID": job, "Job-Command": name} | ({"Job-Command-Arg": arguments} if arguments else {})
        self._core.fire("BACKGROUND_JOB", headers, body=answer)

    def _other(self, word: str, rest: str, command: Command) -> str:
        if word == "event":
            return self.subscription.add(rest.split())
        if word == "nixevent":
            return self.subscription.remove(rest.split())
        if word == "noevents":
            return self.subscription.clear()
        if word == "filter":
            return self.subscription.filter(rest)
        if word == "sendmsg":
            return messages.sendmsg(self._core, self._leg, rest.strip(), command.headers)
        if word == "sendevent":
            return messages.sendevent(self._core, rest.strip(), command)
        if word in ("linger", "nolinger"):
            return "-ERR not controlling a session"
        if word == "nolog":
            return "-ERR not loging"
        if word == "log":
            return "+OK log level DEBUG [7]"
        return _NO_COMMAND
