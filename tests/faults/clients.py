"""Clients that mean no good, in numbers: heads that dribble in, on connections that come again when they are cut off.
Knows HTTP's first line and no page."""

from typing import Any

import gevent
from gevent import socket


class Slow:
    """So many of them on one port of this machine, until the end of a `with`."""

    def __init__(self, port: int, path: str, count: int) -> None:
        self._port, self._path = port, path
        self._sockets = [self._begun() for _ in range(count)]

    def __enter__(self) -> "Slow":
        self._greenlet = gevent.spawn(self._dribble)
        return self

    def __exit__(self, *_: object) -> None:
        self._greenlet.kill()
        for sock in self._sockets:
            sock.close()

    def _dribble(self) -> None:
        """One byte of a head a second, on each."""
        while True:
            for n, sock in enumerate(self._sockets):
                try:
                    sock.send(b"X")
                except OSError:
                    sock.close()
                    self._sockets[n] = self._begun()
            gevent.sleep(1.0)

    def _begun(self) -> Any:
        """A connection with the beginning of a request on it."""
        sock = socket.socket()
        sock.connect(("127.0.0.1", self._port))
        sock.sendall(f"GET {self._path} HTTP/1.1\r\nHost: a\r\nX-Slow: ".encode())
        return sock
