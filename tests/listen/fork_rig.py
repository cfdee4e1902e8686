"""A fork server that expects one call, its clients, and raw bytes for it. For tests."""

import struct

import gevent.socket

from eslbot.greenlets import Greenlets
from eslbot.listen.fork import ForkOptions, ForkServer
from eslbot.model.call import CallId
from tests.listen.collected import Clock, Collected
from tests.listen.fork_client import ForkClient

CALL = CallId("7c1d6a52-0000-4000-8000-000000000001")
RATE = 8000


class Rig:
    def __init__(self, **options: float) -> None:
        self.collected, self.clock = Collected(), Clock()
        self.failures: list[BaseException] = []
        self.greenlets = Greenlets(lambda name, error: self.failures.append(error))
        self.server = ForkServer(
            ForkOptions(**options),  # type: ignore[arg-type]
            self.greenlets,
            self.clock,
            self.collected.sink,
        )
        self.server.start()
        self.source = self.server.open(CALL, RATE)
        self.clients: list[ForkClient] = []

    def connect(self, target: str = "", **how: None) -> ForkClient:
        client = ForkClient(target or self.source.target, **how)
        self.clients.append(client)
        return client

    def raw(self, data: bytes) -> gevent.socket.socket:
        sock = gevent.socket.create_connection(("127.0.0.1", self.server.port), timeout=10)
        sock.sendall(data)
        return sock

    def stop(self) -> None:
        self.server.stop()
        for client in self.clients:
            client.drop()
        self.greenlets.stop()


def request(path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def frame(opcode: int, payload: bytes, mask: bytes | None = b"\0\0\0\0", claims: int | None = None) -> bytes:
    """A frame with a 64-bit length, whatever its size; `claims`: another length than it has."""
    size = len(payload) if claims is None else claims
    return struct.pack(">BBQ", 0x80 | opcode, 127 | (0x80 if mask else 0), size) + (mask or b"") + payload
