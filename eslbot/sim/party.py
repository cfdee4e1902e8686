"""A party at a phone: what it says, when it answers, presses keys and hangs up, and all that it heard.

Knows samples and its own clock (samples since it answered, and since it was first bridged). Does not know the switch.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from eslbot.sim import sound
from eslbot.sim.sound import Pcm

_JITTER_FRAMES = 3
"""How many frames the phone holds back when they come in pairs; more are lost, as with a real jitter buffer."""


class Speech(Protocol):
    """Something that gives a party's samples."""

    def samples(self, answered: int, bridged: int | None, count: int, rate: int) -> Pcm:
        """`count` samples; `answered` and `bridged` are the samples passed since those moments (None: not yet)."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Says nothing."""

    def samples(self, answered: int, bridged: int | None, count: int, rate: int) -> Pcm:
        return sound.silence(count)


@dataclass(frozen=True, slots=True)
class Tone:
    """Hums one tone from answer on."""

    hertz: float
    level: float = 8000.0

    def samples(self, answered: int, bridged: int | None, count: int, rate: int) -> Pcm:
        return sound.tone(self.hertz, answered, count, rate, self.level)


@dataclass(frozen=True, slots=True)
class Samples:
    """Says these samples (at the leg's rate) once, from the bridge on, or from answer on."""

    pcm: Pcm
    from_answer: bool = False

    def samples(self, answered: int, bridged: int | None, count: int, rate: int) -> Pcm:
        first = answered if self.from_answer else bridged
        if first is None or first >= len(self.pcm):
            return sound.silence(count)
        piece = self.pcm[first : first + count]
        return piece if len(piece) == count else np.concatenate([piece, sound.silence(count - len(piece))])


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a dialogue."""

    at: float
    """Seconds from the bridge."""
    pcm: Pcm
    text: str = ""
    rate: int = 8000


class Dialogue:
    """Says lines at their times, counted from the bridge; lines that overlap are mixed."""

    def __init__(self, lines: Iterable[Line], rate: int = 8000) -> None:
        lines = list(lines)
        placed = [(round(line.at * rate), sound.resampled(line.pcm, line.rate, rate)) for line in lines]
        whole = sound.silence(max((at + len(pcm) for at, pcm in placed), default=0))
        for at, pcm in placed:
            whole[at : at + len(pcm)] = sound.mixed(whole[at : at + len(pcm)], pcm)
        self.rate = rate
        self.lines = lines
        self._whole = Samples(whole)

    def samples(self, answered: int, bridged: int | None, count: int, rate: int) -> Pcm:
        if rate != self.rate:
            raise sound.SoundError(f"a dialogue rendered for {self.rate} Hz on a leg of {rate} Hz")
        return self._whole.samples(answered, bridged, count, rate)


@dataclass(slots=True, eq=False)
class Party:
    """One phone. Times are in seconds."""

    speech: Speech = field(default_factory=Silence)
    answers_after: float = 0.02
    """From ringing to answer."""
    refuses: str | None = None
    """A hangup cause in place of an answer: USER_BUSY, CALL_REJECTED ..."""
    never_answers: bool = False
    hangs_up_at: float | None = None
    """From the first bridge."""
    keys: tuple[tuple[float, str], ...] = ()
    """(seconds from answer, digits)."""
    keeps: bool = True
    """Whether what it hears is kept; off for long loads."""
    rate: int = 8000
    answered: int = 0
    """Samples since it answered."""
    bridged: int | None = None
    """Value of `answered` when it was first bridged."""
    _heard: list[Pcm] = field(default_factory=list)
    _coming: deque[Pcm] = field(default_factory=deque)

    def say(self, count: int) -> Pcm:
        """The next `count` samples of its speech."""
        since = None if self.bridged is None else self.answered - self.bridged
        return self.speech.samples(self.answered, since, count, self.rate)

    def hear(self, frame: Pcm) -> None:
        """A frame has reached the phone."""
        if len(self._coming) == _JITTER_FRAMES:
            self._coming.popleft()
        self._coming.append(frame)

    def pass_frame(self, count: int) -> None:
        """One frame's time has passed: what came in is heard (silence where nothing came)."""
        frame = self._coming.popleft() if self._coming else sound.silence(count)
        if self.keeps:
            self._heard.append(frame)
        self.answered += count

    def was_bridged(self) -> None:
        """The switch has joined it with another party."""
        if self.bridged is None:
            self.bridged = self.answered

    @property
    def hangs_up_now(self) -> bool:
        """Whether its time to hang up has come."""
        if self.hangs_up_at is None or self.bridged is None:
            return False
        return self.answered - self.bridged >= round(self.hangs_up_at * self.rate)

    @property
    def heard(self) -> Pcm:
        """All it heard since it answered."""
        return np.concatenate(self._heard) if self._heard else sound.silence(0)

    @property
    def heard_since_bridge(self) -> Pcm:
        """All it heard since it was first bridged."""
        return self.heard[self.bridged or 0 :]


def render(party: Party, path: Path) -> Path:
    """Writes what the party heard since the bridge as mono WAV and returns the path."""
    sound.write_wav(path, party.heard_since_bridge, party.rate)
    return path
