"""The journal: one file a call, one line a transition - the fact that came and the orders it gave - written before any
of those orders is sent. A restart reads it, folds the facts through the machine, and knows what was under way. Holds
ids, times and states, never a spoken word. Knows the machine's words, not its table.

A line reaches the kernel before `append` returns, so a crash of ours loses none; a crash of the host may lose the last
ones, which is why a mute's end and the closing are armed in the switch and not here."""

import json
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eslbot.call.plain import PlainError, from_plain, to_plain
from eslbot.model.call import CallId
from eslbot.model.facts import CallFact
from eslbot.model.orders import Order

VERSION = 1
SUFFIX = ".journal"


class JournalError(Exception):
    """A journal that cannot be read; names the file and line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One transition."""

    fact: CallFact
    orders: tuple[Order, ...]


class Journal:
    """The journals of all live calls under one directory (created, mode 0700)."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._files: dict[CallId, int] = {}
        self._unwritten: dict[CallId, bytes] = {}
        """What a full disk did not take: it goes before all that is written later, so that a file never has a hole."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def append(self, call: CallId, fact: CallFact, orders: Sequence[Order]) -> None:
        """Write the transition down. Raises OSError where the disk refuses; the caller decides what that means. What
        was refused is kept, and written once the disk takes it again."""
        line = json.dumps(
            {"v": VERSION, "fact": to_plain(fact), "orders": [to_plain(order) for order in orders]},
            ensure_ascii=True, separators=(",", ":"),
        ).encode()
        data = self._unwritten.pop(call, b"") + b"%08x %b\n" % (zlib.crc32(line), line)
        try:
            handle = self._files.get(call)
            if handle is None:
                handle = os.open(self._path(call), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
                self._files[call] = handle
            while data:  # a disk that is nearly full takes a part and says so; then it says that it is full
                data = data[os.write(handle, data) :]
        finally:
            if data:
                self._unwritten[call] = data

    def live(self) -> list[CallId]:
        """The calls that have a journal, sorted."""
        return sorted(CallId(path.name.removesuffix(SUFFIX)) for path in self._directory.glob(f"*{SUFFIX}"))

    def read(self, call: CallId) -> Iterator[Entry]:
        """The transitions of a call. A last line that was cut short is not there; anything else that does not fit
        raises JournalError."""
        path = self._path(call)
        lines = path.read_bytes().split(b"\n")
        for number, line in enumerate(lines, 1):
            if number == len(lines):
                return  # empty after the last newline, or cut short by a crash
            crc, _, body = line.partition(b" ")
            try:
                if int(crc, 16) != zlib.crc32(body):
                    raise JournalError(f"{path.name}:{number}: the line's checksum does not fit")
                plain = json.loads(body)
                if plain["v"] != VERSION:
                    raise JournalError(f"{path.name}:{number}: written by version {plain['v']} of the journal")
                yield Entry(from_plain(plain["fact"]), tuple(from_plain(order) for order in plain["orders"]))
            except (ValueError, KeyError, TypeError, PlainError) as error:
                raise JournalError(f"{path.name}:{number}: {error}") from error

    def set_aside(self, call: CallId) -> Path:
        """Keep an unreadable journal for people to look at, out of our way. Returns where it is now."""
        self._close(call)
        path = self._path(call)
        return path.rename(path.with_suffix(".unreadable"))

    def drop(self, call: CallId) -> None:
        """The call is settled."""
        self._close(call)
        self._path(call).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the files; the journals stay."""
        for call in list(self._files):
            self._close(call)

    def _close(self, call: CallId) -> None:
        self._unwritten.pop(call, None)
        handle = self._files.pop(call, None)
        if handle is not None:
            os.close(handle)

    def _path(self, call: CallId) -> Path:
        if not call or not all(c.isalnum() or c == "-" for c in call):
            raise JournalError(f"not a call id: {call[:40]!r}")
        return self._directory / f"{call}{SUFFIX}"
