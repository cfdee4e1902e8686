"""gevent's WSGI server, hardened: a request's head must come within a deadline and mean one thing, an answer must be
taken within another, and when there are too many connections, the one that has been waiting longest without a whole
request, body included, makes room: one of nobody known before one that the application has called known
(`environ["eslbot.known"]()`). Where all are busy, a new one is answered 503. With a TLS context it speaks TLS, whose
handshake has a deadline too. Knows no path and no application; who makes room for whom, places.py knows.

An answer that goes on (a live feed) asks for it: `environ["eslbot.stream"](seconds, whose)` gives each of its pieces a
deadline of its own from then on, instead of one for the whole answer; False where as many go on as may, or as many as
one may have who is `whose` (empty: not counted)."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from types import TracebackType
from typing import Any

import gevent
from gevent import pywsgi, socket

from eslbot.greenlets import Greenlets
from eslbot.watch import head
from eslbot.watch.places import Places

Failed = Callable[[str, BaseException], None]
"""Told the name and the error of an application that failed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may take."""

    head_within: float = 2.0
    """Seconds from a connection's beginning, or the last answer, to the end of the next request's head."""
    answer_within: float = 10.0
    """Seconds from there until the answer has been taken, the request's body included."""
    connections: int = 256
    streams: int = 128
    """Of them, those whose answer may go on..."""
    streams_each: int = 16
    """...and those of one who asks: nobody takes the live pages from all others."""


AWAY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
AWAY_WITHIN = 1.0
"""Seconds in which one who is turned away may read why."""


class _TooSlow(OSError):
    """The head did not come, or the answer was not taken, in time."""


class _Body(pywsgi.Input):  # type: ignore[misc]
    """A request's body; tells once all of it has come."""

    def __init__(self, rfile: Any, length: int, sock: Any, whole: Callable[[], None]) -> None:
        super().__init__(rfile, length, socket=sock)
        self._whole = whole

    def _do_read(self, length: int | None = None, use_readline: bool = False) -> bytes:
        read: bytes = super()._do_read(length, use_readline)
        if self.position >= self.content_length:
            self._whole()
        return read


class GuardedHandler(pywsgi.WSGIHandler):  # type: ignore[misc]  # gevent has no types
    """One connection."""

    server: "GuardedServer"
    ignored_socket_errors = (*pywsgi.WSGIHandler.ignored_socket_errors, "too slow")
    wsgi_input: Any
    known = False
    """Somebody who is let in asked on it: it is kept before others."""
    _deadline: Any = None
    _piece_within: float | None = None
    """Seconds for a piece of an answer that goes on; None: this one does not."""

    def handle(self) -> None:
        if not self.server.admit(self):
            self._turn_away()
            return
        try:
            with contextlib.suppress(OSError):  # gone, and perhaps before it could be told what was wrong
                super().handle()
        finally:
            self.server.places.gone(self)

    def _turn_away(self) -> None:
        """All are busy. What was sent is taken first: a connection that is closed over unread bytes is reset, and its
        answer may be lost."""
        with contextlib.suppress(OSError), gevent.Timeout(AWAY_WITHIN, _TooSlow("too slow")):
            self.socket.sendall(AWAY)
            below: Any = getattr(self.socket, "_sock", self.socket)
            below.shutdown(socket.SHUT_WR)
            while self.socket.recv(65536):
                pass
        self.socket.close()

    def handle_one_request(self) -> Any:
        self.server.places.waits(self)
        self._within(self.server.limits.head_within)
        try:
            return super().handle_one_request()
        except _TooSlow:
            return None
        finally:
            self._within(None)
            self._piece_within = None
            self.server.places.answered(self)

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ["eslbot.stream"], environ["eslbot.known"] = self._stream, self._known
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length == 0 or environ["wsgi.input"] is not self.wsgi_input:
            self.server.places.works(self)
        else:   # until it has come, who sends it makes room for others
            self.wsgi_input = environ["wsgi.input"] = _Body(
                self.rfile, length, self.wsgi_input.socket, lambda: self.server.places.works(self))
        return environ

    def write(self, data: bytes) -> None:
        if self._piece_within is None:
            super().write(data)
            return
        self._within(self._piece_within)
        super().write(data)
        self._within(None)

    def _stream(self, seconds: float, whose: str = "") -> bool:
        if not self.server.places.goes_on(self, whose):
            return False
        with contextlib.suppress(OSError):   # who is gone without a word takes small pieces for a quarter of an hour
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(2000 * seconds))
        self._piece_within = seconds
        self._within(None)
        return True

    def _known(self) -> None:
        self.known = True

    def MessageClass(self, rfile: Any, *_: Any) -> Any:
        """pywsgi's name for what reads the header lines."""
        raw = bytearray()
        while not raw.endswith(b"\r\n\r\n") and raw != b"\r\n":
            line = rfile.readline(head.LONGEST + 1)
            raw += line
            if not line.endswith(b"\n") or len(raw) > head.LONGEST:
                raise head.BadHead("the head is too long, or does not end")
            if line == b"\n":
                raise head.BadHead("lines end with CR LF")
        head.check_head(self.request_version, bytes(raw))
        self._within(self.server.limits.answer_within)
        return pywsgi.headers_factory(BytesIO(raw))

    def shut(self) -> None:
        """End the connection from outside; of one that speaks TLS, what is below, since its own shutdown would take the
        session from under who reads. Raises OSError where it is gone."""
        below: Any = getattr(self.socket, "_sock", self.socket)
        below.shutdown(socket.SHUT_RDWR)

    def _within(self, seconds: float | None) -> None:
        """What comes next must be done within `seconds`; None: nothing is under way."""
        if self._deadline is not None:
            self._deadline.close()
        self._deadline = None if seconds is None else gevent.Timeout.start_new(seconds, _TooSlow("too slow"))

    def _handle_client_error(self, ex: BaseException) -> Any:
        if isinstance(ex, OSError):  # too slow, or gone: there is nobody to answer
            return None
        return "400", b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

    def handle_error(self, t: type[BaseException], v: BaseException, tb: TracebackType | None) -> None:
        if not isinstance(v, gevent.GreenletExit | OSError):
            self.server.failed("http", v)
        self._send_error_response_if_possible(500)


class GuardedServer(pywsgi.WSGIServer):  # type: ignore[misc]
    """Serves a WSGI application at (host, port). `start` raises OSError where the address cannot be had."""

    def __init__(
        self,
        address: tuple[str, int],
        application: Callable[..., Any],
        greenlets: Greenlets,
        failed: Failed,
        limits: Limits | None = None,
        tls: Any = None,
    ) -> None:
        """`tls`: a gevent.ssl.SSLContext."""
        self.limits = limits or Limits()
        self.failed = failed
        self._greenlets = greenlets
        self.places: Places[GuardedHandler] = Places(
            self.limits.connections, self.limits.streams, self.limits.streams_each)
        self._shaking: dict[Any, None] = {}
        super().__init__(
            address, application, spawn=self._begin, log=None, error_log=None, handler_class=GuardedHandler,
            **({} if tls is None else {"ssl_context": tls}),
        )

    def _begin(self, run: Callable[..., Any], *args: Any) -> None:
        self._greenlets.spawn("http-connection", run, *args)

    def wrap_socket_and_handle(self, client_socket: Any, address: Any) -> None:
        """A connection over TLS: who does not shake hands in time, or in a way we understand, is cut off; where too
        many are about to, the one that has been at it longest makes room."""
        if len(self._shaking) >= self.limits.connections:
            oldest = next(iter(self._shaking))
            del self._shaking[oldest]
            with contextlib.suppress(OSError):
                oldest.shutdown(socket.SHUT_RDWR)
        self._shaking[client_socket] = None
        try:
            with gevent.Timeout(self.limits.head_within, _TooSlow("too slow")):
                wrapped = self.wrap_socket(client_socket, **self.ssl_args)
        except OSError:   # ssl.SSLError among them
            client_socket.close()
            return
        finally:
            self._shaking.pop(client_socket, None)
        try:
            self.handle(wrapped, address)
        finally:
            with contextlib.suppress(OSError):
                wrapped.close()

    def admit(self, handler: GuardedHandler) -> bool:
        """Take a new connection in, at the cost of another if need be. False: all are busy."""
        if self.places.full():
            oldest = self.places.displace()
            if oldest is None:
                return False
            with contextlib.suppress(OSError):  # it may have gone by itself
                oldest.shut()
        self.places.take(handler)
        return True
