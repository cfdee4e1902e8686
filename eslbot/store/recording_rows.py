"""The rows of what is sealed, held and erased, as rows.py's are of calls. No row holds a spoken word or a number. Knows
no SQL and no key. Times are seconds since the epoch."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """A sealed recording. Key: call, part. A call has a second part only where the first could not be gone on with
    (the live keys were lost with the machine's memory, or the file was tampered with meanwhile)."""

    call: str
    switch: str
    started: float
    """When the writer was opened."""
    rate: int
    """Samples a second of each channel."""
    audio_header: bytes
    """age header of the audio: the only way to its key. Destroying it destroys the audio."""
    words_header: bytes
    path: str
    """Relative to the recordings' directory, with slashes, without the suffix `.audio` or `.words`."""
    recipients: tuple[str, ...] = ()
    """age1... each; who can open it."""
    part: int = 1
    channels: int = 2
    ended: float | None = None
    state: str = "recording"
    """recording, complete, partial (samples are missing: see gaps), incomplete (never closed) or erased (its keys were
    destroyed)."""
    first: int = 0
    """Index, on the call's sample clock, of the file's first sample."""
    samples: int = 0
    """Samples of each channel that are durable; all of them once closed."""
    chunks: int = 0
    """Whole sealed chunks of the audio that are durable. A file that holds fewer has been cut."""
    words_chunks: int = 0
    gaps: tuple[dict[str, Any], ...] = ()
    """{first, end, reason} each; samples that are silence in the file because nobody has them, or (reason `masked`)
    because they were left out on purpose."""
    sha256: str = ""
    """Of the audio's payload file (nonce and chunks, without the header), hexadecimal; empty until closed."""
    words_sha256: str = ""
    node: str = ""
    """Which machine's directory the path counts from."""
    letters: str = ""
    """Public key that letters about the call are sealed for (record/letters.py): whoever opens its words opens them.
    Empty: of a recording from before there were any."""

    @property
    def seconds(self) -> float:
        """Length of what is durable."""
        return round(self.samples / self.rate, 3) if self.rate else 0.0

    @property
    def lost(self) -> tuple[dict[str, Any], ...]:
        """The gaps that nobody wanted."""
        return tuple(gap for gap in self.gaps if gap["reason"] != "masked")

    def listing(self) -> dict[str, Any]:
        """What `recordings list --json` shows of it."""
        return {
            "call": self.call, "part": self.part, "switch": self.switch, "started": self.started, "ended": self.ended,
            "seconds": self.seconds, "rate": self.rate, "channels": self.channels, "state": self.state,
            "gaps": [dict(gap) for gap in self.lost], "sha256": self.sha256, "recipients": list(self.recipients),
            "masked": [{"first": gap["first"], "end": gap["end"]} for gap in self.gaps if gap["reason"] == "masked"],
        }


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A call that must be kept, whatever its period says. Key: call."""

    call: str
    at: float
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TombstoneRow:
    """A call whose recording was destroyed. Key: call. It stays for good: what a restored backup brings back is
    destroyed again because of it."""

    call: str
    at: float
    by: str
    reason: str = ""
    basis: str = ""
    """Why it had to be: `request`, or the period of retention and its legal source."""
    audit: int = 0
    """Number of the audit's row."""
    finished: float | None = None
    """When the last trace of it was gone; None: the keys are gone, and files are still to be removed."""
    receipt: dict[str, Any] = field(default_factory=dict)
    """What was destroyed, as it was given to whoever asked for it."""
