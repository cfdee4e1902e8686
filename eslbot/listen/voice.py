"""Voice activity in front of the recogniser: of one leg's audio only what may be speech is let through, with a little
before it and enough after it. Knows nothing of recognisers. Pure: time is samples."""

from collections import deque
from dataclasses import dataclass

import webrtcvad

from eslbot.listen.speaking import Speaking

_FRAMES_A_SECOND = 50
RATES = (8000, 16000, 32000, 48000)
"""Samples a second at which it can be told who speaks when."""


@dataclass(frozen=True, slots=True)
class VoiceOptions:
    """How careful the gate is. Seconds are of audio."""

    mode: int = 1
    """webrtcvad's aggressiveness, 0 (lets most through) to 3."""
    before: float = 0.3
    """What goes before the first voiced frame: consonants that are quieter than the vowel they lead to."""
    after: float = 0.6
    """What goes after the last voiced frame at least: with less a recogniser never ends the utterance."""
    at_most: float = 2.5
    """What goes after it at most, while the recogniser has not ended the utterance."""


class VoiceGate:
    """One leg's gate. At a rate that webrtcvad does not know everything passes."""

    __slots__ = ("_after", "_at_most", "_before", "_bytes", "_frame", "_history", "_quiet", "_rest", "_speech", "_vad",
                 "next", "open", "rate", "speaking")  # fmt: skip

    def __init__(self, rate: int, options: VoiceOptions | None = None) -> None:
        options = options or VoiceOptions()
        self.rate = rate
        self._vad = webrtcvad.Vad(options.mode) if rate in RATES else None
        self._frame = rate // _FRAMES_A_SECOND
        self._bytes = 2 * self._frame
        self._before: deque[bytes] = deque(maxlen=max(1, round(options.before * _FRAMES_A_SECOND)))
        self._after = round(options.after * _FRAMES_A_SECOND)
        self._at_most = round(options.at_most * _FRAMES_A_SECOND)
        self._rest = b""
        self._history = 0
        self._quiet = 0
        self.open = self._vad is None
        """Whether audio is passing."""
        self.speaking = None if self._vad is None else Speaking(rate)
        """When its voice was heard; None: that cannot be told at this rate."""
        self.next = 0
        """Sample after the last that was fed."""

    @property
    def decided(self) -> int:
        """Everything before this sample has either passed or will never: what is kept back may still pass."""
        return self.next - (len(self._rest) // 2 + len(self._before) * self._frame)

    def feed(self, pcm: bytes, first: int, settled: bool) -> list[tuple[int, bytes]]:
        """Take s16le mono samples, the first of which is the call's `first`; get the runs (first sample, s16le) that
        pass now.

        `settled`: the recogniser holds no unfinished words, so that the gate may close as soon as `after` allows."""
        if self._vad is None:
            self.next = first + len(pcm) // 2
            return [(first, pcm)]
        assert self.speaking is not None
        if first != self.next:
            self.speaking.cut()
            self._rest = b""
            self._before.clear()
            self._history = 0
        self.next = first + len(pcm) // 2
        if self._rest:
            first -= len(self._rest) // 2
            pcm = self._rest + pcm
        size = self._bytes
        usable = len(pcm) - len(pcm) % size
        self._rest = pcm[usable:]
        runs: list[tuple[int, list[bytes]]] = []
        for start in range(0, usable, size):
            frame = pcm[start : start + size]
            voiced = self._vad.is_speech(frame, self.rate, self._frame)
            at = first + start // 2
            self.speaking.frame(at, at + self._frame, voiced)
            settled = settled and not voiced
            passing = self._pass(frame, voiced, settled)
            if not passing:
                continue
            if not runs or len(passing) > 1:
                runs.append((first + start // 2 - (len(passing) - 1) * self._frame, passing))
            else:
                runs[-1][1].extend(passing)
        return [(at, b"".join(frames)) for at, frames in runs]

    def _pass(self, frame: bytes, voiced: bool, settled: bool) -> list[bytes]:
        """What goes through because of this frame: nothing, the frame, or all that was kept before it and it."""
        if self.open:
            self._quiet = 0 if voiced else self._quiet + 1
            if self._quiet >= self._at_most or (settled and self._quiet >= self._after):
                self.open = False
                self._history = 0
            return [frame]
        self._history = (self._history << 1 | voiced) & 0b1111
        self._before.append(frame)
        if self._history.bit_count() < 2:
            return []
        self.open = True
        self._quiet = 0
        kept = list(self._before)
        self._before.clear()
        return kept
