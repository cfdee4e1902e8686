"""What replaces the inside of a greenswitch connection (connections.py), because the original decodes before it splits
lines, hangs or spins when the peer is gone, never releases who waits, and sends without deadline or lock. Knows one
connection: bytes, answers in their order, deadlines. Knows no facts, and never connects again by itself.
"""

import contextlib
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import gevent
from gevent import socket
from gevent.event import AsyncResult
from gevent.lock import BoundedSemaphore

from eslbot.greenlets import Greenlets
from eslbot.switch.codec import Decoder, Frame, ProtocolError, encode_command

CHUNK = 65536
ANSWER = 2.0
"""Seconds in which a command has to be answered, unless its sender says otherwise."""
OVERDUE = 2.0
"""Seconds after which, at the earliest, an answer that is missing means that the connection is dead."""
_CUT_ANSWER = len("Content-Type: command/reply\n") + 510
"""mod_event_socket writes an answer into 512 bytes. The one to `userauth` repeats the lists of what is allowed; when
they are long it is cut to this length, and with it the empty line that ends it."""


class LinkDown(Exception):
    """There is no connection: the command was never sent."""


class Unanswered(Exception):
    """The command was sent, in part at least, and no answer came: what became of it is unknown."""


class Hosted:
    """What replaces greenswitch's ESLProtocol, for both kinds of connection. One greenlet reads; any may send.

    Answers are positional: a sender that has given up keeps its place in the row, and a connection on which an answer
    is `overdue` has to be closed. `on_event` is called by the reader with each frame that holds an event and must not
    block; `on_closed` once, with the reason.
    """

    sock: Any = None
    connected: bool

    def _host(
        self,
        name: str,
        greenlets: Greenlets,
        clock: Callable[[], float],
        on_event: Callable[[Frame], None],
        on_closed: Callable[[str], None],
    ) -> None:
        self.name = name
        self.reason = ""
        self.refused = False
        self.heard = clock()
        self._greenlets, self._clock = greenlets, clock
        self._on_event, self._on_closed = on_event, on_closed
        self._decoder = Decoder()
        self._turn = BoundedSemaphore(1)
        self._commands_sent: deque[tuple[AsyncResult, float]] = deque()
        self._may_be_cut = False

    # --- replaced in greenswitch ---
    def start_event_handlers(self) -> None:
        self._receive_events_greenlet = self._greenlets.spawn(f"{self.name} reader", self.receive_events)

    def receive_events(self) -> None:
        """Read until the end, whatever it is. Never waits for anybody but the peer."""
        reason = "closed by the reader's end"
        try:
            while data := self.sock.recv(CHUNK):
                self.heard = self._clock()
                self._take(data)
                if len(data) == CHUNK:
                    gevent.sleep(0)  # a full socket never waits: let the others run
            reason = "closed by the switch" + ("" if self._decoder.idle else ", in the middle of a message")
        except ProtocolError as error:
            reason = f"protocol error: {error}"
        except OSError as error:
            reason = f"connection lost: {error.strerror or type(error).__name__}"
        finally:
            self.fail(reason)

    def _take(self, data: bytes) -> None:
        try:
            frames = self._decoder.feed(data)
            if self._may_be_cut and self._decoder.pending == _CUT_ANSWER:
                frames += self._decoder.feed(b"\n\n")
        except ProtocolError as error:
            for frame in error.before:
                self.handle_event(frame)
            raise
        for frame in frames:
            self.handle_event(frame)

    def handle_event(self, event: Frame) -> None:
        _HANDLERS.get(event.kind, Hosted._ignore)(self, event)

    def process_events(self) -> None:
        """Nothing to do: events are handed over by the reader, in order, to somebody who does not block."""

    def send(
        self, data: str, headers: Mapping[str, str] | None = None, timeout: float = ANSWER, body: str = ""
    ) -> Frame:
        """Send one command and wait for its answer. Raises ValueError (CR, LF or NUL), LinkDown, Unanswered."""
        until = self._clock() + timeout
        return self.wait(self.post(data, headers, timeout, body), max(until - self._clock(), 0))

    def wait(self, waiter: AsyncResult, timeout: float) -> Frame:
        """The answer to a posted command. Raises Unanswered."""
        waiter.wait(timeout)
        if not waiter.ready():
            raise Unanswered(f"no answer within {timeout:.3g} s")
        frame: Frame = waiter.get()
        return frame

    def post(
        self, data: str, headers: Mapping[str, str] | None = None, timeout: float = ANSWER, body: str = ""
    ) -> AsyncResult:
        """Send one command; its answer is for whoever wants it. Raises as `send`."""
        raw = encode_command(data, headers, body)
        if not self.connected or not self._turn.acquire(timeout=timeout):
            raise LinkDown(self.reason or "others are still sending")
        try:
            return self._post(raw, timeout)
        finally:
            self._turn.release()

    def _post(self, raw: bytes, timeout: float) -> AsyncResult:
        if not self.connected:
            raise LinkDown(self.reason)
        waiter = AsyncResult()
        try:
            self._commands_sent.append((waiter, self._clock() + max(timeout, OVERDUE)))
            with gevent.Timeout(timeout, OSError("the switch takes no more bytes")):
                self.sock.sendall(raw)
        except OSError as error:
            self.fail(f"sending failed: {error}")
            raise Unanswered(self.reason) from error
        except BaseException:
            self.fail("its sender was stopped while sending")  # half a command may be out
            raise
        return waiter

    def stop(self) -> None:
        """Say goodbye, without waiting for an answer, and close."""
        with contextlib.suppress(LinkDown, Unanswered):
            self.post("exit", timeout=0.2)
        self.fail("stopped")

    # --- ours ---
    @property
    def waiting(self) -> int:
        """Commands without an answer yet."""
        return len(self._commands_sent)

    @property
    def overdue(self) -> bool:
        """Whether the oldest command should have been answered by now."""
        return bool(self._commands_sent) and self._clock() > self._commands_sent[0][1]

    def fail(self, reason: str) -> None:
        """Close, once, and release everybody who waits."""
        if self.reason:
            return
        self.reason = reason
        self.connected = False
        if self.sock is not None:
            with contextlib.suppress(OSError):  # it may not be connected any more
                self.sock.shutdown(socket.SHUT_RDWR)
            self.sock.close()
        while self._commands_sent:
            self._commands_sent.popleft()[0].set_exception(Unanswered(reason))
        self._closed()
        self._on_closed(reason)

    def _closed(self) -> None:
        """For the kinds of connection."""

    def _answer(self, frame: Frame) -> None:
        if not self._commands_sent:
            raise ProtocolError("an answer to nothing")
        self._commands_sent.popleft()[0].set(frame)

    def _event(self, frame: Frame) -> None:
        self._on_event(frame)

    def _ignore(self, frame: Frame) -> None:
        """Log lines and what we do not know."""

    def _auth_request(self, frame: Frame) -> None:
        """Only an inbound connection is asked."""

    def _disconnect(self, frame: Frame) -> None:
        if frame.headers.get("Content-Disposition") != "linger":
            self.fail("closed by the switch")

    def _rejection(self, frame: Frame) -> None:
        self.refused = True
        self.fail("refused by the switch's access list")


_HANDLERS: Mapping[str, Callable[[Any, Frame], None]] = {
    "command/reply": Hosted._answer,
    "api/response": Hosted._answer,
    "text/event-json": Hosted._event,
    "text/event-plain": Hosted._event,
    "auth/request": lambda hosted, frame: hosted._auth_request(frame),
    "text/disconnect-notice": Hosted._disconnect,
    "text/rude-rejection": Hosted._rejection,
}
