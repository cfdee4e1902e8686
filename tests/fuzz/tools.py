"""What the targets share: reading a fuzzer's bytes as choices, and a directory in memory for loaders that take paths.
Knows no target."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path


class Choices:
    """Takes choices off the front of the bytes; zeros once they are used up, so that every input means something."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def byte(self) -> int:
        """0 to 255."""
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def number(self, below: int) -> int:
        """0 to before `below`, by two bytes."""
        return (self.byte() << 8 | self.byte()) % below

    def take(self, length: int) -> bytes:
        """At most that many bytes."""
        taken = self._data[self._at : self._at + length]
        self._at += length
        return taken

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._data))

    @property
    def more(self) -> bool:
        """Whether anything is left."""
        return self._at < len(self._data)


@cache
def scratch() -> Path:
    """A directory of this process in memory, removed at its end."""
    base = Path("/dev/shm")
    made = Path(tempfile.mkdtemp(prefix="eslbot-fuzz-", dir=base if base.is_dir() else None))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
