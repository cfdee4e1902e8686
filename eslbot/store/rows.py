"""The rows, as typed values: one frozen dataclass a table, one field a column. Knows no SQL. Times are seconds since
the epoch; samples are counted on the call's clock. No field may ever hold a spoken word, a party's number or a name."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call that was taken up. Key: call."""

    call: str
    switch: str
    started: float
    """When it was taken up."""
    roles_known: bool = False
    agent_leg: str = ""
    """Channel uuids; empty while unknown."""
    customer_leg: str = ""
    bridged: float | None = None
    ended: float | None = None
    outcome: str = ""
    """Empty while it goes on; else as in orders.BookCall."""


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
    """recording, complete, partial (samples are missing: see gaps) or incomplete (never closed)."""
    first: int = 0
    """Index, on the call's sample clock, of the file's first sample."""
    samples: int = 0
    """Samples of each channel that are durable; all of them once closed."""
    chunks: int = 0
    """Whole sealed chunks of the audio that are durable. A file that holds fewer has been cut."""
    words_chunks: int = 0
    gaps: tuple[dict[str, Any], ...] = ()
    """{first, end, reason} each; samples that are silence in the file because nobody has them."""
    sha256: str = ""
    """Of the audio's payload file (nonce and chunks, without the header), hexadecimal; empty until closed."""
    words_sha256: str = ""
    node: str = ""
    """Which machine's directory the path counts from."""

    @property
    def seconds(self) -> float:
        """Length of what is durable."""
        return round(self.samples / self.rate, 3) if self.rate else 0.0

    def listing(self) -> dict[str, Any]:
        """What `recordings list --json` shows of it."""
        return {
            "call": self.call, "part": self.part, "switch": self.switch, "started": self.started, "ended": self.ended,
            "seconds": self.seconds, "rate": self.rate, "channels": self.channels, "state": self.state,
            "gaps": [dict(gap) for gap in self.gaps], "sha256": self.sha256, "recipients": list(self.recipients),
        }


@dataclass(frozen=True, slots=True)
class ViolationRow:
    """A hit that counted. Key: hit."""

    hit: str
    """judgement.Hit.key."""
    call: str
    at: float
    rule: str
    title: str
    pack: str
    version: str
    severity: str
    confirm: str
    """How sure the words are by now."""
    role: str
    utterance: int
    ordinal: int
    start: int
    """First sample of the words."""
    end: int
    law_source: str = ""
    law_sure: str = ""
    retracted: float | None = None
    """When the final took the words back."""


@dataclass(frozen=True, slots=True)
class ActRow:
    """An act that was ordered, or was due and withheld. Key: id."""

    id: str
    """The order's."""
    call: str
    kind: str
    """remind, alert, mute, unmute, announce, hang_up, arm_closing ..."""
    at: float
    """When it was ordered."""
    outcome: str = ""
    """Empty until known; done, failed, unknown, or why it was withheld."""
    detail: str = ""
    """The switch's own words where it refused; what a reminder said that was played."""
    rule: str = ""
    hit: str = ""
    by: str = ""
    """Who asked for it, where a person did."""
    latency: float | None = None
    """Seconds from the deciding frame's end to the order."""
    reply: float | None = None
    """Seconds from the order to the switch's answer."""


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """How a call's closing announcement went. Key: call."""

    call: str
    outcome: str
    """played, partial, impossible, failed or unknown."""
    started: float | None = None
    stopped: float | None = None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """Something people were told of. Key: id."""

    id: str
    """The order's."""
    call: str
    at: float
    kind: str
    severity: str
    rule: str = ""
    hit: str = ""
    start: int = 0
    end: int = 0
    detail: str = ""
    delivery: str = "none"
    """Of the webhook: none (not set), pending, delivered or failed."""
    attempts: int = 0
    delivered: float | None = None
    acknowledged: float | None = None
    acknowledged_by: str = ""


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A switch that is thrown at run time and outlives a restart (shadow). Key: name."""

    name: str
    value: str
    at: float
    by: str = ""


Row = CallRow | RecordingRow | ViolationRow | ActRow | ClosingRow | AlertRow | FlagRow
