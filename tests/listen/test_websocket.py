"""What every end of a WebSocket shares: it writes all, half-closes at the end, and never logs."""

import logging

import pytest
from websockets.client import ClientProtocol
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from eslbot.listen import websocket


class Sock:
    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.half_closed = False

    def sendall(self, data: bytes, /) -> None:
        assert not self.half_closed
        self.sent.append(data)

    def shutdown(self, how: int, /) -> None:
        self.half_closed = True


def test_all_pieces_go_out_at_once_and_the_empty_one_half_closes() -> None:
    sock = Sock()
    websocket.write([b"a", b"bc", b""], sock)
    assert sock.sent == [b"abc"]
    assert sock.half_closed


def test_nothing_to_say_writes_nothing() -> None:
    sock = Sock()
    websocket.write([], sock)
    assert sock.sent == []
    assert not sock.half_closed


def test_even_with_every_logger_at_debug_neither_words_nor_tokens_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    client = ClientProtocol(parse_uri("ws://h/call/secret-token"), logger=websocket.QUIET)
    server = ServerProtocol(logger=websocket.QUIET)
    with caplog.at_level(logging.DEBUG):
        client.send_request(client.connect())
        server.receive_data(b"".join(client.data_to_send()))
        (request,) = server.events_received()
        server.send_response(server.accept(request))  # type: ignore[arg-type]
        client.receive_data(b"".join(server.data_to_send()))
        client.send_text("稳赚不赔".encode())
        server.receive_data(b"".join(client.data_to_send()))
        server.receive_eof()
    assert caplog.records == []
