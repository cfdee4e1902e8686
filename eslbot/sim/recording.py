"""uuid_record: a tap that writes a leg's two directions into a file while the call goes on.

As FreeSWITCH does it (switch_ivr_async.c): stereo when RECORD_STEREO is true, left what the leg says, right what it
hears; the first frame at once, then half a second of waiting, then all that has gathered, then every frame; a mask
writes silence and keeps the timing. Knows files and samples. Does not know legs or commands.
"""

import os
import stat
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from eslbot.sim import sound
from eslbot.sim.bugs import Bug, Streams
from eslbot.sim.sound import Pcm

_PRE_BUFFER_FRAMES = 25
_FILE_BUFFER = 65536
_HEADERLESS = (".r8", ".r16", ".r32", ".raw", ".sln")


class RecordingError(Exception):
    """The file cannot be written. The message names it."""


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """How a recording is made; taken from channel variables."""

    rate: int = 8000
    stereo: bool = False
    swap: bool = False
    append: bool = False
    buffered: bool = True
    """enable_file_write_buffering: the file grows by 64 KiB at a time."""
    min_seconds: int = 0


class File:
    """The file behind a recording: headerless s16le, or WAV. Creates missing directories, truncates a file that is
    there (its inode and mode stay), and takes a FIFO that has a reader."""

    def __init__(self, path: Path, channels: int, rate: int, append: bool, buffered: bool) -> None:
        if path.suffix not in (*_HEADERLESS, ".wav"):
            raise RecordingError(f"{path}: no file format {path.suffix!r}")
        self.path, self._channels, self._rate = path, channels, rate
        self._limit = _FILE_BUFFER if buffered else 0
        self._waiting = bytearray()
        self.bytes = 0
        """Bytes of audio handed over so far."""
        self.failed = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fifo = path.exists() and stat.S_ISFIFO(path.stat().st_mode)
            flags = os.O_WRONLY | os.O_CREAT | (os.O_NONBLOCK if fifo else 0 if append else os.O_TRUNC)
            self._file = os.open(path, flags, 0o644)
            if append and not fifo:
                os.lseek(self._file, 0, os.SEEK_END)
        except OSError as error:
            raise RecordingError(str(error)) from error
        if path.suffix == ".wav":
            if fifo:
                raise RecordingError(f"{path}: a WAV file cannot be a FIFO")
            self._put(self._wav_header(0))

    def write(self, data: bytes) -> None:
        self.bytes += len(data)
        self._waiting += data
        if len(self._waiting) >= self._limit:
            self._put(bytes(self._waiting))
            self._waiting.clear()

    def close(self) -> None:
        """What waits is written; a WAV header gets its length."""
        self._put(bytes(self._waiting))
        if self.path.suffix == ".wav" and not self.failed:
            os.pwrite(self._file, self._wav_header(self.bytes), 0)
        os.close(self._file)

    def abandon(self) -> None:
        """As a crash leaves it: what waits is lost."""
        os.close(self._file)

    def _put(self, data: bytes) -> None:
        while data and not self.failed:
            try:
                data = data[os.write(self._file, data) :]
            except BlockingIOError:  # a FIFO whose reader is slow: what it does not take is lost
                return
            except OSError as error:
                self.failed = str(error)

    def _wav_header(self, length: int) -> bytes:
        block = 2 * self._channels
        return (
            struct.pack("<4sI4s", b"RIFF", length + 36 if length else 0, b"WAVE")
            + struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, self._channels, self._rate, self._rate * block, block, 16)
            + struct.pack("<4sI", b"data", length)
        )


class Record(Bug):
    """The tap. Without a file (a path without an extension) it runs and writes nothing."""

    function = "session_record"

    def __init__(self, path: str, options: RecordOptions, ends: float | None = None) -> None:
        super().__init__(path, ends)
        self._options = options
        self.masked = False
        self.paused = False
        self._streams = Streams(_PRE_BUFFER_FRAMES)
        self._file: File | None = None

    def open(self) -> Self:
        """Opens the file. Raises RecordingError."""
        path, options = Path(self.target), self._options
        if path.suffix:
            channels = 2 if options.stereo else 1
            self._file = File(path, channels, options.rate, options.append, options.buffered)
        return self

    @property
    def file_bytes(self) -> int:
        return self._file.bytes if self._file else 0

    @property
    def samples(self) -> int:
        return self.file_bytes // (4 if self._options.stereo else 2)

    @property
    def milliseconds(self) -> int:
        return self.samples * 1000 // self._options.rate

    @property
    def cause(self) -> str:
        """Record-Completion-Cause of a recording that is closed now."""
        if self._file is None:
            return "success-maxtime"
        if self._file.failed:
            return "uri-failure"
        return "success-maxtime" if self._file.bytes else "empty-file"

    def tap_read(self, frame: Pcm) -> None:
        if not self.paused:
            self._streams.read.append(frame)

    def tap_write(self, frame: Pcm) -> None:
        if not self.paused:
            self._streams.write.append(frame)

    def ping(self) -> None:
        frames = self._streams.take(fill=False)
        while frames:
            self._put(*frames)
            frames = self._streams.take(fill=True)

    def _put(self, said: Pcm, heard: Pcm) -> None:
        if self._file is None:
            return
        if self._options.swap:
            said, heard = heard, said
        if self._options.stereo:
            data = sound.interleaved(said, heard)
        else:
            data = sound.mixed(said, heard).astype("<i2").tobytes()
        self._file.write(bytes(len(data)) if self.masked else data)

    def close(self) -> None:
        # What the first half second still holds back is lost, as FreeSWITCH loses it.
        while frames := self._streams.take(fill=True):
            self._put(*frames)
        if self._file:
            self._file.close()
            enough = max(1, self._options.min_seconds * self._options.rate)
            if self.samples < enough and not self._options.append:
                self._file.path.unlink(missing_ok=True)
        self.closed()

    def abandon(self) -> None:
        """As a crash leaves it."""
        if self._file:
            self._file.abandon()
            self._file = None
