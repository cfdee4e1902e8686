"""The event socket's framing, both ways: bytes to frames at a client's side, bytes to commands at a server's, and back.
Pure. Knows no socket, no event format, and no header's meaning but the framing ones'. Other files of ours take these
names from codec.py. Sources: mod_event_socket.c and tests/vectors/wire.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

MAX_HEAD = 256 * 1024
"""Bytes of a frame's header lines. The largest real one is the answer to `connect`: a channel's variables."""
MAX_BODY = 64 * 1024 * 1024
"""Bytes of a frame's body. The largest real one is `show channels as json`, about 1 KB a channel."""
MAX_COMMAND_BODY = 10 * 1024 * 1024
"""What mod_event_socket itself accepts after a command."""

LENGTH = re.compile(r"[0-9]{1,10}")
_NEEDS_LENGTH = {"api/response", "text/event-json", "text/event-plain", "text/event-xml", "log/data"}
_M = TypeVar("_M")


class ProtocolError(Exception):
    """The peer broke the framing, a cap or an event's format: nothing after it can be trusted. `before` holds the
    messages that were whole before it, in the same `feed`."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.before: list[Any] = []


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of a switch."""

    headers: dict[str, str]
    """As on the wire (the answer to `connect` is still percent-encoded); the first of two of one name."""
    body: bytes = b""

    @property
    def kind(self) -> str:
        """Its Content-Type, such as `command/reply`."""
        return self.headers["Content-Type"]

    @property
    def reply(self) -> str:
        """What the switch answered: an api/response's body, else Reply-Text; without the newline at its end."""
        api = self.kind == "api/response"
        return (self.body.decode("utf-8", "replace") if api else self.headers.get("Reply-Text", "")).rstrip("\n")


@dataclass(frozen=True, slots=True)
class Command:
    """One message of a client."""

    line: str
    """The first line, such as `api status`."""
    headers: dict[str, str] = field(default_factory=dict)
    """The lines after it (sendmsg, sendevent), as sent."""
    body: bytes = b""


class _Splitter(Generic[_M]):
    """Cuts a stream into heads and bodies. However the bytes are split, the messages and the error are the same; after
    an error it stays broken."""

    _end: re.Pattern[bytes]
    """What ends a head: at most three bytes."""
    _blank: bytes
    """Bytes that are skipped before a head."""

    def __init__(self, max_head: int, max_body: int) -> None:
        self._max_head, self._max_body = max_head, max_body
        self._buffer = bytearray()
        self._scanned = 0
        self._head: tuple[list[str], int] | None = None
        self._broken = ""

    def feed(self, data: bytes) -> list[_M]:
        """The messages that `data` completes. Raises ProtocolError, and then again on every later call."""
        messages: list[_M] = []
        try:
            if self._broken:
                raise ProtocolError(self._broken)
            self._buffer += data
            while self._step(messages):
                pass
        except ProtocolError as error:
            self._broken = str(error)
            self._buffer.clear()
            error.before = messages
            raise
        return messages

    @property
    def idle(self) -> bool:
        """True between two messages: if the stream ends here, nothing was cut off."""
        return self._head is None and not self._buffer.strip(self._blank)

    @property
    def pending(self) -> int:
        """Bytes of a head that has not ended yet."""
        return len(self._buffer) if self._head is None else 0

    def _step(self, messages: list[_M]) -> bool:
        buffer = self._buffer
        if self._head is None:
            if not self._scanned and buffer[:1].strip(self._blank) != buffer[:1]:
                self._buffer = buffer = buffer.lstrip(self._blank)
            found = self._end.search(buffer, self._scanned)
            if (found.start() if found else len(buffer) - 2) > self._max_head:
                raise ProtocolError(f"a head of more than {self._max_head} bytes")
            if not found:
                self._scanned = max(len(buffer) - 2, 0)
                return False
            lines = [line.decode("utf-8", "replace") for line in bytes(buffer[: found.start()]).split(b"\n")]
            del buffer[: found.end()]
            self._scanned = 0
            self._head = (lines, self._length(lines))
        lines, length = self._head
        if len(buffer) < length:
            return False
        body = bytes(buffer[:length])
        del buffer[:length]
        self._head = None
        messages.append(self._message(lines, body))
        return True

    def _length(self, lines: list[str]) -> int:
        """How many bytes of body follow this head."""
        raise NotImplementedError

    def _message(self, lines: list[str], body: bytes) -> _M:
        raise NotImplementedError

    def _checked(self, length: str) -> int:
        if not LENGTH.fullmatch(length) or int(length) > self._max_body:
            raise ProtocolError(f"Content-Length is {length[:20]!r}; it must be a number of at most {self._max_body}")
        return int(length)


class Decoder(_Splitter[Frame]):
    """The client's side: what a switch sends, to frames. An undersized Content-Length leaves rubbish behind, which is
    refused as a head; it never silently eats into the message after it."""

    _end = re.compile(rb"\n\n")
    _blank = b"\n"

    def __init__(self, max_head: int = MAX_HEAD, max_body: int = MAX_BODY) -> None:
        super().__init__(max_head, max_body)

    def _length(self, lines: list[str]) -> int:
        framing = [line.partition(":") for line in lines if line[:8].lower() == "content-"]
        lengths = [value.strip(" ") for name, _, value in framing if name.lower() == "content-length"]
        kinds = [value.strip(" ") for name, _, value in framing if name == "Content-Type"]
        if len(kinds) != 1 or len(lengths) > 1:
            raise ProtocolError(f"a head with {len(kinds)} Content-Type and {len(lengths)} Content-Length")
        if not lengths:
            if kinds[0] in _NEEDS_LENGTH:
                raise ProtocolError(f"{kinds[0]} without a Content-Length")
            return 0
        return self._checked(lengths[0])

    def _message(self, lines: list[str], body: bytes) -> Frame:
        return Frame(parse_headers(lines), body)


class CommandDecoder(_Splitter[Command]):
    """The server's side: what a client sends, to commands. Carriage returns before a newline are dropped, as
    mod_event_socket does."""

    _end = re.compile(rb"\n\r?\n")
    _blank = b"\r\n"

    def __init__(self, max_head: int = MAX_HEAD, max_body: int = MAX_COMMAND_BODY) -> None:
        super().__init__(max_head, max_body)

    def _length(self, lines: list[str]) -> int:
        lengths = [line.partition(":")[2].strip() for line in lines[1:] if line.lower().startswith("content-length:")]
        if len(set(lengths)) > 1:
            raise ProtocolError("a command with two Content-Length")
        return self._checked(lengths[0]) if lengths else 0

    def _message(self, lines: list[str], body: bytes) -> Command:
        line, *rest = (line.rstrip("\r") for line in lines)
        return Command(line, parse_headers(rest), body)


def parse_headers(lines: list[str]) -> dict[str, str]:
    """Lines to headers, values as they are; the first of two of one name. ProtocolError for a line that is none."""
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not name or not colon:
            raise ProtocolError(f"a line that is no header: {line[:40]!r}")
        headers.setdefault(name, value.removeprefix(" "))
    return headers


# --- sending ---------------------------------------------------------------------------------------------------------
def encode_frame(headers: Mapping[str, str], body: bytes | None = None) -> bytes:
    """A message of a switch. With a body, its Content-Length is added last unless the headers name it already.
    ValueError for a header that would be two."""
    if body is not None and "Content-Length" not in headers:
        headers = {**headers, "Content-Length": str(len(body))}
    return encode_headers(headers) + b"\n" + (body or b"")


def encode_command(line: str, headers: Mapping[str, str] | None = None, body: str = "") -> bytes:
    """A command for a switch. ValueError for CR, LF or NUL anywhere but in the body: a command with a newline in it is
    two."""
    data = body.encode("utf-8", "replace")
    more = {**(headers or {}), **({"Content-Length": str(len(data))} if data else {})}
    lines = [line, *(f"{name}: {value}" for name, value in more.items())]
    if any(sign in text for text in lines for sign in "\r\n\0"):
        raise ValueError("a command must hold no CR, LF or NUL")
    return ("\n".join(lines) + "\n\n").encode() + data


def encode_headers(headers: Mapping[str, str]) -> bytes:
    """Header lines without the empty line. ValueError for a header that would be two."""
    for name, value in headers.items():
        if not name or ":" in name or "\n" in name or "\n" in value:
            raise ValueError(f"not a header: {name[:40]!r}")
    return "".join(f"{name}: {value}\n" for name, value in headers.items()).encode("utf-8", "replace")
