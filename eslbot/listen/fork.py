"""The audio fork: a WebSocket server for mod_audio_fork and mod_audio_stream, and the calls it expects.
A call's URL holds a token that is good for that call alone, for one connection at a time, until the call is finished.
Knows nothing of what the audio is used for; the connection's bytes are fork_connection's."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, unquote

import gevent
from gevent.server import StreamServer

from eslbot.greenlets import Greenlets
from eslbot.listen.fork_connection import ForkConnection, Refused
from eslbot.listen.source import LATE_AFTER, Lateness, Sink, missing, silence
from eslbot.model.audio import BYTES_PER_SAMPLE, AudioFrame, Gap
from eslbot.model.call import CallId

_TICK = 0.1


@dataclass(frozen=True, slots=True)
class ForkOptions:
    """Where the switch connects to, and how much a stranger may take."""

    host: str = "127.0.0.1"
    port: int = 0
    """0: any free one; ForkServer.port tells it."""
    advertise: str = ""
    """ws://host:port as the switch sees us; empty: host and port above."""
    max_connections: int = 512
    handshake_within: float = 3.0
    """Seconds from connect to a whole request; a slower one is cut off."""
    settle: float = 0.5
    """Seconds for which a finished call's connection may still bring audio."""
    late_after: float = LATE_AFTER
    """Seconds without audio before it is called late."""


class ForkSource:
    """One call's audio as it comes over its connections, one after another. `deliver` is the connection's."""

    def __init__(
        self, server: "ForkServer", call: CallId, rate: int, first: int, since: float | None, target: str
    ) -> None:
        self.call = call
        self.rate = rate
        self.samples = first
        self.target = target
        self.metadata = ""
        """What the switch sent as text first; a stranger's words as far as we know."""
        self.connection: ForkConnection | None = None
        self.ended = False
        self._server = server
        self._carry = b""
        self._resumes: tuple[float, str] | None = None if since is None else (since, "restart")
        self._finish_by: float | None = None
        self.lateness = Lateness(server.now(), server.options.late_after)

    def deliver(self, data: bytes) -> None:
        """Bytes of audio in order; what is not a whole sample yet waits for the next."""
        if self.ended:
            return
        data = self._carry + data if self._carry else data
        whole = len(data) - len(data) % BYTES_PER_SAMPLE
        self._carry = data[whole:]
        if not whole:
            return
        now = self._server.now()
        if self._resumes is not None:
            self._fill(now, whole // BYTES_PER_SAMPLE)
        frame = AudioFrame(self.call, self.samples, self.rate, data[:whole])
        self.samples = frame.end
        self.lateness.arrived(now)
        self._server.sink.on_frame(frame)

    def _fill(self, now: float, arrived: int) -> None:
        """Audio comes again: what was spoken meanwhile is told and stands as silence, so that indices stay true."""
        assert self._resumes is not None
        since, reason = self._resumes
        self._resumes = None
        lost = missing(since, now, self.rate, arrived)
        if lost:
            self._server.sink.on_gap(Gap(self.call, self.samples, self.samples + lost, reason))
            for frame in silence(self.call, self.samples, self.samples + lost, self.rate):
                self._server.sink.on_frame(frame)
            self.samples += lost

    def attach(self, connection: ForkConnection) -> None:
        """A connection with this call's token. Raises Refused while another one is alive."""
        if self.connection is not None:
            if self._server.now() - self.lateness.last < self._server.options.late_after:
                raise Refused(HTTPStatus.CONFLICT, "this call is connected already")
            self.connection.close(1001, "replaced")
            self.detach(self.connection)
        self.connection = connection

    def detach(self, connection: ForkConnection) -> None:
        """The connection is gone; another may come until the call is finished."""
        if self.connection is connection:
            self.connection = None
            self._carry = b""
            if self._resumes is None and self.samples:
                self._resumes = (self.lateness.last, "source")

    @property
    def behind(self) -> int:
        """What has come is delivered."""
        return 0

    def wipe(self, first: int, end: int) -> None:
        """Nothing of it is kept here."""

    def acknowledge(self, samples: int) -> None:
        """Nothing to forget: what has been delivered is not kept here."""

    def finish(self) -> None:
        """Take what still arrives while the switch closes the connection, then tell the end."""
        if self._finish_by is None:
            self._finish_by = self._server.now() + self._server.options.settle

    def look(self, now: float) -> None:
        """The server's regular look: has it ended, is it late."""
        if self._finish_by is not None:
            if self.connection is None or now >= self._finish_by:
                self._end()
        else:
            late = self.lateness.check(now, self.call, self.samples, self.rate)
            if late is not None:
                self._server.sink.on_gap(late)

    def _end(self) -> None:
        self.ended = True
        self._server.forget(self)
        if self.connection is not None:
            self.connection.close(1000, "the call has ended")
        self._server.sink.on_end(self.call, self.samples)


class ForkServer:
    """Listens for switches and hands each connection to the call that expects it."""

    keeps = False
    """What comes while nobody listens is lost."""

    def __init__(self, options: ForkOptions, greenlets: Greenlets, now: Callable[[], float], sink: Sink) -> None:
        self.options = options
        self.now = now
        self.sink = sink
        self._greenlets = greenlets
        self._calls: dict[CallId, tuple[str, ForkSource]] = {}
        self._connections: set[ForkConnection] = set()
        self._server = StreamServer((options.host, options.port), self._accept, spawn=self._spawn)
        self.refused: dict[str, int] = {}
        """Connections turned away, by reason; for metrics."""

    @property
    def port(self) -> int:
        """The port it listens on, once started."""
        return int(self._server.server_port)

    def start(self) -> None:
        """Listen. Raises OSError where the address is taken."""
        self._server.start()
        self._greenlets.spawn("audio-fork", self._watch, restart_after=_TICK)

    def stop(self) -> None:
        """Stop listening and close every connection with 1001."""
        self._server.stop(timeout=0)
        for connection in list(self._connections):
            connection.close(1001, "the service is going down")

    def open(self, call: CallId, rate: int, first: int = 0, since: float | None = None) -> ForkSource:
        """Expect a call: its source, whose `target` is the URL that the switch must be told to connect to.

        `since`: when sample `first` was spoken, on the clock given at construction; None: the first to arrive is it.
        Raises ValueError for a call that is expected already."""
        if call in self._calls:
            raise ValueError(f"call {call} is expected already")
        token = secrets.token_urlsafe(24)
        base = self.options.advertise.rstrip("/") or f"ws://{self._address()}"
        source = ForkSource(self, call, rate, first, since, f"{base}/{quote(call, safe='')}/{token}")
        self._calls[call] = (token, source)
        return source

    def _address(self) -> str:
        host = f"[{self.options.host}]" if ":" in self.options.host else self.options.host
        return f"{host}:{self.port}"

    def forget(self, source: ForkSource) -> None:
        """The call's URL is void from now on."""
        self._calls.pop(source.call, None)

    def admit(self, path: str) -> ForkSource:
        """The call that a request's path names. Raises Refused for a token that is not its own."""
        call, _, token = path.partition("?")[0].strip("/").partition("/")
        expected, source = self._calls.get(CallId(unquote(call)), ("", None))
        if not hmac.compare_digest(expected.encode(), token.encode("utf-8", "replace")) or source is None:
            raise Refused(HTTPStatus.FORBIDDEN, "no such call")
        return source

    def _spawn(self, run: Callable[..., None], *arguments: object) -> None:
        self._greenlets.spawn("audio-fork-connection", run, *arguments)

    def _accept(self, sock: gevent.socket.socket, address: object) -> None:
        connection = ForkConnection(sock, self.options.handshake_within, self.admit)
        if len(self._connections) >= self.options.max_connections:
            connection.turn_away(HTTPStatus.SERVICE_UNAVAILABLE, "too many connections")
            self._count("full")
            return
        self._connections.add(connection)
        try:
            self._count(connection.run())
        finally:
            self._connections.discard(connection)

    def _count(self, reason: str | None) -> None:
        if reason is not None:
            self.refused[reason] = self.refused.get(reason, 0) + 1

    def _watch(self) -> None:
        while True:
            gevent.sleep(_TICK)
            now = self.now()
            for _, source in list(self._calls.values()):
                source.look(now)
