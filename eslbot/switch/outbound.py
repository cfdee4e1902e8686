"""The server that the dialplan's `socket HOST:PORT async full` connects to, once for each call that asks. Knows how to
take a question, set variables on the channel, and let the dialplan go on; what to answer is somebody else's.

Whatever goes wrong here, no variable is set and the dialplan goes on, so it must take silence for a no (it does the
same when nobody listens at all). Every step has a deadline and the number of sessions a cap.
"""

import contextlib
from collections.abc import Callable
from typing import Any

import gevent
from gevent.server import StreamServer

from eslbot.clock import SteadyClock
from eslbot.greenlets import Greenlets
from eslbot.switch.codec import Event, ProtocolError
from eslbot.switch.commands import Refused, variable
from eslbot.switch.link.connections import Session
from eslbot.switch.link.hosted import LinkDown, Unanswered

MOST = 200
"""Sessions at a time. More are closed unheard: their callers are told no at once, and nobody waits longer."""
STEP = 1.0
"""Seconds the switch has for each answer."""
THINKING = 2.0
"""Seconds the answer may take to be found."""


class OutboundServer:
    """`answer` gets the channel's headers and gives the variables to set; it runs in the session's own greenlet and may
    wait, at most `thinking` seconds (None: THINKING). `on_failed` is told, without numbers or names, why a session got
    no answer."""

    def __init__(
        self,
        address: tuple[str, int],
        greenlets: Greenlets,
        answer: Callable[[Event], dict[str, str]],
        clock: Callable[[], float] | None = None,
        on_failed: Callable[[str], None] = lambda reason: None,
        most: int = MOST,
        thinking: float | None = None,
    ) -> None:
        self._thinking = THINKING if thinking is None else thinking
        self._greenlets, self._answer, self._on_failed, self._most = greenlets, answer, on_failed, most
        self._clock = clock or SteadyClock()
        self._sessions: set[Session] = set()
        self._server = StreamServer(address, self._accept, spawn=self._spawn)

    def start(self) -> None:
        """Listen. OSError where the address cannot be had."""
        self._server.start()

    def stop(self) -> None:
        """Stop listening and close what is open; those calls go on without an answer."""
        self._server.stop()
        for session in list(self._sessions):
            session.stop()

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens, with the port that port 0 became."""
        host, port = self._server.address[:2]
        return host, port

    def _spawn(self, handle: Callable[..., None], *args: Any) -> Any:
        return self._greenlets.spawn("outbound session", handle, *args)

    def _accept(self, sock: Any, peer: Any) -> None:
        if len(self._sessions) >= self._most:
            sock.close()
            self._on_failed(f"more than {self._most} sessions")
            return
        session = Session("outbound", peer, sock, self._greenlets, self._clock, STEP)
        self._sessions.add(session)
        try:
            self._serve(session)
        except (LinkDown, Unanswered, ProtocolError) as error:
            self._on_failed(str(error))
        finally:
            self._sessions.discard(session)
            session.stop()

    def _serve(self, session: Session) -> None:
        channel = session.connect()
        try:
            for argument in self._arguments(channel):
                session.execute("set", argument)
        finally:  # the dialplan goes on, answered or not
            with contextlib.suppress(LinkDown, Unanswered):
                session.send("resume", timeout=STEP)

    def _arguments(self, channel: Event) -> list[str]:
        try:
            with gevent.Timeout(self._thinking, TimeoutError(f"no answer within {self._thinking:g} s")):
                return [variable(name, value) for name, value in self._answer(channel).items()]
        except (TimeoutError, Refused) as error:
            self._on_failed(str(error))
        except Exception as error:  # noqa: BLE001 - whatever it was, the caller must not wait for it
            self._on_failed(f"the answer failed: {type(error).__name__}")
        return []
