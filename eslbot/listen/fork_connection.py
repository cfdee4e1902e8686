"""One connection of an audio fork: handshake under a deadline, a text frame of metadata, then audio; right close codes
and bounded memory whatever comes. Knows neither calls nor tokens: it asks who admits."""

import socket
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol

import gevent
from gevent.lock import RLock
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from eslbot.listen import websocket

SUBPROTOCOL = Subprotocol("audio.drachtio.org")
"""mod_audio_fork asks for it and refuses an answer without it; mod_audio_stream asks for none."""

_RECEIVE = 16 * 1024
_MAX_METADATA = 4096
_SEND_WITHIN = 2.0
_LINGER = 0.5


class Refused(Exception):
    """A handshake that is answered with an HTTP status instead."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Taker(Protocol):
    """Who takes a connection's audio: the call that was admitted."""

    metadata: str

    def attach(self, connection: "ForkConnection") -> None: ...

    def detach(self, connection: "ForkConnection") -> None: ...

    def deliver(self, data: bytes) -> None: ...


def _choose(protocol: ServerProtocol, offered: Any) -> Subprotocol | None:
    return SUBPROTOCOL if SUBPROTOCOL in offered else None


class ForkConnection:
    """One accepted TCP connection; `run` serves it to its end."""

    def __init__(self, sock: Any, handshake_within: float, admit: Callable[[str], Taker]) -> None:
        self._sock = sock
        self._within = handshake_within
        self._admit = admit
        self._protocol = ServerProtocol(
            select_subprotocol=_choose, max_size=websocket.MAX_MESSAGE, logger=websocket.QUIET
        )
        self._lock = RLock()
        self._kind = Opcode.BINARY
        self._taker: Taker | None = None

    def run(self) -> str | None:
        """Serve until either side closes; returns why it was turned away or cut off, None for an honest end."""
        try:
            with gevent.Timeout(self._within):
                reason = self._handshake()
            if reason is None:
                self._serve()
            return reason or self._failure()
        except gevent.Timeout:
            return "slow-handshake"
        except OSError:
            return None if self._taker is not None else "lost"
        finally:
            if self._taker is not None:
                self._taker.detach(self)
            self._sock.close()

    def turn_away(self, status: HTTPStatus, text: str) -> None:
        """Answer an HTTP status without reading anything, and close."""
        try:
            self._protocol.send_response(self._protocol.reject(status, text))
            self._flush()
        except OSError:
            pass  # it is gone, which is what was wanted
        finally:
            self._sock.close()

    def close(self, code: int, reason: str) -> None:
        """End the connection from here: a close frame, the end of our half, and `run` returns soon after."""
        try:
            if self._protocol.state is State.OPEN:
                self._protocol.fail(code, reason)
                self._flush()
            self._sock.shutdown(socket.SHUT_RD)
        except OSError:
            pass  # it is gone, which is what was wanted

    def _handshake(self) -> str | None:
        protocol = self._protocol
        while protocol.state is State.CONNECTING and protocol.handshake_exc is None:
            data = self._sock.recv(_RECEIVE)
            if not data:
                return "lost"
            protocol.receive_data(data)
            events = protocol.events_received()
            if len(events) > 1 or (events and protocol.eof_sent):
                return "refused"  # nobody honest sends anything before the answer
            for event in events:
                self._answer(event)
            self._flush()
            if protocol.eof_sent:  # the answer was no; what else comes is not read for long
                self._linger()
                return "refused"
        return None if protocol.state is State.OPEN else "refused"

    def _answer(self, request: Any) -> None:
        assert isinstance(request, Request)
        response = self._protocol.accept(request)
        if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            try:
                taker = self._admit(request.path)
                taker.attach(self)
                self._taker = taker
            except Refused as refused:
                response = self._protocol.reject(refused.status, f"{refused}\n")
        self._protocol.send_response(response)

    def _serve(self) -> None:
        protocol, receive = self._protocol, self._sock.recv
        while protocol.state is State.OPEN:
            data = receive(_RECEIVE)
            if data:
                protocol.receive_data(data)
            else:
                protocol.receive_eof()
            for event in protocol.events_received():
                self._received(event)
            if protocol.writes:
                self._flush()
        self._linger()

    def _linger(self) -> None:
        """Read on for a moment: closing with bytes unread resets the connection and may destroy our close frame."""
        with gevent.Timeout(_LINGER, False):
            while self._sock.recv(_RECEIVE):
                pass

    def _received(self, frame: Any) -> None:
        if not isinstance(frame, Frame) or self._taker is None:
            return
        if frame.opcode in (Opcode.BINARY, Opcode.TEXT):
            self._kind = frame.opcode  # what its continuations, which other frames may stand between, are
        elif frame.opcode is not Opcode.CONT:
            return
        if self._kind is Opcode.BINARY:
            self._taker.deliver(bytes(frame.data))
        elif not self._taker.metadata:
            self._taker.metadata = bytes(frame.data[:_MAX_METADATA]).decode("utf-8", "replace")

    def _failure(self) -> str | None:
        sent = self._protocol.close_sent
        return None if sent is None or sent.code < 1002 or sent.code == 1005 else f"closed-{sent.code}"

    def _flush(self) -> None:
        with self._lock, gevent.Timeout(_SEND_WITHIN, OSError("a peer that does not read")):
            websocket.flush(self._protocol, self._sock)
