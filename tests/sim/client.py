"""A bare client of the event socket: what it sends goes out as it is, and what comes is cut into frames."""

from collections import deque
from typing import Self

import gevent
from gevent import socket

from eslbot.switch.codec import Decoder, Event, Frame, event_of


class Client:
    """Signs in unless told not to."""

    def __init__(self, port: int, password: str | None = "embedded") -> None:
        self.sock = socket.create_connection(("127.0.0.1", port))
        self._decoder = Decoder()
        self._frames: deque[Frame] = deque()
        self.events: list[Event] = []
        if password is not None:
            assert self.frame().kind == "auth/request"
            assert self.ask(f"auth {password}") == "+OK accepted"

    def send(self, text: str) -> None:
        self.sock.sendall(text.encode() + b"\n\n")

    def frame(self, seconds: float = 5.0) -> Frame:
        """The next frame."""
        with gevent.Timeout(seconds, TimeoutError("no frame")):
            while not self._frames:
                data = self.sock.recv(65536)
                if not data:
                    raise EOFError
                self._frames.extend(self._decoder.feed(data))
        return self._frames.popleft()

    def reply(self) -> Frame:
        """The next reply; events before it are kept."""
        while (frame := self.frame()).kind.startswith("text/event"):
            self.events.append(event_of(frame))
        return frame

    def ask(self, text: str) -> str:
        self.send(text)
        return self.reply().reply

    def event(self, name: str) -> Event:
        """The next event of that name; others are kept."""
        for place, event in enumerate(self.events):
            if event["Event-Name"] == name:
                return self.events.pop(place)
        while True:
            event = event_of(self.frame())
            if event["Event-Name"] == name:
                return event
            self.events.append(event)

    def ended(self) -> bool:
        """Whether the switch has closed, with or without a word before."""
        try:
            while self.frame():
                pass
        except (EOFError, OSError):
            return True
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.sock.close()
