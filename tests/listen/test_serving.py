"""One thread serves all connections: in turn, without waiting for one that does not read, and each in its own words."""

import socket
from collections.abc import Iterator

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from eslbot.listen.serving import Refused, Server


class Echo:
    """Says what it was asked, and notes the order in which all were."""

    order: list[str]

    def __init__(self, order: list[str]) -> None:
        self.order = order

    def take(self, message: bytes | str) -> tuple[str | None, bool]:
        text = message if isinstance(message, str) else message.decode()
        self.order.append(text[:8])
        if text == "refuse":
            raise Refused(1007, "not that")
        if text == "fail":
            raise ZeroDivisionError
        if text == "nothing":
            return None, False
        return (text * 1000 if text.startswith("long") else text), text == "end"


class Client:
    """The other end, driven by hand."""

    def __init__(self, server: "Served") -> None:
        self.server = server
        self.sock = socket.create_connection(server.address)
        self.sock.setblocking(False)
        self.protocol = ClientProtocol(parse_uri("ws://localhost/"), max_size=None)
        self.protocol.send_request(self.protocol.connect())
        self.said: list[bytes] = []
        self.push()
        for _ in range(3):
            server.turn()
        self.pull()

    def push(self) -> None:
        self.sock.sendall(b"".join(self.protocol.data_to_send()))

    def say(self, *messages: bytes | str) -> None:
        for message in messages:
            if isinstance(message, str):
                self.protocol.send_text(message.encode())
            else:
                self.protocol.send_binary(message)
        self.push()

    def pull(self) -> None:
        try:
            while data := self.sock.recv(1 << 20):
                self.protocol.receive_data(data)
            self.protocol.receive_eof()
        except BlockingIOError:
            pass
        for event in self.protocol.events_received():
            if isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.CONT):
                self.said.append(bytes(event.data))


class Served:
    def __init__(self) -> None:
        self.order: list[str] = []
        listener = socket.create_server(("127.0.0.1", 0))
        self.address = listener.getsockname()
        self.server = Server(listener, lambda: Echo(self.order))
        self.clients: list[Client] = []

    def turn(self) -> None:
        self.server.turn(0.05)

    def client(self) -> Client:
        self.clients.append(Client(self))
        return self.clients[-1]

    def settle(self) -> None:
        for _ in range(6):
            self.turn()
            for client in self.clients:
                client.pull()
                client.push()


@pytest.fixture
def served() -> Iterator[Served]:
    made = Served()
    yield made
    for client in made.clients:
        client.sock.close()
    made.turn()
    made.server.close()


def test_what_waits_is_answered_in_turn_one_message_of_each(served: Served) -> None:
    one, two = served.client(), served.client()
    one.say(b"a1", b"a2", b"a3")
    two.say(b"b1")
    served.settle()
    assert served.order.index("b1") < 2
    assert (one.said, two.said) == ([b"a1", b"a2", b"a3"], [b"b1"])


def test_no_answer_is_no_message_and_the_last_closes(served: Served) -> None:
    client = served.client()
    client.say("nothing", "end", "after")
    served.settle()
    assert client.said == [b"end"]
    assert client.protocol.close_code == 1000
    assert "after" not in served.order


@pytest.mark.parametrize(("message", "code"), [(b"refuse", 1007), (b"fail", 1011)])
def test_trouble_with_one_closes_it_and_no_other(served: Served, message: bytes, code: int) -> None:
    one, other = served.client(), served.client()
    one.say(message)
    other.say(b"well")
    served.settle()
    assert one.protocol.close_code == code
    assert other.said == [b"well"]


def test_text_that_is_no_utf_8_closes_with_1007(served: Served) -> None:
    client = served.client()
    client.protocol.send_text(b"\xff\xfe")
    client.push()
    served.settle()
    assert client.protocol.close_code == 1007
    assert served.order == []


def test_a_client_that_reads_nothing_holds_up_nobody_and_is_heard_out_when_it_does(served: Served) -> None:
    idle, other = served.client(), served.client()
    asked = [b"long" + b"." * 9000 for _ in range(4)]
    for message in asked:
        idle.say(message)
        served.turn()
    other.say(b"well")
    for _ in range(4):
        served.turn()
    other.pull()
    assert other.said == [b"well"]
    until = 400
    while sum(map(len, idle.said)) < 4 * 1000 * len(asked[0]) and until:
        served.turn()
        idle.pull()
        until -= 1
    assert b"".join(idle.said) == b"".join(message * 1000 for message in asked)


def test_one_that_vanishes_is_forgotten(served: Served) -> None:
    client = served.client()
    client.say(b"half a")
    client.sock.close()
    served.clients.clear()
    for _ in range(3):
        served.turn()
    assert served.server.open == 0


def test_whoever_is_no_websocket_is_turned_away(served: Served) -> None:
    with socket.create_connection(served.address) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        for _ in range(4):
            served.turn()
        assert sock.recv(65536).startswith(b"HTTP/1.1 4")
    for _ in range(3):
        served.turn()
    assert served.server.open == 0
