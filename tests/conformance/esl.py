"""A small blocking event-socket client, the suite's own: it must not share the faults of the one under test.

Knows framing, sign-in, api and events, over one plain socket with a reader thread. Knows no retry and no reconnect.
"""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

Event = dict[str, Any]


class SocketError(RuntimeError):
    """The switch refused, or went away. The text says during what."""


class Esl:
    """One signed-in connection. `events` grows as they come; `heard` is told whenever one does."""

    def __init__(self, port: int, password: str, user: str | None = None, timeout: float = 10.0) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._file = self._socket.makefile("rb")
        self._replies: list[tuple[dict[str, str], bytes]] = []
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        self.events: list[Event] = []
        self.plain: list[bytes] = []
        """Bodies of events in the plain format, as they came."""
        self.closed = False
        headers, _ = self._frame()
        if headers.get("Content-Type") != "auth/request":
            self._file.close()
            self._socket.close()
            raise SocketError(f"signing in to 127.0.0.1:{port}: {headers}")
        self._socket.settimeout(None)
        self._reader = threading.Thread(target=self._read, name=f"esl-{port}", daemon=True)
        self._reader.start()
        reply = self.command(f"userauth {user}:{password}" if user else f"auth {password}")
        if not reply.startswith("+OK"):
            self.close()
            raise SocketError(f"signing in to 127.0.0.1:{port}: {reply}")

    def _frame(self) -> tuple[dict[str, str], bytes]:
        headers: dict[str, str] = {}
        while (line := self._file.readline()) not in (b"\n", b""):
            name, _, value = line.decode("utf-8", "replace").rstrip("\n").partition(": ")
            headers[name] = value
        if not line:
            raise EOFError
        return headers, self._file.read(int(headers.get("Content-Length", "0")))

    def _read(self) -> None:
        try:
            while True:
                headers, body = self._frame()
                with self._changed:
                    if headers.get("Content-Type") == "text/event-json":
                        event = json.loads(body.decode("utf-8", "replace"))
                        event["_seen"] = time.monotonic()
                        self.events.append(event)
                    elif headers.get("Content-Type") == "text/event-plain":
                        self.plain.append(body)
                    elif headers.get("Content-Type") in ("command/reply", "api/response"):
                        self._replies.append((headers, body))
                    self._changed.notify_all()
        except (EOFError, OSError, ValueError):
            with self._changed:
                self.closed = True
                self._changed.notify_all()

    def command(self, text: str, timeout: float = 20.0) -> str:
        """Sends one command; its answer: Reply-Text, or the body of an api's answer without its last newline."""
        with self._sending:
            self._socket.sendall(text.encode() + b"\n\n")
            return self.next_reply(text, timeout)

    def event(self, name: str, headers: Mapping[str, str], body: str = "") -> str:
        """Fires an event (`sendevent`); the answer to that."""
        data = body.encode()
        lines = [f"sendevent {name}", *(f"{key}: {value}" for key, value in headers.items()),
                 f"content-length: {len(data)}"]
        with self._sending:
            self._socket.sendall("\n".join([*lines, "", ""]).encode() + data)
            return self.next_reply(lines[0])

    def next_reply(self, text: str = "", timeout: float = 20.0) -> str:
        """The answer that comes next. `text`: to what, for the error."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._replies or self.closed, timeout):
                raise SocketError(f"no answer in {timeout:g} s to {text!r}")
            if not self._replies:
                raise SocketError(f"the switch closed the connection during {text!r}")
            headers, body = self._replies.pop(0)
        return body.decode("utf-8", "replace").rstrip("\n") if body else headers.get("Reply-Text", "")

    def api(self, text: str, timeout: float = 20.0) -> str:
        return self.command(f"api {text}", timeout)

    def wait(self, wanted: Callable[[Event], bool], since: int = 0, timeout: float = 10.0) -> Event:
        """The first event from number `since` on that is wanted; waits for it at most `timeout` seconds."""

        def found() -> Event | None:
            return next((event for event in self.events[since:] if wanted(event)), None)

        with self._changed:
            self._changed.wait_for(lambda: found() or self.closed, timeout)
            event = found()
        if event is None:
            raise SocketError(f"no such event within {timeout:g} s")
        return event

    def close(self) -> None:
        self.closed = True
        with contextlib.suppress(OSError):  # it may be gone already
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(5)
        self._file.close()
        self._socket.close()
