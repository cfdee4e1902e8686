"""What people do while the service runs, on its way into the audit. What is to be audited is written down first, in a
file of its own beside the journals, and then appended to the chain as soon as the store takes it; a store that is away
stops nobody from muting a call, and a crash in between loses nothing and tells nothing twice. Knows the file and the
ledger, not what is audited."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import gevent
from gevent.event import Event

from eslbot.greenlets import Greenlets
from eslbot.store.chain import Entry
from eslbot.store.engine import StoreProblem
from eslbot.store.ledger import Ledger
from eslbot.store.offhub import OffHub

FILE = "audit.pending"
RETRY_SECONDS = 1.0
BATCH = 200
"""Entries in one transaction at most."""


class Trail:
    """`add` never waits and never fails."""

    def __init__(self, url: str, directory: Path, node: str, greenlets: Greenlets, alarm: Callable[[str], None],
                 wall_us: Callable[[], int] | None = None) -> None:
        """Takes up what an earlier process left in `directory`. `alarm(reason)` is told once for each time that the
        audit cannot be written. `wall_us`: the wall clock in microseconds."""
        self._url, self._node, self._alarm = url, node, alarm
        self._wall_us = wall_us or (lambda: time.time_ns() // 1000)
        self._file = directory / FILE
        self._ledger: Ledger | None = None
        self._off_hub = OffHub(1)
        self._waiting: list[Entry] = _read(self._file)
        self._more, self._idle = Event(), Event()
        self._down = False
        greenlets.spawn("audit", self._run, restart_after=RETRY_SECONDS)

    @property
    def waiting(self) -> int:
        """Entries that are not in the chain yet."""
        return len(self._waiting)

    @property
    def down(self) -> bool:
        """The audit cannot be written right now."""
        return self._down

    def add(self, entry: Entry) -> None:
        """Have it audited, at the time of now."""
        if entry.at_us is None:
            entry = replace(entry, at_us=self._wall_us())
        entry = replace(entry, node=entry.node or self._node)
        self._waiting.append(entry)
        try:
            self._note(entry)
        except OSError as error:
            self._trouble(f"cannot be written down beforehand: {error.strerror or type(error).__name__}")
        self._idle.clear()
        self._more.set()

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all is in the chain; False if `timeout` seconds were not enough."""
        self._more.set()
        return bool(self._idle.wait(timeout))

    def stop(self, timeout: float = 3.0) -> None:
        """What could not be appended waits in the file for the next process."""
        if self._waiting and not self._down:
            self.flush(timeout)
        self._off_hub.close()

    def _note(self, entry: Entry) -> None:
        line = json.dumps(asdict(entry)).encode("ascii") + b"\n"
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.write(handle, line)
        finally:
            os.close(handle)

    def _run(self) -> None:
        while True:
            if not self._waiting:
                self._idle.set()
                self._more.clear()
                self._more.wait()
            batch = self._waiting[:BATCH]
            if not batch:
                continue
            try:
                self._off_hub.run(self._append, batch)
            except StoreProblem as problem:
                self._trouble(str(problem))
                gevent.sleep(RETRY_SECONDS)
                continue
            self._down = False
            del self._waiting[: len(batch)]
            if not self._waiting:
                self._file.unlink(missing_ok=True)

    def _append(self, batch: list[Entry]) -> None:
        """In the thread. An entry that is there already, since we died before the file went, is not written again."""
        if self._ledger is None:
            self._ledger = Ledger(self._url)
        self._ledger.append(*batch)

    def _trouble(self, reason: str) -> None:
        if not self._down:
            self._down = True
            self._alarm(reason)


def _read(file: Path) -> list[Entry]:
    """What is written there; half a last line is left out."""
    found = []
    try:
        lines = file.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    for line in lines[:-1]:
        try:
            found.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found
