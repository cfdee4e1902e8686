"""Opens recordings again: verify, seek, read the words, export. For whoever holds an identity; the service never does.
Knows the container and the row, and changes nothing."""

import contextlib
import hashlib
import os
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from eslbot.model.audio import BYTES_PER_SAMPLE
from eslbot.record import container, paths
from eslbot.record.container import ContainerError, NoMatch
from eslbot.record.keys import Identity
from eslbot.record.stream import CHUNK, NONCE, SEALED, TAG, Stream, offset, payload_key, whole
from eslbot.record.wav import LIMIT
from eslbot.store.recording_rows import RecordingRow

Progress = Callable[[int, int], None]
"""Told samples done and samples in all."""


class Damaged(Exception):
    """The recording is not what was sealed: cut, changed, exchanged, or sealed for others. Names the file."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found good."""

    samples: int
    """Of each channel."""
    words: int | None
    """Records in the transcript; None: it is sealed for others than the identities, and was not looked at."""
    whole: bool
    """False: the recording was never closed (or is still going on), and this is what there is of it."""


class Words:
    """The transcript of one row's recording, by itself: its audio is not touched, and may be gone."""

    def __init__(self, row: RecordingRow, directory: Path, identities: Sequence[Identity]) -> None:
        """Opens the header. Raises Damaged, or NoMatch where none of the identities is a recipient."""
        self.row = row
        self.sealed = _Sealed(
            paths.words(directory, row.path), row.words_header, identities, row.words_chunks, _closed(row))

    def verify(self) -> int:
        """Open every chunk, hold the file against the row and give the number of records. Raises Damaged."""
        _against(self.sealed, self.row.words_sha256)
        return sum(1 for _ in self.records())

    def records(self) -> Iterator[dict[str, Any]]:
        """The records in the order they were written. Raises Damaged. Of a recording that was never closed, the whole
        ones in its whole chunks."""
        _whole_chunks(self.sealed)
        rest = b""
        for index in range(self.sealed.count):
            *lines, rest = (rest + self.sealed.chunk(index)).split(b"\n")
            for line in lines:
                yield self._record(line)
        if rest and self.sealed.closed:
            raise Damaged(f"{self.sealed.file}: the last record has no end")

    def _record(self, line: bytes) -> dict[str, Any]:
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            raise Damaged(f"{self.sealed.file}: a record is not JSON") from None
        if not isinstance(record, dict):
            raise Damaged(f"{self.sealed.file}: a record is not an object")
        return record


def _against(sealed: "_Sealed", expected: str) -> None:
    _whole_chunks(sealed)
    if expected and sealed.digest() != expected:
        raise Damaged(f"{sealed.file}: its SHA-256 is not the one in the store")


def _whole_chunks(sealed: "_Sealed") -> None:
    if sealed.count < sealed.floor:
        raise Damaged(f"{sealed.file}: {sealed.count} chunks, and {sealed.floor} were durable: it was cut")


def _closed(row: RecordingRow) -> bool:
    return row.state in ("complete", "partial") and row.ended is not None


class Recording:
    """One row's recording. Samples are counted on the call's clock, as everywhere."""

    def __init__(self, row: RecordingRow, directory: Path, identities: Sequence[Identity]) -> None:
        """Opens the audio's header; the words' only where they are asked for. Raises Damaged, or NoMatch where none of
        the identities is a recipient."""
        self.row = row
        closed = _closed(row)
        self._audio = _Sealed(paths.audio(directory, row.path), row.audio_header, identities, row.chunks, closed)
        self._directory, self._identities = directory, identities
        if closed and self._audio.length != row.samples * BYTES_PER_SAMPLE:
            raise Damaged(f"{self._audio.file}: {self._audio.length // BYTES_PER_SAMPLE} samples where "
                          f"{row.samples} were sealed: cut, lengthened or exchanged")

    @cached_property
    def _words(self) -> Words:
        return Words(self.row, self._directory, self._identities)

    @property
    def whole(self) -> bool:
        """The recording was closed: nothing is missing at its end."""
        return self._audio.closed

    @property
    def first(self) -> int:
        """The first sample there is."""
        return self.row.first

    @property
    def end(self) -> int:
        """The sample after the last."""
        return self.row.first + self._audio.length // BYTES_PER_SAMPLE

    def verify(self, progress: Progress = lambda done, of: None) -> Verified:
        """Open every chunk of both files and hold them against the row; of the audio alone for whoever opens no words.
        Raises Damaged."""
        _against(self._audio, self.row.sha256)
        for _ in self._samples(self.first, self.end, progress):
            pass
        try:
            words = self._words.verify()
        except NoMatch:
            return Verified(self.end - self.first, None, self.whole)
        return Verified(self.end - self.first, words, self.whole)

    def read(self, first: int, count: int) -> bytes:
        """Interleaved s16le stereo of `count` samples from `first` on, less where the recording ends or begins. Opens
        only the chunks it needs. Raises Damaged."""
        return b"".join(self._samples(max(first, self.first), min(first + count, self.end), lambda done, of: None))

    def chunk(self, index: int) -> bytes:
        """Plain bytes of one chunk of the audio, 64 KiB but for the last. Raises Damaged."""
        return self._audio.chunk(index)

    def words(self) -> Iterator[dict[str, Any]]:
        """The records of the transcript, see Words.records."""
        return self._words.records()

    def export_wav(self, path: Path, progress: Progress = lambda done, of: None) -> int:
        """Write a stereo WAV, left the customer, right the agent, readable by its owner only; gives the samples
        written. Nothing stays behind where it fails. Raises Damaged, OSError."""
        if (self.end - self.first) * BYTES_PER_SAMPLE > LIMIT:
            raise Damaged(f"{self._audio.file}: longer than a WAV file can be; read it in pieces")
        fresh = path.with_name(path.name + ".part")
        try:
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(handle, "wb") as file, wave.open(file, "wb") as out:
                out.setnchannels(2)
                out.setsampwidth(2)
                out.setframerate(self.row.rate)
                out.setnframes(self.end - self.first)
                for stereo in self._samples(self.first, self.end, progress):
                    out.writeframesraw(stereo)
            fresh.replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()
        return self.end - self.first

    def _samples(self, first: int, end: int, progress: Progress) -> Iterator[bytes]:
        at, last = ((n - self.first) * BYTES_PER_SAMPLE for n in (first, end))
        while at < last:
            index, skip = divmod(at, CHUNK)
            part = self._audio.chunk(index)[skip : skip + last - at]
            yield part
            at += len(part)
            progress(at // BYTES_PER_SAMPLE, end - self.first)


class _Sealed:
    """One payload file with its detached header."""

    def __init__(self, file: Path, header: bytes, identities: Sequence[Identity], floor: int, closed: bool) -> None:
        self.file = file
        self.floor = floor
        self.closed = closed
        try:
            parsed = container.parse(header)
            if parsed.length != len(header):
                raise container.BadHeader("bytes follow the header")
            file_key = container.open_with(parsed, identities)
        except (container.BadHeader, container.BadMac) as error:
            raise Damaged(f"{file}: {error}") from error
        try:
            with file.open("rb") as handle:
                nonce = handle.read(NONCE)
                size = os.fstat(handle.fileno()).st_size
        except OSError as error:
            raise Damaged(f"{file}: {error.strerror}") from error
        if len(nonce) < NONCE:
            raise Damaged(f"{file}: shorter than its nonce")
        self._stream = Stream(payload_key(file_key, nonce))
        self._cached: tuple[int, bytes] = (-1, b"")
        self.count = max(1, -(-(size - NONCE) // SEALED)) if closed else whole(size)
        """Chunks."""
        while not closed and self.count > floor and not self._opens(self.count - 1):
            self.count -= 1   # was being written when the writer died, or is this very moment
        self.length = max(0, size - NONCE - self.count * TAG) if closed else self.count * CHUNK
        """Plain bytes."""

    def chunk(self, index: int) -> bytes:
        """Plain bytes of a chunk."""
        if self._cached[0] != index:
            with self.file.open("rb", buffering=0) as handle:   # whole chunks need no buffer, and it costs a copy
                sealed = os.pread(handle.fileno(), SEALED, offset(index))
            self._cached = (index, self._open(index, sealed))
        return self._cached[1]

    def _opens(self, index: int) -> bool:
        try:
            self.chunk(index)
        except Damaged:
            return False
        return True

    def _open(self, index: int, sealed: bytes) -> bytes:
        last = index == self.count - 1
        try:
            try:
                return self._stream.open(index, sealed, last and self.closed)
            except ContainerError:
                if not last or self.closed:
                    raise
                return self._stream.open(index, sealed, last=True)   # the last, and only its row was never written
        except ContainerError as error:
            raise Damaged(f"{self.file}: {error}") from error

    def digest(self) -> str:
        """SHA-256 of what the row's digest covers: the whole file of a closed recording, else its whole chunks."""
        found = hashlib.sha256()
        with self.file.open("rb") as handle:
            left = offset(self.count) if not self.closed else os.fstat(handle.fileno()).st_size
            while left and (data := handle.read(min(left, 1 << 20))):
                found.update(data)
                left -= len(data)
        return found.hexdigest()
