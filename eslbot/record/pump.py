"""Brings one recording to the disk. Knows the order in which things become durable: the files with their nonces, the
sealed bytes, the row with the header; only then is a sample durable. Works in a greenlet that may be killed anywhere:
whoever goes on finds all it needs in the live state and in the files.

After an error it tells, waits, and writes the same bytes again; the call does not notice."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event

from eslbot.record.container import ContainerError
from eslbot.record.payload import Batch, Foreign
from eslbot.record.sheet import Sheet
from eslbot.record.stream import SEALED
from eslbot.store.backlog import Ticket
from eslbot.store.recording_rows import RecordingRow

RETRY_SECONDS = 1.0
"""Pause before what failed is tried again."""
SLOW_SECONDS = 4.0
"""A disk that has not answered for so long is told of, as of a failure."""


class Pump:
    """`run` it in a greenlet; `wake` it when there is something to do."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.wake = Event()
        self.wake.set()
        self.row: RecordingRow | None = None
        """The final row, once it is committed."""
        self._looked = False
        """The files are known to hold what they should."""
        self._ticket: Ticket | None = None
        self._header_safe = False
        self._told = sheet.durable if sheet.resumed else 0
        self._busy: float | None = None

    def run(self) -> None:
        """Write until the recording is closed."""
        self.wake.set()
        while self.row is None:
            self.wake.wait()
            self.wake.clear()
            try:
                self._work()
            except FileNotFoundError:   # neither we nor the system take a file away that is being written
                self._begin_anew("a file is gone")
            except OSError as error:
                self._in_trouble(f"disk: {error.strerror or type(error).__name__}")
                gevent.sleep(RETRY_SECONDS)
                self.wake.set()
            except (Foreign, ContainerError) as error:
                self._begin_anew(str(error))

    @property
    def held(self) -> int:
        """Plain bytes that are not on the disk yet."""
        return sum(payload.held for _, payload in self._sheet.payloads)

    def leave(self) -> None:
        """Put all that was taken where it outlives us."""
        for _, payload in self._sheet.payloads:
            payload.catch_up()
            payload.close()

    def watch(self, now: float) -> None:
        """Called about once a second: tells of a disk that neither does its work nor fails."""
        if self._busy is not None and now - self._busy > SLOW_SECONDS:
            self._in_trouble(f"disk: no answer for {SLOW_SECONDS:.0f} s")

    def _work(self) -> None:
        sheet = self._sheet
        if not self._looked:
            self._look()
        for kind, payload in sheet.payloads:
            while (batch := payload.batch()) is not None:
                self._blocking(self._write, sheet.file(kind), batch, payload.digest)
                payload.wrote(batch)
                sheet.trouble = ""
                if not payload.finished:
                    self._book(sheet.row())
                self._tell()
        if sheet.trouble:   # it was the first look that failed, and it has succeeded
            sheet.trouble = ""
            self._book(sheet.row())
        self._tell()
        if sheet.audio.finished and sheet.words.finished:
            self._finish()

    def _look(self) -> None:
        """Make the files, or see that they are what we left."""
        sheet = self._sheet
        disk = sheet.room.disk
        if not sheet.live.part:
            nonces = (sheet.live.audio_nonce, sheet.live.words_nonce)
            part = self._blocking(disk.claim, sheet.live.call, sheet.live.started, nonces)
            sheet.update(part=part)
            for _, payload in sheet.payloads:
                payload.digest = hashlib.sha256(payload.nonce)
        else:
            for kind, payload in sheet.payloads:
                limit = payload.held + 2 * SEALED
                payload.recognise(*self._blocking(disk.beyond, sheet.file(kind), payload.index, limit))
                payload.digest = self._blocking(disk.digest, sheet.file(kind), payload.index)
        self._looked = True
        self._book(sheet.row())

    def _write(self, file: Path, batch: Batch, digest: Any) -> None:
        """In the thread."""
        self._sheet.room.disk.write(file, batch.at, batch.data)
        digest.update(batch.data)

    def _finish(self) -> None:
        sheet = self._sheet
        row = sheet.row(ended=sheet.room.clock())
        while not (ticket := self._book(row)).wait():   # waits while the store is away; here it was refused
            sheet.fail(f"store: {ticket.problem}")
            gevent.sleep(RETRY_SECONDS)
        self._tell()
        self.row = row
        for _, payload in sheet.payloads:
            payload.close()
        sheet.room.live.discard(sheet.live.call)
        sheet.room.on_closed(row)

    def _begin_anew(self, reason: str) -> None:
        """The files are not what they should be: they stay as they are, listed as incomplete."""
        sheet = self._sheet
        sheet.fail(f"the recording was changed while nobody wrote it, going on in another part: {reason}")
        if sheet.live.part:
            self._book(replace(sheet.row(), state="incomplete", ended=sheet.room.clock()))
        sheet.begin_anew()
        self._looked = self._header_safe = False
        self._ticket = None
        self.wake.set()

    def _book(self, row: RecordingRow) -> Ticket:
        """Have the row written. Each one carries the header, so that any of them makes the recording readable."""
        ticket = self._sheet.room.index.put(row)
        self._ticket = ticket
        if not self._header_safe:
            ticket.then(self.wake.set)
        return ticket

    def _tell(self) -> None:
        """What is synced counts only with its header in the index."""
        if self._ticket is not None and self._ticket.done:
            self._header_safe = True
        if self._header_safe and self._sheet.durable > self._told:
            self._told = self._sheet.durable
            self._sheet.room.on_durable(self._sheet.live.call, self._told)

    def _in_trouble(self, reason: str) -> None:
        sheet = self._sheet
        if sheet.trouble != reason:
            sheet.trouble = reason
            sheet.fail(reason)
            if sheet.live.part:
                self._book(sheet.row())

    def _blocking(self, work: Callable[..., Any], *args: Any) -> Any:
        """In a thread, the watch set."""
        self._busy = self._sheet.room.clock()
        try:
            return self._sheet.room.off_hub.run(work, *args)
        finally:
            self._busy = None
