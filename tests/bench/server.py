"""What a vosk-server costs for the same talk: `serve`s any program that speaks its protocol (alphacep's asr_server.py,
our own worker) as many connections as there are legs, and counts that program's processor time. Knows no calls."""

import os
import select
import socket
import subprocess
import time
from collections.abc import Sequence

import orjson
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from eslbot.service.measuring.load import spent_by
from eslbot.service.measuring.talk import RATE


class Leg:
    """One connection: a piece is sent when the one before was answered."""

    def __init__(self, port: int, pieces: list[bytes]) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._protocol = ClientProtocol(parse_uri("ws://localhost/"))
        self._protocol.send_request(self._protocol.connect())
        self._pieces = iter(pieces)
        self.words: list[str] = []
        self.done = False
        self._push()

    def _push(self) -> None:
        self.sock.sendall(b"".join(self._protocol.data_to_send()))

    def read(self) -> None:
        """Take what was answered, send what is next."""
        connecting = self._protocol.state is State.CONNECTING
        self._protocol.receive_data(self.sock.recv(65536))
        answers = [e for e in self._protocol.events_received() if isinstance(e, Frame) and e.opcode is Opcode.TEXT]
        if connecting and self._protocol.state is State.OPEN:
            self._protocol.send_text(orjson.dumps({"config": {"sample_rate": RATE, "words": True}}))
            self._next()
        for answer in answers:
            self.words += orjson.loads(answer.data).get("text", "").split()
            if not self.done:
                self._next()
            else:
                self.sock.close()
                return
        self._push()

    def _next(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            self.done = True
            self._protocol.send_text(b'{"eof" : 1}')
        else:
            self._protocol.send_binary(piece)


def cost(command: Sequence[str], port: int, legs: list[bytes], piece: float, environment: dict[str, str] | None = None,
         ) -> tuple[float, list[list[str]]]:
    """Seconds of processor that the server took for all legs, and each leg's words. Raises SystemExit where it does not
    listen."""
    size = int(piece * RATE) * 2
    process = subprocess.Popen(
        command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _listens(process, port)
        before = spent_by(process.pid)
        talking = [Leg(port, [leg[at : at + size] for at in range(0, len(leg), size)]) for leg in legs]
        alive = {leg.sock.fileno(): leg for leg in talking}
        while alive:
            ready, _, _ = select.select(list(alive), [], [], 60)
            if not ready:
                raise SystemExit(f"{command[0]} answers nobody any more")
            for descriptor in ready:
                alive[descriptor].read()
                if alive[descriptor].sock.fileno() < 0:
                    del alive[descriptor]
        return spent_by(process.pid) - before, [leg.words for leg in talking]
    finally:
        process.kill()
        process.wait()


def _listens(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{' '.join(process.args)}: does not listen on {port}") from None  # type: ignore[arg-type]
            time.sleep(0.1)
