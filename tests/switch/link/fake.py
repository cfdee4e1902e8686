"""A scripted event socket for the link's tests: answers like FreeSWITCH, and misbehaves where it is told to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gevent
import orjson
from gevent import socket
from gevent.server import StreamServer

from eslbot.clock import SteadyClock
from eslbot.greenlets import Greenlets
from eslbot.model import facts
from eslbot.switch.codec import Command, CommandDecoder, Event, encode_event, encode_frame
from eslbot.switch.link import Link, LinkOptions, Notice

CORE = "27cce578-f448-42a7-987e-19813af704ed"
A, B, C = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abc")
PASSWORD = "rig-secret"
DEADLINE = 20.0
"""Seconds after which a test is hanging; nothing depends on it otherwise."""


def leg(uuid: str, number: str, other: str = "", **more: str) -> Event:
    """A channel that is up, as uuid_dump shows it."""
    return {
        "Event-Name": "CHANNEL_DATA", "Core-UUID": CORE, "Unique-ID": uuid, "Call-Direction": "outbound",
        "Channel-State": "CS_EXECUTE", "Channel-Call-State": "ACTIVE", "Answer-State": "answered",
        "Caller-Destination-Number": number, "Channel-Read-Codec-Rate": "8000", "Caller-Channel-Created-Time": "1",
        **({"variable_bridge_to": other} if other else {}), **more,
    }  # fmt: skip


def event(name: str, uuid: str, **more: str) -> Event:
    return {**leg(uuid, "1001"), "Event-Name": name, **more}


def reply(text: str) -> bytes:
    return encode_frame({"Content-Type": "command/reply", "Reply-Text": text})


def answer(text: str) -> bytes:
    return encode_frame({"Content-Type": "api/response"}, text.encode())


class FakeSwitch:
    """`script` may answer a command itself: bytes are sent as they are (after b"" nothing is answered any more), None
    leaves it to the switch, False closes the connection."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self.core = CORE
        self.channels: dict[str, Event] = {}
        self.password: str | None = PASSWORD
        self.greeting: bytes | None = encode_frame({"Content-Type": "auth/request"})
        self.script: Callable[[Command], bytes | bool | None] = lambda command: None
        self.heard: list[str] = []
        self.sockets: list[Any] = []
        self.listeners: list[Any] = []
        self.deaf = False
        self._mute: list[Any] = []
        self._server = StreamServer((host, port), self._serve)
        self._server.start()

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    def emit(self, *events: Event) -> None:
        data = b"".join(encode_event(one, "json") for one in events)
        for listener in list(self.listeners):
            listener.sendall(data)

    def mute(self, sock: Any) -> None:
        """Answer nothing more on that connection and leave it open: half a link."""
        self._mute.append(sock)

    def drop(self) -> None:
        """Close every connection, as a crash does."""
        for sock in self.sockets:
            sock.close()
        self.sockets, self.listeners = [], []

    def stop(self) -> None:
        self._server.stop()
        self.drop()

    def _serve(self, sock: Any, peer: Any) -> None:
        self.sockets.append(sock)
        decoder = CommandDecoder()
        try:
            if self.greeting is None:
                return
            sock.sendall(self.greeting)
            stalled = False
            while not self.deaf and (data := sock.recv(65536)):
                for command in decoder.feed(data):
                    self.heard.append(command.line)
                    told = None if stalled else self.script(command)
                    stalled = stalled or told == b"" or sock in self._mute
                    if told is False or (not stalled and self._obey(sock, command, told)):
                        return
            while self.deaf:
                gevent.sleep(0.01)
        except OSError:
            pass
        finally:
            sock.close()

    def _obey(self, sock: Any, command: Command, told: bytes | bool | None) -> bool:
        if isinstance(told, bytes):
            sock.sendall(told)
            return False
        verb, _, rest = command.line.partition(" ")
        if verb == "exit":
            sock.sendall(reply("+OK bye"))
            return True
        if verb == "event" and sock not in self.listeners:
            self.listeners.append(sock)
        sock.sendall(self._answer(verb, rest))
        return False

    def _answer(self, verb: str, rest: str) -> bytes:
        if verb in ("auth", "userauth"):
            return reply("+OK accepted" if rest.rpartition(":")[2] == self.password else "-ERR invalid")
        if verb == "event":
            return reply("+OK event listener enabled json")
        if verb == "api":
            return answer(self._api(rest))
        return reply("-ERR command not found")

    def _api(self, text: str) -> str:
        if text == "global_getvar core_uuid":
            return self.core
        if text == "show channels as json":
            rows = [
                {"uuid": uuid, "initial_dest": one["Caller-Destination-Number"], "initial_cid_num": "555"}
                for uuid, one in self.channels.items()
            ]
            return orjson.dumps({"row_count": len(rows), **({"rows": rows} if rows else {})}).decode()
        if text.startswith("uuid_dump "):
            one = self.channels.get(text.split()[1])
            return orjson.dumps(one).decode() if one else "-ERR No such channel!\n"
        if text.startswith("echo "):
            return text[5:]
        return "-ERR Command not found!\n"


class Rig:
    """A link to a fake switch, and what it has told."""

    def __init__(self, switch: FakeSwitch, **options: Any) -> None:
        self.switch = switch
        self.told: list[facts.Fact] = []
        self.notices: list[Notice] = []
        self.failures: list[BaseException] = []
        self.also: Callable[[facts.Fact], object] = lambda fact: None
        self.greenlets = Greenlets(lambda name, error: self.failures.append(error))
        self.link = Link(
            LinkOptions("pbx", **{"host": "127.0.0.1", "port": switch.port, "password": PASSWORD, **options}),
            self.greenlets, SteadyClock(), self.on_fact, self.notices.append,
        )  # fmt: skip

    def on_fact(self, fact: facts.Fact) -> None:
        self.told.append(fact)
        self.also(fact)

    def kinds(self) -> list[str]:
        return [type(fact).__name__ for fact in self.told]

    def count(self, kind: type) -> int:
        return sum(isinstance(fact, kind) for fact in self.told)

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until it is so."""
        with gevent.Timeout(DEADLINE, AssertionError(f"it did not come to that; told: {self.kinds()[-20:]}")):
            while not condition():
                gevent.sleep(0.005)

    def until_up(self, times: int = 1) -> None:
        self.until(lambda: self.count(facts.SwitchUp) >= times and self.link.up)


@contextmanager
def rigged(switch: FakeSwitch | None = None, start: bool = True, **options: Any) -> Iterator[Rig]:
    rig = Rig(switch or FakeSwitch(), **options)
    try:
        if start:
            rig.link.start()
        yield rig
    finally:
        rig.link.stop()
        rig.switch.stop()
        rig.greenlets.stop()
    assert rig.failures == []


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
