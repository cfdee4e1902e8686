"""What the tests of recordings share: a vault over real files and an index that can be down, deterministic audio, and a
way to die (drop everything that is not on disk or in the live directory)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
import numpy as np
import pyrage

from eslbot.greenlets import Greenlets
from eslbot.model.audio import AudioFrame
from eslbot.model.call import CallId
from eslbot.record import container, keys, paths
from eslbot.record.disk import Disk
from eslbot.record.reader import Recording
from eslbot.record.stream import NONCE, SEALED, Stream, payload_key
from eslbot.record.vault import Vault, VaultOptions
from eslbot.record.writer import Writer
from eslbot.store.backlog import Ticket
from eslbot.store.recording_rows import RecordingRow

CALL = CallId("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
OTHER = CallId("00000000-8b86-d011-b42d-00cf4fc964ff")
CHUNK_SAMPLES = 16384
IDENTITY = keys.Identity(bytes(range(32)))
SECOND = keys.Identity(bytes(range(1, 33)))
STARTED = 1_795_000_000.0
"""2026-11-18, UTC."""


def audio(first: int, count: int, salt: int = 0) -> bytes:
    """Stereo samples that tell where they belong: both channels hash the index."""
    index = np.arange(first, first + count, dtype=np.uint64)
    return np.stack([index * 40503 + salt, index * 30011 + 7 + salt], axis=1).astype("<u2").tobytes()


def frame(first: int, count: int, rate: int = 8000, salt: int = 0, call: CallId = CALL) -> AudioFrame:
    return AudioFrame(call, first, rate, audio(first, count, salt))


class Index:
    """Rows in a dictionary. While `away`, nothing is committed."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], RecordingRow] = {}
        self.away = False
        self._waiting: list[tuple[RecordingRow, Ticket]] = []

    def put(self, row: RecordingRow) -> Ticket:
        ticket = Ticket()
        self._waiting.append((row, ticket))
        self.drain()
        return ticket

    def drain(self) -> None:
        while self._waiting and not self.away:
            row, ticket = self._waiting.pop(0)
            self.rows[row.call, row.part] = row
            ticket.settle()

    def find(self, limit: int | None = None, prefix: str = "", newest_first: bool = False,
             **where: Any) -> list[RecordingRow]:
        return [r for r in self.rows.values() if all(getattr(r, k) == v for k, v in where.items())]


class Rig:
    """A machine with a disk, a tmpfs, a store, and a service that can die."""

    def __init__(self, directory: Path, disk: type[Disk] = Disk, **options: Any) -> None:
        self.options = VaultOptions(directory / "recordings", (str(IDENTITY.recipient), str(SECOND.recipient)),
                                    directory / "live", **options)
        self.disk = disk(self.options.directory)
        self.index = Index()
        self.durable: dict[str, int] = {}
        self.failed: list[str] = []
        self.closed: list[RecordingRow] = []
        self.now = STARTED
        self.start()

    def start(self) -> None:
        self.greenlets = Greenlets()
        self.vault = Vault(self.options, self.index, self.greenlets, lambda: self.now, self._durable,
                           lambda call, reason: self.failed.append(reason), self.closed.append, disk=self.disk)

    def _durable(self, call: CallId, samples: int) -> None:
        assert samples > self.durable.get(call, 0), "told twice, or backwards"
        self.durable[call] = samples

    def die(self) -> None:
        """As kill -9 does: what is on disk and in the live directory stays."""
        self.greenlets.stop()
        for pump in self.vault._pumps.values():
            for _, payload in pump._sheet.payloads:
                payload.close()
        self.vault._off_hub.close()
        self.durable = {}

    def lose_memory(self) -> None:
        """As a power cut does, to what was never synced and to everything in memory."""
        self.die()
        for file in self.options.live_directory.iterdir():
            file.unlink()

    def open(self, call: CallId = CALL, rate: int = 8000) -> Writer:
        return self.vault.open(call, "pbx1", rate, STARTED)

    def row(self, part: int = 1, call: CallId = CALL) -> RecordingRow:
        return self.index.rows[call, part]

    def recording(self, part: int = 1) -> Recording:
        return Recording(self.row(part), self.options.directory, [IDENTITY])

    def payload(self, kind: str, part: int = 1) -> bytes:
        path = {"audio": paths.audio, "words": paths.words}[kind](self.options.directory, self.row(part).path)
        return path.read_bytes()

    def stock(self, kind: str, part: int = 1) -> bytes:
        """What stock age makes of header + payload, opened by the second recipient."""
        row = self.row(part)
        header = {"audio": row.audio_header, "words": row.words_header}[kind]
        return bytes(pyrage.decrypt(header + self.payload(kind, part),
                                    [pyrage.x25519.Identity.from_str(SECOND.encode())]))


def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Let greenlets run until it holds; a hang is an error."""
    with gevent.Timeout(seconds):
        while not condition():
            gevent.sleep(0.002)


class Witness(Disk):
    """Sees every byte that was ever handed to the disk, and can be told to fail: `tear` bytes of the next write reach
    the file and the rest do not; with `full` nothing does."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.seen: list[tuple[Path, int, bytes]] = []
        self.tear: int | None = None
        self.full = False

    def write(self, file: Path, at: int, data: bytes) -> None:
        self.seen.append((file, at, data))
        if self.full:
            raise OSError(28, "No space left on device")
        if self.tear is not None:
            torn, self.tear = data[: self.tear], None
            super().write(file, at, torn)
            raise OSError(5, "Input/output error")
        super().write(file, at, data)

    def plaintexts(self, header_of: Callable[[Path], bytes]) -> dict[tuple[Path, int, bool], bytes]:
        """What each chunk number was used for. Fails where one was used for two plaintexts, which would give both of
        them away to whoever saw both."""
        found: dict[tuple[Path, int, bool], bytes] = {}
        for file, at, data in self.seen:
            key = container.open_with(container.parse(header_of(file)), [IDENTITY])
            stream = Stream(payload_key(key, file.read_bytes()[:NONCE]))
            index, rest = divmod(at - NONCE, SEALED)
            assert rest == 0
            for n, start in enumerate(range(0, len(data), SEALED)):
                chunk = data[start : start + SEALED]
                last = not _opens(stream, index + n, chunk, False)
                plain = stream.open(index + n, chunk, last)
                assert found.setdefault((file, index + n, last), plain) == plain, f"chunk {index + n} was used twice"
        return found


def _opens(stream: Stream, index: int, chunk: bytes, last: bool) -> bool:
    try:
        stream.open(index, chunk, last)
    except container.BadPayload:
        return False
    return True
