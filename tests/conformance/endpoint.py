"""A WebSocket endpoint as mod_audio_fork wants one; keeps what comes. Knows no switch."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from websockets.sync.server import ServerConnection, serve


@dataclass(slots=True)
class Taken:
    """One connection: its path and what came over it."""

    connection: ServerConnection
    path: str
    subprotocol: str | None
    messages: list[tuple[float, str | bytes]] = field(default_factory=list)

    @property
    def audio(self) -> list[bytes]:
        return [message for _, message in self.messages if isinstance(message, bytes)]


@dataclass(frozen=True, slots=True)
class Endpoint:
    port: int
    taken: list[Taken]


@contextmanager
def listening() -> Iterator[Endpoint]:
    """On a free port, until the end."""
    taken: list[Taken] = []

    def take(connection: ServerConnection) -> None:
        request = connection.request
        taken.append(one := Taken(connection, request.path if request else "", connection.subprotocol))
        for message in connection:
            one.messages.append((time.monotonic(), message))

    with serve(take, "127.0.0.1", 0, subprotocols=["audio.drachtio.org"]) as server:  # type: ignore[list-item]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Endpoint(server.socket.getsockname()[1], taken)
        server.shutdown()
        thread.join()
