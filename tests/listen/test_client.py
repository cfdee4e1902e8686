"""One connection to a vosk-server: what it sends, what it takes for an answer, and how it fails."""

from collections.abc import Callable
from typing import Any

import gevent
import pytest
from gevent.server import StreamServer
from gevent.socket import wait_read

from eslbot.listen.client import Connection, Lost, address
from tests.listen.collected import until
from tests.listen.vosk_server import VoskServer


def test_addresses_say_where_they_lead() -> None:
    assert str(address("ws://h:2700/x")) == "h:2700"
    assert address("wss://h").uri.secure
    assert address("unix:/run/v.sock").path == "/run/v.sock"


def listening(answer: Callable[[Any], None]) -> StreamServer:
    """A server that does one thing with each connection."""
    server = StreamServer(("127.0.0.1", 0), lambda sock, _: answer(sock))
    server.start()
    return server


def received(connection: Connection) -> list[bytes]:
    """What comes next."""
    with gevent.Timeout(30):
        wait_read(connection.descriptor)
    return connection.receive()


def test_what_is_sent_is_answered_in_order() -> None:
    server = VoskServer(lambda audio: {"partial": str(len(audio))})
    connection = Connection(address(server.url), 16000, 5.0)
    for size in (2, 4, 6):
        connection.send(bytes(size))
    answers: list[bytes] = []
    while len(answers) < 3:
        answers += received(connection)
    assert answers == [b'{"partial":"2"}', b'{"partial":"4"}', b'{"partial":"6"}']
    connection.end()
    assert received(connection) == [b'{"text":"the end"}']
    with pytest.raises(Lost):
        received(connection)
    assert server.configs == [{"sample_rate": 16000, "words": True}]
    connection.close()
    server.stop()


def test_a_server_that_does_not_read_never_holds_up_the_sender() -> None:
    server = VoskServer(lambda audio: {"partial": ""})
    connection = Connection(address(server.url), 8000, 5.0)
    server.frozen = True
    with gevent.Timeout(30):
        for _ in range(100):
            connection.send(bytes(80_000))
    assert connection.owes
    server.frozen = False
    with gevent.Timeout(20):
        connection.drain()
    until(lambda: len(server.heard) == 100, 20)
    connection.close()
    server.stop()


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", b"\0" * 100]
)
def test_what_is_no_recogniser_is_lost(said: bytes) -> None:
    def answer(sock: Any) -> None:
        sock.recv(1000)
        sock.sendall(said)

    server = listening(answer)
    with pytest.raises(Lost):
        Connection(address(f"ws://127.0.0.1:{server.server_port}"), 8000, 5.0)
    server.stop()


def test_one_that_accepts_and_says_nothing_is_lost_in_time() -> None:
    server = listening(lambda sock: gevent.sleep(5))
    with pytest.raises(Lost, match="no answer"):
        Connection(address(f"ws://127.0.0.1:{server.server_port}"), 8000, 0.05)
    server.stop(timeout=0)


def test_nobody_there_is_lost() -> None:
    server = listening(lambda sock: None)
    port = server.server_port
    server.stop()
    with pytest.raises(Lost, match="refused"):
        Connection(address(f"ws://127.0.0.1:{port}"), 8000, 5.0)
    with pytest.raises(Lost, match="No such file"):
        Connection(address("unix:/nowhere/worker.sock"), 8000, 5.0)
