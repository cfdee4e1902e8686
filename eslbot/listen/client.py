"""One connection to a vosk-server: config, audio out, answers in, end. Answers are positional, one for each message of
audio; who counts them is the stream. Knows neither calls nor which server is best."""

import os
import socket
import ssl
from dataclasses import dataclass
from typing import Any

import gevent
import gevent.socket
import gevent.ssl
import orjson
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidURI, WebSocketException
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.uri import WebSocketURI, parse_uri

from eslbot.listen import websocket

END = b'{"eof" : 1}'
"""These bytes and no others: a stock vosk-server compares the text, spaces included."""

_RECEIVE = 16 * 1024


class Lost(Exception):
    """The connection is not there, or no longer; the message says why, without anything the other end said."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a vosk-server listens."""

    uri: WebSocketURI
    path: str | None = None
    """A unix socket's, which is connected to instead."""

    def __str__(self) -> str:
        return f"unix:{self.path}" if self.path else f"{self.uri.host}:{self.uri.port}"


def address(text: str) -> Address:
    """Of `ws://host:port`, `wss://host:port` or `unix:/path`. Raises ValueError for anything else."""
    if text.startswith("unix:/"):
        return Address(parse_uri("ws://localhost/"), text.removeprefix("unix:"))
    try:
        return Address(parse_uri(text))
    except (InvalidURI, ValueError) as error:
        raise ValueError(f"not a recogniser's address (ws://host:port): {text!r}") from error


class Connection:
    """One recogniser's ear. Nothing but the making of it and `drain` waits; what the kernel does not take at once is
    kept, and goes before all that is sent later."""

    def __init__(self, to: Address, rate: int, within: float) -> None:
        """Connect, shake hands and configure, all within that many seconds. Raises Lost."""
        self._protocol = ClientProtocol(to.uri, max_size=1 << 20, logger=websocket.QUIET)
        self._unsent = b""
        self._sock: Any = None
        self._writable: Any = None
        try:
            with gevent.Timeout(within):
                self._sock = _connect(to)
                self._handshake()
                self._protocol.send_text(orjson.dumps({"config": {"sample_rate": rate, "words": True}}))
                websocket.flush(self._protocol, self._sock)
        except gevent.Timeout:
            self.close()
            raise Lost("no answer to the handshake") from None
        except (OSError, EOFError, WebSocketException) as error:
            self.close()
            raise Lost(os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "refused") from error
        except BaseException:
            self.close()
            raise
        self._sock.setblocking(False)
        self._writable = gevent.get_hub().loop.io(self.descriptor, 2)
        self._buffered = to.uri.secure  # TLS may hold bytes that the kernel knows nothing of

    @property
    def descriptor(self) -> int:
        """Readable when answers have arrived."""
        return int(self._sock.fileno())

    def _handshake(self) -> None:
        protocol = self._protocol
        protocol.send_request(protocol.connect())
        websocket.flush(protocol, self._sock)
        while protocol.state is State.CONNECTING and protocol.handshake_exc is None:
            data = self._sock.recv(_RECEIVE)
            if not data:
                raise EOFError
            protocol.receive_data(data)
            if not all(isinstance(event, Response) for event in protocol.events_received()):
                raise EOFError
        if protocol.handshake_exc is not None:
            raise EOFError

    def send(self, pcm: bytes) -> None:
        """A piece of s16le mono audio; one answer will come. Raises Lost."""
        try:
            self._protocol.send_binary(pcm)
        except WebSocketException as error:
            raise Lost("closed while sending") from error
        self.flush()

    def end(self) -> None:
        """No more audio: one answer will come, then the end. Raises Lost."""
        try:
            self._protocol.send_text(END)
        except WebSocketException as error:
            raise Lost("closed while sending") from error
        self.flush()

    @property
    def owes(self) -> bool:
        """Whether something waits for `drain`: the kernel took only a part, or the protocol has a pong to send."""
        return bool(self._unsent or self._protocol.writes)

    def flush(self) -> None:
        """Give the kernel as much as it takes. Raises Lost."""
        data = b"".join((self._unsent, *self._protocol.data_to_send()))
        try:
            self._unsent = data[self._sock.send(data) :] if data else b""
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            self._unsent = data
        except OSError as error:
            raise Lost("closed while sending") from error

    def drain(self) -> None:
        """Wait until the kernel has taken all. Raises Lost."""
        self.flush()
        while self._unsent:
            gevent.get_hub().wait(self._writable)
            self.flush()

    def receive(self) -> list[bytes]:
        """Answers that have arrived, in order, as raw JSON; may be none. Raises Lost at the connection's end."""
        data = self._arrived()
        if data is None:
            return []
        if not data:
            raise Lost("closed by the recogniser")
        self._protocol.receive_data(data)
        answers = []
        for event in self._protocol.events_received():
            if isinstance(event, Frame) and event.opcode is Opcode.TEXT and event.fin:
                answers.append(bytes(event.data))
            elif isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.CONT, Opcode.BINARY):
                raise Lost("an answer in a shape no vosk-server gives")
        if self._protocol.state is not State.OPEN and not answers:
            raise Lost("closed by the recogniser")
        return answers

    def _arrived(self) -> bytes | None:
        """The bytes that are there; None: none yet."""
        try:
            data: bytes = self._sock.recv(_RECEIVE)
            while data and self._buffered and (more := self._sock.pending()):
                data += self._sock.recv(more)
            return data
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        except OSError as error:
            raise Lost("closed while waiting") from error

    def close(self) -> None:
        """Hang up. Whoever watches the descriptor must have let go of it."""
        if self._writable is not None:
            self._writable.close()
            self._writable = None
        if self._sock is not None:
            self._sock.close()


def _connect(to: Address) -> Any:
    if to.path is not None:
        sock = gevent.socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.connect(to.path)
        except BaseException:
            sock.close()
            raise
        return sock
    sock = gevent.socket.create_connection((to.uri.host, to.uri.port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not to.uri.secure:
        return sock
    context = gevent.ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    return context.wrap_socket(sock, server_hostname=to.uri.host)
