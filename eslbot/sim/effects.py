"""The bugs that change what is heard: mute and volume, a file displacing or mixed in, a third party eavesdropping and
speaking. After switch_ivr_async.c. Knows samples. Does not know legs, calls or commands."""

from collections import deque

import numpy as np

from eslbot.sim import sound
from eslbot.sim.bugs import FILL, Bug, Streams
from eslbot.sim.sound import Pcm


class Audio(Bug):
    """uuid_audio: mutes or changes the volume of either direction."""

    function = "audio"

    def __init__(self, command: str) -> None:
        super().__init__(command)
        self._mute = {"read": 0, "write": 0}
        self._level = {"read": 0, "write": 0}

    def set(self, direction: str, command: str, level: int) -> None:
        """`mute` or `level` (ignored beyond 4) of `read` or `write`."""
        if command == "mute":
            self._mute[direction], self._level[direction] = level, 0
        elif -5 < level < 5:
            self._level[direction] = level

    def _change(self, direction: str, frame: Pcm) -> Pcm:
        if not any((*self._mute.values(), *self._level.values())):
            self.over = True
        if self._mute[direction]:
            return sound.silence(len(frame))
        return sound.louder(frame, self._level[direction]) if self._level[direction] else frame

    def replace_read(self, frame: Pcm) -> Pcm:
        return self._change("read", frame)

    def replace_write(self, frame: Pcm) -> Pcm:
        return self._change("write", frame)


class Displace(Bug):
    """uuid_displace: a file in place of one direction (and nothing in the other), or mixed into it."""

    function = "displace"

    def __init__(self, path: str, pcm: Pcm, flags: str, ends: float | None) -> None:
        super().__init__(path, ends)
        self._pcm, self._at = pcm, 0
        self._mux, self._loop, self._reads = "m" in flags, "l" in flags, "r" in flags

    def _play(self, frame: Pcm) -> Pcm:
        piece = self._pcm[self._at : self._at + len(frame)]
        self._at += len(frame)
        if not len(piece):
            self.over = not self._loop
            self._at = 0
        if self._mux:
            return sound.mixed(frame, piece) if len(piece) else frame
        return np.concatenate([piece, sound.silence(len(frame) - len(piece))])

    def _keep_out(self, frame: Pcm) -> Pcm:
        return frame if self._mux else np.full_like(frame, FILL)

    def replace_read(self, frame: Pcm) -> Pcm:
        return self._play(frame) if self._reads else self._keep_out(frame)

    def replace_write(self, frame: Pcm) -> Pcm:
        return self._keep_out(frame) if self._reads else self._play(frame)


class Eavesdrop(Bug):
    """A third party's ear on a leg, and its voice into either direction of it."""

    function = "eavesdrop"
    _FRAMES = 10

    def __init__(self, target: str, speaks_read: bool = False, speaks_write: bool = False) -> None:
        super().__init__(target)
        self.speaks_read = speaks_read
        """ED_MUX_READ: into what the leg says, so the other party hears it (eavesdrop_whisper_aleg)."""
        self.speaks_write = speaks_write
        """ED_MUX_WRITE: into what the leg hears (eavesdrop_whisper_bleg)."""
        self._streams = Streams()
        self._heard: deque[Pcm] = deque()
        self._into_read: deque[Pcm] = deque()
        self._into_write: deque[Pcm] = deque()
        self._spoken: Pcm | None = None

    def speak(self, frame: Pcm) -> None:
        """A frame of the third party's voice."""
        self._pour(self._into_read, frame)
        self._pour(self._into_write, frame)

    def hear(self) -> Pcm | None:
        """The next frame of both, for the third party."""
        return self._heard.popleft() if self._heard else None

    def key(self, digit: str) -> bool:
        """A key of the third party; False: it is done (`*`)."""
        modes = {"1": (True, False), "2": (False, True), "3": (True, True), "0": (False, False)}
        if digit in modes:
            self.speaks_read, self.speaks_write = modes[digit]
            self._into_read.clear()
            self._into_write.clear()
        return digit != "*"

    def _pour(self, buffer: deque[Pcm], frame: Pcm) -> None:
        if len(buffer) == self._FRAMES:
            buffer.clear()
        buffer.append(frame)

    def replace_read(self, frame: Pcm) -> Pcm:
        self._spoken = None
        if self.speaks_read and self._into_read:
            self._spoken = self._into_read.popleft()
            return sound.mixed(frame, self._spoken)
        return frame

    def tap_read(self, frame: Pcm) -> None:
        self._streams.read.append(frame if self._spoken is None else sound.without(frame, self._spoken))

    def ping(self) -> None:
        frames = self._streams.take(fill=False)
        if frames:
            self._pour(self._heard, sound.mixed(*frames))

    def tap_write(self, frame: Pcm) -> None:
        self._streams.write.append(frame)

    def replace_write(self, frame: Pcm) -> Pcm:
        if self.speaks_write and self._into_write:
            return sound.mixed(frame, self._into_write.popleft())
        return frame
