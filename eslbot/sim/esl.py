"""The event socket's doors: the port that clients come to, and the calls to programs that the dialplan makes. Knows
sockets; the protocol is in connection.py."""

from collections.abc import Mapping
from typing import Any

from gevent import Timeout, socket
from gevent.event import Event as Signal

from eslbot.sim.connection import Connection, User
from eslbot.sim.core import Core
from eslbot.sim.leg import Leg
from eslbot.sim.outbound import Visit

_CONNECT_SECONDS = 5.0


class EventSocket:
    """Listens, and calls out. `users`: directory users by `name@domain`."""

    def __init__(self, core: Core, password: str, users: Mapping[str, User]) -> None:
        self._core, self._password, self._users = core, password, users
        self._connections: list[Connection] = []
        self._thawed = Signal()
        self._thawed.set()
        self._door: Any = None
        core.visit = self.visit

    def open(self, host: str, port: int) -> int:
        """Begins to listen; returns the port (port 0: any). Raises OSError."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        door = socket.socket(family, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError:
            door.close()
            raise
        door.listen(64)
        self._door = door
        self._core.greenlets.spawn("event socket door", self._accept, door)
        bound: int = door.getsockname()[1]
        return bound

    def close(self) -> None:
        """No more connections, and the end of those there are, without a word."""
        if self._door is not None:
            self._door.close()
            self._door = None
        self.sever()

    def sever(self) -> None:
        """Cuts every connection; calls go on and clients may come again."""
        for connection in tuple(self._connections):
            connection.drop()

    def freeze(self, frozen: bool) -> None:
        """Half-open: connections stand, and nothing is read or answered until thawed."""
        if frozen:
            self._thawed.clear()
        else:
            self._thawed.set()

    @property
    def connections(self) -> int:
        return len(self._connections)

    def _accept(self, door: socket.socket) -> None:
        while door is self._door:
            try:
                sock, _ = door.accept()
            except OSError:
                return
            self._core.greenlets.spawn("event socket connection", self._serve, sock)

    def _connection(self, sock: socket.socket) -> Connection:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(self._core, sock, self._password, self._users, self._thawed)
        self._connections.append(connection)
        return connection

    def _serve(self, sock: socket.socket) -> None:
        connection = self._connection(sock)
        try:
            connection.serve()
        except OSError:
            sock.close()
        finally:
            self._connections.remove(connection)

    def visit(self, leg: Leg, address: str) -> Visit:
        """Calls a program on behalf of a leg."""
        visit = Visit()
        self._core.greenlets.spawn(f"outbound socket {address}", self._call, leg, address, visit)
        return visit

    def _call(self, leg: Leg, address: str, visit: Visit) -> None:
        host, _, port = address.rpartition(":")
        try:
            with Timeout(_CONNECT_SECONDS, TimeoutError(address)):
                sock = socket.create_connection((host, int(port)))
        except (OSError, ValueError):
            visit.refused = True
            return
        connection = self._connection(sock)
        try:
            connection.serve_leg(leg, visit)
        finally:
            self._connections.remove(connection)
