"""greenswitch, hosted: its InboundESL and OutboundSession with their inside replaced (hosted.py). The only file that
imports greenswitch. Knows how a connection begins: who connects, who signs in, who describes the channel.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from gevent import socket
from greenswitch.esl import InboundESL, OutboundSession

from eslbot.greenlets import Greenlets
from eslbot.switch.codec import Event, Frame, event_of
from eslbot.switch.link.hosted import ANSWER, Hosted, LinkDown, Unanswered


class CredentialsRefused(Exception):
    """The switch does not let us in. Trying again soon is of no use."""


class Inbound(Hosted, InboundESL):  # type: ignore[misc]
    """We connect to the switch."""

    def __init__(
        self,
        name: str,
        address: tuple[str, int],
        user: str | None,
        password: str,
        greenlets: Greenlets,
        clock: Callable[[], float],
        on_event: Callable[[Frame], None],
        on_closed: Callable[[str], None],
    ) -> None:
        InboundESL.__init__(self, *address, password, timeout=ANSWER)
        self._host(name, greenlets, clock, on_event, on_closed)
        self.user = user

    def connect(self) -> None:
        """Connect and sign in, each within a deadline. Raises LinkDown, CredentialsRefused."""
        try:
            self.sock = socket.create_connection((self.host, self.port), timeout=ANSWER / 2)
        except OSError as error:
            raise LinkDown(f"cannot connect: {error.strerror or error}") from error
        self.sock.settimeout(None)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connected = True
        self.start_event_handlers()
        if not self._auth_request_event.wait(ANSWER):
            self.fail("no greeting; is this an event socket?")
        if not self.connected:
            raise (CredentialsRefused if self.refused else LinkDown)(self.reason)
        self.authenticate()

    def authenticate(self) -> None:
        self._may_be_cut = self.user is not None
        try:
            reply = self.send(f"userauth {self.user}:{self.password}" if self.user else f"auth {self.password}").reply
        except Unanswered as error:
            raise LinkDown(str(error)) from error
        finally:
            self._may_be_cut = False
        if reply != "+OK accepted":
            refusal = "the switch refuses the password" + (" or the user" if self.user else "")
            self.fail(refusal)
            raise CredentialsRefused(refusal)

    def _auth_request(self, frame: Frame) -> None:
        self._auth_request_event.set()

    def _closed(self) -> None:
        self._auth_request_event.set()


class Session(Hosted, OutboundSession):  # type: ignore[misc]
    """The switch has connected to us, for one call."""

    def __init__(
        self, name: str, peer: Any, sock: Any, greenlets: Greenlets, clock: Callable[[], float], timeout: float
    ) -> None:
        self._host(name, greenlets, clock, lambda frame: None, lambda reason: None)
        self.timeout = timeout
        OutboundSession.__init__(self, peer, sock)
        self.sock_file.close()
        self._commands_sent = deque()

    def connect(self) -> Event:
        """The channel, as the switch describes it. Raises LinkDown, Unanswered, ProtocolError."""
        self.session_data = event_of(self.send("connect", timeout=self.timeout))
        self._outbound_connected = True
        return self.session_data

    def execute(self, application: str, argument: str) -> Frame:
        """Run a dialplan application on the call. Mind that the switch expands ${} in the argument."""
        headers = {"call-command": "execute", "execute-app-name": application, "execute-app-arg": argument}
        return self.send("sendmsg", headers, self.timeout)
