"""A vosk-server that answers what a test tells it to, in the stock server's shape: the literal end, one answer for each
message of audio, pings of its own. For tests of the client; the real recogniser is in test_worker and test_hearing."""

import contextlib
from collections.abc import Callable
from typing import Any

import gevent
import gevent.socket
import orjson
from gevent.server import StreamServer
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from eslbot.listen import websocket

Answer = Callable[[bytes], dict[str, Any] | None]
"""Answers a message of audio; None: says nothing and hangs up."""


class VoskServer:
    """Listens on a loopback port; `answer` may be changed while it runs."""

    def __init__(self, answer: Answer, port: int = 0) -> None:
        self.answer = answer
        self.frozen = False
        self.configs: list[dict[str, Any]] = []
        self.heard: list[bytes] = []
        self.pongs = 0
        self.connections = 0
        self.open = 0
        self._live: set[tuple[Any, ServerProtocol]] = set()
        self._server = StreamServer(("127.0.0.1", port), self._serve)
        self._server.start()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._server.server_port}"

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    def stop(self) -> None:
        """Vanish: nobody listens any more and every connection is cut."""
        self._server.stop(timeout=0)
        self.cut()

    def cut(self) -> None:
        """Cut every connection without a word."""
        for sock, _ in list(self._live):
            with contextlib.suppress(OSError):
                sock.shutdown(2)

    def ping(self) -> None:
        for sock, protocol in self._live:
            protocol.send_ping(b"alive?")
            websocket.flush(protocol, sock)

    def _serve(self, sock: Any, _address: object) -> None:
        protocol = ServerProtocol(logger=websocket.QUIET)
        self.connections += 1
        self.open += 1
        me = (sock, protocol)
        self._live.add(me)
        try:
            while protocol.state in (State.CONNECTING, State.OPEN):
                data = sock.recv(65536)
                while self.frozen:
                    gevent.sleep(0.01)
                if not data:
                    break
                protocol.receive_data(data)
                for event in protocol.events_received():
                    self._event(protocol, event)
                websocket.flush(protocol, sock)
        except OSError:
            pass  # cut by the test or by the client
        finally:
            self.open -= 1
            self._live.discard(me)
            sock.close()

    def _event(self, protocol: ServerProtocol, event: Any) -> None:
        if isinstance(event, Request):
            protocol.send_response(protocol.accept(event))
        elif isinstance(event, Frame) and event.opcode is Opcode.TEXT and b"config" in event.data:
            self.configs.append(orjson.loads(event.data)["config"])
        elif isinstance(event, Frame) and event.opcode is Opcode.TEXT and bytes(event.data) == b'{"eof" : 1}':
            protocol.send_text(orjson.dumps({"text": "the end"}))
            protocol.send_close(1000)
        elif isinstance(event, Frame) and event.opcode is Opcode.PONG:
            self.pongs += 1
        elif isinstance(event, Frame) and event.opcode is Opcode.BINARY:
            self.heard.append(bytes(event.data))
            answer = self.answer(bytes(event.data))
            if answer is None:
                protocol.fail(1011)
            else:
                protocol.send_text(orjson.dumps(answer))
