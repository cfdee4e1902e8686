"""All recordings under way: opens a call's writer, new or gone on with after a restart, and finds what was left behind.
Knows where keys come from and which row has nobody writing it; knows no switch and no source of audio.

No identity is needed here, and none may be given: what is sealed can be opened by the recipients alone."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import gevent

from eslbot.greenlets import Greenlets
from eslbot.model.audio import BYTES_PER_SAMPLE
from eslbot.model.call import CallId
from eslbot.record import container, letters, paths
from eslbot.record.disk import Disk
from eslbot.record.grants import KINDS, parse_grants, recipients_of
from eslbot.record.keys import header_for
from eslbot.record.live import Live, LiveDirectory, LiveLost
from eslbot.record.pump import Pump
from eslbot.record.sheet import RecordingIndex, Room, Sheet
from eslbot.record.stream import CHUNK, NONCE, payload_key, whole
from eslbot.record.writer import Writer
from eslbot.store.offhub import OffHub
from eslbot.store.recording_rows import RecordingRow

THREADS = 4
"""That write and sync; a sync waits for the disk and not for the processor."""


@dataclass(frozen=True, slots=True)
class VaultOptions:
    """Where recordings lie and for whom they are sealed."""

    directory: Path
    """Of the recordings."""
    recipients: tuple[str, ...]
    """`age1...` each, or `age1... words` for who opens the words alone (see grants.py)."""
    live_directory: Path
    """In memory (tmpfs): holds keys and plain bytes of the recordings under way, and nothing of others."""
    node: str = ""
    """This machine, written into the rows: only its own are looked after."""
    backlog_bytes: int = 4 << 20
    """Of one call's audio that may wait for a disk that fails, 2 minutes at 8 kHz; what comes after is lost."""
    hold: float = 0.0
    """Seconds of each call that wait in memory before they are sealed: so far a mask can reach back."""


class Vault:
    """Owns the writers and their greenlets."""

    def __init__(self, options: VaultOptions, index: RecordingIndex, greenlets: Greenlets, clock: Callable[[], float],
                 on_durable: Callable[[CallId, int], None], on_failed: Callable[[CallId, str], None],
                 on_closed: Callable[[RecordingRow], None] = lambda row: None, disk: Disk | None = None) -> None:
        """`on_durable(call, samples)`: all before that sample of the call are safe on the disk. `on_failed(call,
        reason)`: something is wrong and the call goes on; told within 5 s, once for each spell. `on_closed(row)`: the
        final row is committed. Raises KeyProblem for recipients that cannot be used, OSError for a live directory
        that cannot be made."""
        self._options = options
        self._grants = parse_grants(options.recipients, "record.recipients")
        self._greenlets = greenlets
        self._pumps: dict[CallId, Pump] = {}
        self._writers: dict[CallId, Writer] = {}
        self._closed = on_closed
        self._off_hub = OffHub(THREADS)
        self._room = Room(disk or Disk(options.directory), LiveDirectory(options.live_directory), index, self._off_hub,
                          clock, self._renew, on_durable, on_failed, self._on_closed, options.node,
                          options.backlog_bytes, options.hold)
        greenlets.spawn("recordings-watch", self._watch, restart_after=1.0)

    def live(self) -> list[CallId]:
        """Calls whose recording was under way when the last process ended, and those under way now."""
        return self._room.live.calls()

    def open(self, call: CallId, switch: str, rate: int, started: float) -> Writer:
        """The call's writer: the one there is, one that goes on where the last process ended, or a new one. Waits for
        nothing. Raises BadPath for a call id that is no UUID."""
        writer = self._writers.get(paths.checked(call))
        if writer is not None:
            return writer
        live, lost = None, ""
        try:
            live = self._room.live.load(call)
        except LiveLost as error:
            lost = str(error)
        sheet = Sheet(self._room, live or self._fresh(call, switch, rate, started), resumed=live is not None)
        sheet.save()
        if lost:
            self._room.live.discard(call, keep=sheet.live.series)
            sheet.fail(lost)
        pump = self._pumps[call] = Pump(sheet)
        writer = self._writers[call] = Writer(sheet, pump.wake)
        if sheet.live.state != "recording" or sheet.audio.frozen:   # we died while it was being closed
            writer.close()
        self._greenlets.spawn(f"recording-{call}", pump.run, restart_after=1.0)
        return writer

    def abandon(self, except_for: Sequence[CallId] = ()) -> list[RecordingRow]:
        """Mark this node's recordings that nobody can go on with (the machine's memory was lost with their keys) as
        incomplete: they end with their last whole chunk. Gives their rows. Call once at start, from a greenlet."""
        alive = {*self.live(), *self._writers, *except_for}
        rows = [row for row in self._room.index.find(ended=None, node=self._options.node) if row.call not in alive]
        ended = [self._off_hub.run(self._ended, row) for row in rows]
        for row in ended:
            self._room.index.put(row)
        return ended

    @property
    def held(self) -> int:
        """Plain bytes of all recordings under way that are not on the disk yet: grows while a disk is in trouble."""
        return sum(pump.held for pump in self._pumps.values())

    def stop(self) -> None:
        """Leave everything so that the next process can go on with it. Nothing is closed: the calls go on without
        us. Call it before the greenlets are stopped."""
        for pump in self._pumps.values():
            pump.leave()
        self._off_hub.close()

    def _ended(self, row: RecordingRow) -> RecordingRow:
        disk = self._room.disk
        digests, chunks = [], 0
        for file in (paths.words(disk.directory, row.path), paths.audio(disk.directory, row.path)):
            try:
                chunks = whole(disk.size(file))
                digests.append(disk.digest(file, chunks).hexdigest())
            except OSError:
                chunks = 0
                digests.append("")
        samples = chunks * CHUNK // BYTES_PER_SAMPLE
        return replace(row, state="incomplete", samples=samples, ended=row.started + samples / row.rate,
                       sha256=digests[1], words_sha256=digests[0])

    def _fresh(self, call: CallId, switch: str, rate: int, started: float) -> Live:
        file_keys = [secrets.token_bytes(container.FILE_KEY_BYTES) for _ in range(2)]   # one a file: the format asks it
        nonces = [secrets.token_bytes(NONCE) for _ in range(2)]
        keys = [payload_key(file_key, nonce) for file_key, nonce in zip(file_keys, nonces, strict=True)]
        headers = [header_for(file_key, recipients_of(self._grants, kind))
                   for file_key, kind in zip(file_keys, KINDS, strict=True)]
        return Live(call, switch, rate, started, secrets.token_hex(4), keys[0], nonces[0], headers[0], keys[1],
                    nonces[1], headers[1], self._options.recipients,
                    letters=letters.recipient_of(file_keys[1], recipients_of(self._grants, "words")))

    def _renew(self, live: Live) -> Live:
        fresh = self._fresh(live.call, live.switch, live.rate, live.started)
        return replace(fresh, gaps=live.gaps, state=live.state, mask=live.mask)

    def _on_closed(self, row: RecordingRow) -> None:
        call = CallId(row.call)
        self._pumps.pop(call, None)
        self._writers.pop(call, None)
        self._closed(row)

    def _watch(self) -> None:
        while True:
            gevent.sleep(1.0)
            for pump in list(self._pumps.values()):
                pump.watch(self._room.clock())
