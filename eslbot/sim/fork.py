"""uuid_audio_fork: a tap that sends a leg's audio to a WebSocket, shaped like drachtio's mod_audio_fork.

One text frame (the metadata), then a binary frame of s16le for every 20 ms; two seconds of buffer, thrown away when the
far end is slower than that. The bug stays on the leg when the connection is lost. Knows WebSocket (by `websockets`) and
samples. Does not know legs or commands.
"""

from collections import deque
from collections.abc import Callable

from gevent import Timeout, socket
from gevent.event import Event
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, InvalidURI
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI, parse_uri

from eslbot.greenlets import Greenlets
from eslbot.sim import sound
from eslbot.sim.bugs import Bug, Streams
from eslbot.sim.sound import FRAMES_A_SECOND, Pcm

SUBPROTOCOL = Subprotocol("audio.drachtio.org")
_BUFFER_FRAMES = 2 * FRAMES_A_SECOND
_CONNECT_SECONDS = 5.0

Told = Callable[[str, str], None]
"""(`connect`, `connect_failed`, `disconnect` or `buffer_overrun`; JSON or nothing): the event mod_audio_fork fires."""


class ForkError(Exception):
    """The URL or the mix type is none. The message names it."""


class AudioFork(Bug):
    """The tap and its connection."""

    def __init__(self, name: str, url: str, mix: str, metadata: str, greenlets: Greenlets, told: Told) -> None:
        super().__init__()
        if mix not in ("mono", "mixed", "stereo"):
            raise ForkError(f"invalid mix type: {mix}")
        try:
            self._uri: WebSocketURI = parse_uri(url)
        except InvalidURI as error:
            raise ForkError(str(error)) from error
        if self._uri.secure:
            raise ForkError(f"{url}: this switch speaks no TLS")
        self.function = name
        self.paused = False
        self._mix, self._told = mix, told
        self._streams = Streams()
        self._queue: deque[bytes] = deque()
        self._texts: deque[str] = deque([metadata] if metadata else [])
        self._wake = Event()
        self._connected = self._ending = self._overrun = self._gone = False
        self._greenlets = greenlets
        self._greenlet = greenlets.spawn(f"audio fork {name}", self._run)

    # --- on the mixer's side -----------------------------------------------------------------------------------------
    def tap_write(self, frame: Pcm) -> None:
        if self._mix != "mono":
            self._streams.write.append(frame)

    def tap_read(self, frame: Pcm) -> None:
        self._streams.read.append(frame)
        if not self._connected or self.paused:
            return
        while frames := self._streams.take(fill=self._mix != "mono"):
            if len(self._queue) >= _BUFFER_FRAMES:
                self._queue.clear()
                if not self._overrun:
                    self._overrun = True
                    self._told("buffer_overrun", "")
            self._queue.append(self._shaped(*frames))
        self._wake.set()

    def _shaped(self, said: Pcm, heard: Pcm) -> bytes:
        if self._mix == "stereo":
            return sound.interleaved(said, heard)
        one = said if self._mix == "mono" else sound.mixed(said, heard)
        return one.astype("<i2").tobytes()

    def send_text(self, text: str) -> None:
        """uuid_audio_fork send_text."""
        self._texts.append(text)
        self._wake.set()

    def close(self) -> None:
        self._ending = True
        self._wake.set()
        self.closed()

    def abandon(self) -> None:
        """As a crash leaves it: the connection just ends."""
        self._greenlet.kill(block=False)

    # --- on the network's side ---------------------------------------------------------------------------------------
    def _run(self) -> None:
        protocol = ClientProtocol(self._uri, subprotocols=[SUBPROTOCOL])
        link = socket.socket(socket.AF_INET6 if ":" in self._uri.host else socket.AF_INET)
        try:
            with Timeout(_CONNECT_SECONDS, TimeoutError("no answer")):
                link.connect((self._uri.host, self._uri.port))
                self._handshake(protocol, link)
        except (OSError, InvalidHandshake, TimeoutError):
            link.close()
            self._told("connect_failed", '{"reason":"Unable to connect"}')
            return
        self._connected = True
        self._told("connect", "")
        reader = self._greenlets.spawn(f"audio fork {self.function} reader", self._receive, protocol, link)
        try:
            self._send(protocol, link)
        except OSError:
            self._gone = True
        finally:
            self._connected = False
            reader.kill(block=False)
            link.close()
        if not self._ending:
            self._told("disconnect", "")

    @staticmethod
    def _handshake(protocol: ClientProtocol, link: socket.socket) -> None:
        protocol.send_request(protocol.connect())
        link.sendall(b"".join(protocol.data_to_send()))
        while protocol.state is State.CONNECTING:
            data = link.recv(4096)
            if not data:
                raise ConnectionResetError("closed in the handshake")
            protocol.receive_data(data)
        if protocol.handshake_exc is not None:
            raise protocol.handshake_exc
        if protocol.subprotocol != SUBPROTOCOL:
            raise InvalidHandshake(f"no sub-protocol {SUBPROTOCOL}")

    def _receive(self, protocol: ClientProtocol, link: socket.socket) -> None:
        try:
            while data := link.recv(4096):
                protocol.receive_data(data)
                if protocol.state is not State.OPEN:
                    break
                self._wake.set()  # a ping may ask for an answer
        except OSError:
            pass
        self._gone = True
        self._wake.set()

    def _send(self, protocol: ClientProtocol, link: socket.socket) -> None:
        while not self._gone:
            while self._texts:
                protocol.send_text(self._texts.popleft().encode())
            while self._queue:
                protocol.send_binary(self._queue.popleft())
            if self._ending:
                protocol.send_close(1000)
            data = b"".join(protocol.data_to_send())
            if data:
                link.sendall(data)
            if self._ending:
                return
            self._wake.wait()
            self._wake.clear()
