"""Speaks as mod_audio_fork does: a handshake with its sub-protocol, one text frame, then binary frames. For tests.
Knows nothing of the server but its URL."""

from typing import Any

import gevent
import gevent.socket
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from eslbot.listen import websocket

DRACHTIO = (Subprotocol("audio.drachtio.org"),)


class ForkClient:
    """One connection of a switch."""

    def __init__(self, url: str, subprotocols: tuple[Subprotocol, ...] | None = DRACHTIO) -> None:
        uri = parse_uri(url)
        self.sock: Any = gevent.socket.create_connection((uri.host, uri.port), timeout=5)
        self.protocol = ClientProtocol(uri, subprotocols=subprotocols, logger=websocket.QUIET)
        self.status = 0
        self.frames: list[Frame] = []
        self.protocol.send_request(self.protocol.connect())
        self.flush()
        while not self.status:
            self.read()

    def read(self) -> bool:
        """Take what comes next; False at its end."""
        try:
            data = self.sock.recv(65536)
        except ConnectionResetError:
            data = b""
        if data:
            self.protocol.receive_data(data)
        else:
            self.protocol.receive_eof()
        for event in self.protocol.events_received():
            if isinstance(event, Response):
                self.status = event.status_code
            elif isinstance(event, Frame):
                self.frames.append(event)
        if not data and not self.status:
            self.status = -1
        return bool(data)

    def flush(self) -> None:
        websocket.flush(self.protocol, self.sock)

    def text(self, text: str) -> None:
        self.protocol.send_text(text.encode())
        self.flush()

    def audio(self, data: bytes, fin: bool = True) -> None:
        if self.protocol.expect_continuation_frame:
            self.protocol.send_continuation(data, fin)
        else:
            self.protocol.send_binary(data, fin)
        self.flush()

    def close(self, code: int = 1000) -> None:
        if self.protocol.state is State.OPEN:
            self.protocol.send_close(code)
            self.flush()

    def closed(self) -> int | None:
        """Read to the end; the code the server closed with, None for an end without a close frame."""
        with gevent.Timeout(30):
            while self.read():
                pass
        closing = [frame for frame in self.frames if frame.opcode is Opcode.CLOSE]
        return int.from_bytes(closing[0].data[:2], "big") if closing else None

    def drop(self) -> None:
        """Vanish without a word."""
        self.sock.close()
