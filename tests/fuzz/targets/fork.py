"""The audio endpoint: a stranger's bytes at the real server's door, cut anywhere. No error gets out, what is held stays
small, and audio arrives in whole samples and in order."""

from typing import Any
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from eslbot.greenlets import Greenlets
from eslbot.listen import websocket
from eslbot.listen.fork import ForkOptions, ForkServer
from eslbot.listen.fork_connection import SUBPROTOCOL, ForkConnection
from eslbot.listen.source import Sink
from eslbot.model.audio import AudioFrame
from eslbot.model.call import CallId
from tests.fuzz.tools import Choices

CALL = CallId("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
HEAD = 160 * 8192
"""Bytes: what `websockets` lets a request's head have, and some."""


def seeds() -> list[bytes]:
    frames = [
        Frame(Opcode.TEXT, b'{"a":1}'), Frame(Opcode.BINARY, bytes(64)), Frame(Opcode.PING, b"x"),
        Frame(Opcode.CLOSE, b"\x03\xe8"), Frame(Opcode.BINARY, bytes(30), fin=False), Frame(Opcode.CONT, bytes(34)),
    ]  # fmt: skip
    raw = [frame.serialize(mask=True, extensions=[]) for frame in frames]
    huge = b"\x82\xff" + (1 << 30).to_bytes(8, "big") + bytes(4)
    unmasked = Frame(Opcode.BINARY, bytes(8)).serialize(mask=False, extensions=[])
    rude = [b"\x02\x10GET / HTTP/1.1\r\n\r\n", b"\x02\x10POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"]
    return [*(b"\x01\x05" + piece for piece in (*raw, b"".join(raw), huge, unmasked)), *rude, b"\x02\x20" + request()]


def request(path: str = "/") -> bytes:
    protocol = ClientProtocol(parse_uri(f"ws://localhost{path}"), subprotocols=[SUBPROTOCOL], logger=websocket.QUIET)
    protocol.send_request(protocol.connect())
    return b"".join(protocol.data_to_send())


class Sock:
    """A socket that has all of it already."""

    def __init__(self, pieces: list[bytes], looked: Any) -> None:
        self._pieces, self._looked = pieces, looked
        self.closed = False

    def recv(self, most: int) -> bytes:
        self._looked()
        if not self._pieces:
            return b""
        piece = self._pieces.pop(0)
        if len(piece) > most:
            self._pieces.insert(0, piece[most:])
        return piece[:most]

    def sendall(self, data: bytes) -> None:
        assert not self.closed

    def shutdown(self, how: int) -> None:
        pass

    def close(self) -> None:
        self.closed = True


def one(data: bytes) -> None:
    choices = Choices(data)
    frames: list[AudioFrame] = []
    sink = Sink(frames.append, lambda gap: None, lambda call, samples: None)
    server = ForkServer(ForkOptions(port=1), Greenlets(), lambda: 5.0, sink)
    source = server.open(CALL, 8000)
    honest, size = choices.byte() & 1, 1 + choices.byte()
    stream = choices.rest()
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    if honest:
        pieces.insert(0, request(urlsplit(source.target).path))

    def look() -> None:
        held = len(connection._protocol.reader.buffer)
        assert held <= (websocket.MAX_MESSAGE + 16384 if connection._taker is not None else HEAD), held

    sock = Sock(pieces, look)
    connection = ForkConnection(sock, 3.0, server.admit)
    reason = connection.run()
    assert reason is None or reason.isascii()
    assert sock.closed
    assert source.connection is None
    assert len(source.metadata) <= 4096
    at = 0
    for frame in frames:
        assert frame.first == at
        at = frame.end
    assert 4 * at <= len(stream)
