"""The worker's connections, all served by one thread: what has arrived is taken from all of them, then answered in
turn, one message of each. A thread a connection spent more on fighting for the interpreter's lock than on recognising.
Knows vosk-server's framing, and neither Vosk nor what a message means."""

import contextlib
import select
import socket
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol as Interface

from websockets.exceptions import WebSocketException
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from eslbot.listen import websocket

_RECEIVE = 64 * 1024
_MOST_UNSENT = 1 << 20
"""Bytes of answers that a client may leave unread before it is not read any more either."""
_DATA = frozenset({Opcode.BINARY, Opcode.TEXT, Opcode.CONT})


class Refused(Exception):
    """What a client sent cannot be done; closes its connection with the code and these words."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Recognition(Interface):
    """Whoever answers one connection's messages."""

    def take(self, message: bytes | str) -> tuple[str | None, bool]:
        """One message; the answer, if it has one, and whether it was the last. Raises Refused."""


class Connection:
    """One client. Nothing here waits."""

    def __init__(self, sock: socket.socket, recognition: Recognition) -> None:
        self.sock = sock
        self.ended = False
        self._protocol = ServerProtocol(max_size=1 << 20, logger=websocket.QUIET)
        self._recognition = recognition
        self._parts: list[bytes] = []
        self._kind = Opcode.BINARY
        self._messages: deque[bytes | str] = deque()
        self._unsent = b""
        self._last_sent = False

    @property
    def waiting(self) -> bool:
        """A message came that is not answered yet."""
        return bool(self._messages)

    @property
    def wants(self) -> int:
        """What of its socket is waited for, as epoll counts."""
        reading = 0 if len(self._unsent) > _MOST_UNSENT else select.EPOLLIN
        return reading | (select.EPOLLOUT if self._unsent else 0)

    def read(self) -> None:
        """Take what has arrived."""
        try:
            data = self.sock.recv(_RECEIVE)
        except BlockingIOError:
            return
        except OSError:
            self.ended = True
            return
        protocol = self._protocol
        if data:
            protocol.receive_data(data)
        else:
            protocol.receive_eof()
        for event in protocol.events_received():
            if isinstance(event, Request):
                protocol.send_response(protocol.accept(event))
            elif isinstance(event, Frame) and event.opcode in _DATA:
                self._take(event)
        if protocol.writes:
            self.flush()
        self.ended = self.ended or protocol.state is State.CLOSED or not data

    def _take(self, frame: Frame) -> None:
        """A message, or a part of one."""
        data = bytes(frame.data)
        if frame.opcode is not Opcode.CONT:
            self._kind = frame.opcode
        if self._parts or not frame.fin:
            self._parts.append(data)
            if not frame.fin:
                return
            data = b"".join(self._parts)
            self._parts.clear()
        try:
            self._messages.append(data if self._kind is Opcode.BINARY else data.decode())
        except UnicodeDecodeError:
            self._protocol.fail(1007, "text that is not UTF-8")

    def answer(self) -> None:
        """Answer the oldest message."""
        message, protocol = self._messages.popleft(), self._protocol
        if protocol.state is not State.OPEN:
            return
        try:
            answer, last = self._recognition.take(message)
        except Refused as refused:
            protocol.fail(refused.code, str(refused))
        except Exception as error:  # noqa: BLE001 - vosk raises bare Exception; the others' connections go on
            protocol.fail(1011, type(error).__name__)
        else:
            with contextlib.suppress(WebSocketException):
                if answer is not None:
                    protocol.send_text(answer.encode())
                if last:
                    protocol.send_close(1000)
        self.flush()

    def flush(self) -> None:
        """Give the kernel as much as it takes; what it does not take goes before all that comes later."""
        for piece in self._protocol.data_to_send():
            self._unsent += piece
            self._last_sent = self._last_sent or not piece  # an empty one is the protocol's sign for the end
        try:
            if self._unsent:
                self._unsent = self._unsent[self.sock.send(self._unsent) :]
            if self._last_sent and not self._unsent:
                self.sock.shutdown(socket.SHUT_WR)
        except BlockingIOError:
            pass
        except OSError:
            self.ended = True


class Server:
    """Everyone who connects to `listener`, served until the process ends."""

    def __init__(self, listener: socket.socket, recognition: Callable[[], Recognition]) -> None:
        """`recognition`: one for each connection."""
        listener.setblocking(False)
        self._listener = listener
        self._recognition = recognition
        self._poll = select.epoll()
        self._poll.register(listener.fileno(), select.EPOLLIN)
        self._connections: dict[int, Connection] = {}
        self._wanted: dict[int, int] = {}

    @property
    def open(self) -> int:
        """Connections there are."""
        return len(self._connections)

    def close(self) -> None:
        """Let go of everybody."""
        for connection in self._connections.values():
            connection.sock.close()
        self._connections.clear()
        self._poll.close()
        self._listener.close()

    def run(self) -> None:
        """For ever."""
        while True:
            self.turn()

    def turn(self, timeout: float | None = None) -> None:
        """Wait until something arrives, at most `timeout` seconds, take it all, answer it all."""
        touched: list[Connection] = []
        for descriptor, what in self._poll.poll(timeout):
            connection = self._connections.get(descriptor)
            if connection is None:
                self._accept()
                continue
            if what & select.EPOLLOUT:
                connection.flush()
            if what & ~select.EPOLLOUT:
                connection.read()
            touched.append(connection)
        self._answer(touched)
        for connection in touched:
            self._look(connection)

    @staticmethod
    def _answer(connections: Iterable[Connection]) -> None:
        """One message of each, and again, until there is none: nobody waits for another's pile."""
        waiting = deque(connection for connection in connections if connection.waiting)
        while waiting:
            connection = waiting.popleft()
            connection.answer()
            if connection.waiting:
                waiting.append(connection)

    def _accept(self) -> None:
        try:
            sock, _ = self._listener.accept()
        except OSError:
            return  # it is gone already
        sock.setblocking(False)
        if sock.family == socket.AF_INET:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        descriptor = sock.fileno()
        self._connections[descriptor] = connection = Connection(sock, self._recognition())
        self._wanted[descriptor] = connection.wants
        self._poll.register(descriptor, connection.wants)

    def _look(self, connection: Connection) -> None:
        """Has it ended, does it want something else."""
        descriptor = connection.sock.fileno()
        if connection.ended:
            self._poll.unregister(descriptor)
            del self._connections[descriptor], self._wanted[descriptor]
            connection.sock.close()
        elif connection.wants != self._wanted[descriptor]:
            self._wanted[descriptor] = connection.wants
            self._poll.modify(descriptor, connection.wants)
