"""What of a recording under way has to outlive this process and must never reach a disk: the keys, and the plain bytes
that are not yet sealed. It lies in a directory in memory (tmpfs), mode 0600, until the recording is closed. Knows files
and nothing of encryption.

`CALL.live` is the state, replaced as a whole. `CALL.SERIES.KIND.N` is a tail: the plain bytes of a payload from chunk N
on, appended as they come and never changed once they may have been sealed (a mask changes those that cannot have been),
so that whoever goes on seals the very same bytes into chunk N. A name that ends in `.end` is a tail that will not grow
any more."""

import contextlib
import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import orjson

from eslbot.model.call import CallId
from eslbot.record.paths import BadPath, checked

VERSION = 1
_BYTES = ("audio_key", "audio_nonce", "audio_header", "words_key", "words_nonce", "words_header")


class LiveLost(Exception):
    """A live state that cannot be read: the recording cannot be gone on with."""


@dataclass(frozen=True, slots=True, repr=False)
class Live:
    """One recording under way. Holds secrets, so it has no repr."""

    call: CallId
    switch: str
    rate: int
    started: float
    series: str
    """Names the tails that belong to this state."""
    audio_key: bytes
    """Payload key, 32 bytes; the file key itself is kept by nobody but the recipients."""
    audio_nonce: bytes
    audio_header: bytes
    words_key: bytes
    words_nonce: bytes
    words_header: bytes
    recipients: tuple[str, ...]
    part: int = 0
    """0: the files have not been made yet."""
    first: int | None = None
    """Call's sample that the file begins with; None: no audio yet."""
    gaps: tuple[dict[str, Any], ...] = ()
    state: str = "recording"
    """What `close` asked for, once it has."""
    mask: tuple[int, int] | None = None
    """The mask that stands: from which of the call's samples on, and to which at most."""
    letters: str = ""
    """As in RecordingRow."""


class LiveDirectory:
    """The directory in memory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def calls(self) -> list[CallId]:
        """Every call with a state here, oldest first."""
        found = []
        for file in sorted(self._directory.glob("*.live"), key=lambda f: f.stat().st_mtime):
            with contextlib.suppress(BadPath):
                found.append(checked(file.stem))
        return found

    def load(self, call: CallId) -> Live | None:
        """The call's state; None if it has none. Raises LiveLost."""
        try:
            values = orjson.loads(self._state(call).read_bytes())
            if values.pop("version") != VERSION:
                raise LiveLost("the live state is of another version")
            for name in _BYTES:
                values[name] = bytes.fromhex(values[name])
            values["recipients"], values["gaps"] = tuple(values["recipients"]), tuple(values["gaps"])
            if values.get("mask") is not None:
                values["mask"] = (int(values["mask"][0]), int(values["mask"][1]))
            return Live(**values)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise LiveLost(f"the live state cannot be read: {type(error).__name__}") from error

    def save(self, live: Live) -> None:
        """Replace the call's state, all or nothing."""
        values = {f.name: getattr(live, f.name) for f in fields(live)}
        values |= {name: values[name].hex() for name in _BYTES} | {"version": VERSION}
        _replace(self._state(live.call), orjson.dumps(values))

    def discard(self, call: CallId, keep: str = "") -> None:
        """Forget the call: its state and its tails; with `keep`, only the tails of other series."""
        if not keep:
            self._state(call).unlink(missing_ok=True)
        for name in _names(self._directory, f"{checked(call)}."):
            if not name.endswith(".live") and not (keep and name.startswith(f"{call}.{keep}.")):
                (self._directory / name).unlink(missing_ok=True)

    def tail(self, live: Live, kind: str) -> "Tail":
        """The tail of one payload (`audio` or `words`), as it was left or empty."""
        return Tail(self._directory, f"{checked(live.call)}.{live.series}.{kind}")

    def _state(self, call: CallId) -> Path:
        return self._directory / f"{checked(call)}.live"


class Tail:
    """The plain bytes of one payload that are not sealed and durable yet. Every method works in memory only (tmpfs) and
    may raise OSError where that is full."""

    def __init__(self, directory: Path, name: str) -> None:
        self._directory = directory
        self._name = name
        self._handle = -1
        self.index, self.frozen = 0, False
        found = _names(directory, f"{name}.")
        for file in found:
            number, _, end = file.removeprefix(f"{name}.").partition(".")
            if number.isdecimal() and end in ("", "end") and int(number) >= self.index:
                self.index, self.frozen = int(number), end == "end"
        path = self._path()
        self.held = path.read_bytes() if path.name in found else b""
        """What it held when it was opened."""
        for file in found:   # an older one, whose chunk is durable, or half a new one
            if file != path.name:
                (directory / file).unlink()

    def append(self, data: bytes) -> None:
        """Add bytes at the end; once this returns they outlive the process."""
        if self._handle < 0:
            self._handle = os.open(self._path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        if os.write(self._handle, data) != len(data):
            raise OSError(28, "the directory in memory is full")

    def trim(self, length: int) -> None:
        """Drop what was held after `length` bytes: half of something that was being written when we died."""
        if length < len(self.held):
            os.truncate(self._path(), length)
            self.held = self.held[:length]

    def advance(self, index: int, rest: bytes) -> None:
        """The chunks before `index` are durable; from there on these are the bytes."""
        before = self._path()
        self.index = index
        _replace(self._path(), rest)
        self.close()
        if before != self._path():
            before.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove it: it is not what is being sealed."""
        self.close()
        self._path().unlink(missing_ok=True)

    def freeze(self) -> None:
        """Nothing will be appended any more: what it holds is what the last chunk seals, whoever seals it."""
        if self._handle < 0:
            self.append(b"")
        before = self._path()
        self.frozen = True
        before.rename(self._path())
        self.close()

    def close(self) -> None:
        """Let the file go; it stays where it is."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _path(self) -> Path:
        return self._directory / f"{self._name}.{self.index}{'.end' if self.frozen else ''}"


def _names(directory: Path, prefix: str) -> list[str]:
    """Names of the files that begin so."""
    return [name for name in os.listdir(directory) if name.startswith(prefix)]


def _replace(path: Path, data: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        if os.write(handle, data) != len(data):
            raise OSError(28, "the directory in memory is full")
    finally:
        os.close(handle)
    fresh.rename(path)
