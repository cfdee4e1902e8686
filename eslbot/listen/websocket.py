"""What every end of a WebSocket here shares around the sans-io protocol of `websockets`: a logger that says nothing
(its debug lines would hold audio and words), and writing what the protocol wants written.
Knows neither gevent nor threads: it takes any socket."""

import logging
from collections.abc import Iterable
from typing import Protocol as Interface

from websockets.protocol import Protocol

QUIET = logging.Logger("eslbot.websocket", level=logging.CRITICAL + 1)
"""Outside the hierarchy, so that no configuration can make it talk."""

MAX_MESSAGE = 64 * 1024
"""Bytes of one message, fragments together; a larger one closes the connection with 1009."""


class Writable(Interface):
    """As much of a socket as is written to."""

    def sendall(self, data: bytes, /) -> None: ...

    def shutdown(self, how: int, /) -> None: ...


def flush(protocol: Protocol, sock: Writable) -> None:
    """Write what the protocol has to say. One writer at a time: this may block between two pieces. Raises OSError."""
    write(protocol.data_to_send(), sock)


def write(pieces: Iterable[bytes], sock: Writable) -> None:
    """Write the pieces; an empty one (the protocol's sign for the end of the stream) half-closes."""
    data = b""
    for piece in pieces:
        if piece:
            data += piece
        else:
            if data:
                sock.sendall(data)
            sock.shutdown(1)
            return
    if data:
        sock.sendall(data)
