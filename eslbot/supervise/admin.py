"""The admin socket: how the command line reaches the running service. A Unix socket of mode 0600; the kernel says who
is at the other end. Knows how to carry verbs, not what they do."""

import contextlib
import errno
import os
import pwd
import socket
import stat
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gevent.socket

from eslbot.greenlets import Greenlets
from eslbot.supervise import wire
from eslbot.supervise.access import Person, unix
from eslbot.supervise.wire import BadLine, Refused

_CONNECTIONS = 32
_IDLE_SECONDS = 30.0
_CREDENTIALS = struct.Struct("3i")


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end, as the kernel says."""

    uid: int
    user: str
    """The account's name; `uid:1234` where it has none."""


Handler = Callable[[dict[str, Any], Person], dict[str, Any]]
"""(args, who) -> result. Runs in the connection's greenlet and may wait. Raises Refused. The same handlers answer the
HTTP API."""


class NotReachable(Exception):
    """No service answers there. The text says why and what to look at."""


class AdminServer:
    """Answers the admin socket at `path`."""

    def __init__(self, path: Path, greenlets: Greenlets, handlers: Mapping[str, Handler]) -> None:
        self._path = path
        self._greenlets = greenlets
        self._handlers = handlers
        self._listener: Any = None
        self._inode: tuple[int, int] | None = None
        self._open: set[Any] = set()
        self._waiting: dict[Any, None] = {}
        """Connections whose client has yet to ask, or to take its answer, the longest first."""

    def start(self) -> None:
        """Listen. Raises OSError where the path cannot be used, or another service answers there."""
        _clear(self._path)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        listener = gevent.socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            os.fchmod(listener.fileno(), 0o600)  # before bind: the file is never open to others, whatever the umask
            listener.bind(str(self._path))
            self._path.chmod(0o600)
            listener.listen(16)
        except OSError:
            listener.close()
            raise
        status = self._path.stat()
        self._inode = (status.st_dev, status.st_ino)
        self._listener = listener
        self._greenlets.spawn("admin", self._accept, restart_after=0.1)

    def stop(self) -> None:
        """Stop listening and remove the socket, if it is still ours. Connections end with their greenlets."""
        if self._listener is None:
            return
        self._listener.close()
        self._listener = None
        try:
            status = self._path.stat()
            if (status.st_dev, status.st_ino) == self._inode:
                self._path.unlink()
        except FileNotFoundError:
            pass

    def _accept(self) -> None:
        while (listener := self._listener) is not None:
            try:
                connection, _ = listener.accept()
            except OSError as error:
                if self._listener is None or error.errno == errno.EBADF:
                    return
                raise  # out of descriptors, say: told, and tried again a little later
            if len(self._open) >= _CONNECTIONS and not self._make_room():
                with contextlib.suppress(OSError):   # what a socket's buffer takes at once
                    connection.setblocking(False)
                    connection.send(wire.encode_error("too many ask at once: try again in a moment"))
                connection.close()
                continue
            self._open.add(connection)
            self._waits(connection)
            self._greenlets.spawn("admin-connection", self._serve, connection)

    def _make_room(self) -> bool:
        """A terminal that was stopped in the middle must keep nobody out: who has been silent longest is cut off.
        False: all are being answered."""
        oldest = next(iter(self._waiting), None)
        if oldest is None:
            return False
        del self._waiting[oldest]
        self._open.discard(oldest)
        with contextlib.suppress(OSError):   # it may have gone by itself
            oldest.shutdown(socket.SHUT_RDWR)
        return True

    def _waits(self, connection: Any) -> None:
        """It is the client's turn. One that had to make room already stays out of it."""
        if connection in self._open:
            self._waiting.pop(connection, None)
            self._waiting[connection] = None

    def _serve(self, connection: Any) -> None:
        lines = wire.Lines(wire.LONGEST_REQUEST)
        try:
            peer = _peer(connection)
            if peer.uid not in (0, os.geteuid()):
                return
            while True:
                connection.settimeout(_IDLE_SECONDS)
                self._waits(connection)
                data = connection.recv(65536)
                if not data:
                    return
                for line in lines.feed(data):
                    self._answer(connection, line, peer)
        except BadLine as error:
            connection.sendall(wire.encode_error(str(error)))
        except (TimeoutError, ConnectionError):
            return
        except OSError:
            if connection in self._open:   # else it had to make room, and is shut under who waits on it
                raise
        finally:
            self._open.discard(connection)
            self._waiting.pop(connection, None)
            connection.close()

    def _answer(self, connection: Any, line: bytes, peer: Peer) -> None:
        verb, args = wire.decode_request(line)
        handler = self._handlers.get(verb)
        self._waiting.pop(connection, None)
        try:
            if handler is None:
                raise Refused(f"unknown verb {verb!r}; there are {', '.join(sorted(self._handlers))}")
            answer = wire.encode_result(handler(args, unix(peer.user)))
        except Refused as error:
            answer = wire.encode_error(str(error))
        except Exception:  # whatever it was: the person gets an answer, the owner of the greenlets gets the error
            self._waits(connection)
            connection.sendall(wire.encode_error("the service failed to do this; its log says why"))
            raise
        self._waits(connection)
        connection.sendall(answer)


class AdminClient:
    """Asks the service at `path`. Blocking, over the standard library's sockets."""

    def __init__(self, path: Path, timeout: float = 10.0) -> None:
        self._path = path
        self._timeout = timeout

    def call(self, verb: str, **args: Any) -> dict[str, Any]:
        """The handler's result. Raises NotReachable, or Refused with the service's words."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(self._timeout)
            try:
                connection.connect(str(self._path))
                with contextlib.suppress(BrokenPipeError):   # it has closed, and may have said why
                    connection.sendall(wire.encode_request(verb, args))
                return wire.decode_answer(self._read_line(connection))
            except TimeoutError as error:
                raise NotReachable(f"{self._path}: no answer within {self._timeout:g} s") from error
            except BadLine as error:
                raise NotReachable(f"{self._path}: an answer that is none: {error}") from error
            except OSError as error:
                raise NotReachable(f"{self._path}: {error.strerror or error}; is eslbot running?") from error

    def _read_line(self, connection: socket.socket) -> bytes:
        lines = wire.Lines(wire.LONGEST_ANSWER)
        while True:
            data = connection.recv(65536)
            if not data:
                raise BadLine("the connection was closed before the answer")
            whole = lines.feed(data)
            if whole:
                return whole[0]


def _clear(path: Path) -> None:
    """Remove a socket that a dead service left. Raises OSError where something else is in the way."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise FileExistsError(errno.EEXIST, "is not a socket; move it away", str(path))
    with gevent.socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)
            return
    raise OSError(errno.EADDRINUSE, "another service answers there", str(path))


def _peer(connection: Any) -> Peer:
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    uid = _CREDENTIALS.unpack(raw)[1]
    try:
        return Peer(uid, pwd.getpwuid(uid).pw_name)
    except KeyError:
        return Peer(uid, f"uid:{uid}")
