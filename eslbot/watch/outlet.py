"""Where log lines leave the process. A pipe whose reader has stopped must not stop the calls: lines wait in a bounded
buffer, and what does not fit is dropped and counted. Knows pipes, not logs."""

import os
import stat
from collections import deque
from typing import TextIO

MOST_WAITING = 1024 * 1024
"""Bytes."""


def patient(stream: TextIO) -> "TextIO | Outlet":
    """An Outlet for a stream that is a pipe and can be opened once more; any other stream as it is (files never wait,
    and a terminal is somebody's own)."""
    try:
        descriptor = stream.fileno()
        if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            return stream
        # Opened anew: O_NONBLOCK set on the inherited one would be set for everybody who shares it.
        return Outlet(os.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC))
    except (OSError, ValueError):
        return stream


class Outlet:
    """The part of a text stream that logging uses, over a descriptor that does not block."""

    def __init__(self, descriptor: int, most: int = MOST_WAITING) -> None:
        self._descriptor = descriptor
        self._most = most
        self._pieces: deque[bytes] = deque()
        self._waiting = 0
        self._dropped = 0

    def write(self, text: str) -> int:
        """Take a line, and write what can be written now. Never waits, never fails."""
        data = text.encode("utf-8", "replace")
        if self._waiting + len(data) > self._most:
            self.flush()
        if self._waiting + len(data) > self._most:
            self._dropped += 1
        else:
            if self._dropped:
                note = b'{"level":"warning","event":"log lines dropped","count":%d}\n' % self._dropped
                self._dropped = 0
                self._put(note)
            self._put(data)
        self.flush()
        return len(text)

    def _put(self, data: bytes) -> None:
        self._pieces.append(data)
        self._waiting += len(data)

    def flush(self) -> None:
        """Write what can be written now."""
        while self._pieces:
            try:
                written = os.write(self._descriptor, self._pieces[0])
            except BlockingIOError:
                return
            except OSError:  # nobody will ever read it
                self._pieces.clear()
                self._waiting = 0
                return
            self._waiting -= written
            rest = self._pieces.popleft()[written:]
            if rest:
                self._pieces.appendleft(rest)
