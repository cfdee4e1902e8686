"""The rows, as typed values: one frozen dataclass a table, one field a column. Knows no SQL. Times are seconds since
the epoch; samples are counted on the call's clock. No field may ever hold a spoken word, or a number or a name of a
customer; an account's name and its desk phone are the staff's own."""

from dataclasses import dataclass, field
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
    agent: str = ""
    """Account of the agent who was joined with the customer last; empty: nobody known. All of them: StayRow."""
    team: str = ""
    """That account's team at that time."""
    purpose: str = ""
    """What it was for: one of call.PURPOSES; empty where nobody said."""


@dataclass(frozen=True, slots=True)
class StayRow:
    """A stretch of a call in which one agent was joined with the customer: one each time somebody came. Key: call,
    ordinal."""

    call: str
    ordinal: int
    """CallState.faced while it lasted: they stand in the order in which they came."""
    leg: str
    """The channel on that side."""
    started: float
    agent: str = ""
    """Account; empty: nobody known."""
    team: str = ""
    """That account's team at that time."""
    ended: float | None = None
    """None while it goes on, and of calls before eslbot knew of stays."""
    first: int | None = None
    """The first sample that is theirs; None while it is not known."""
    end: int | None = None
    """The first that is no more; None as `ended`, or where nobody knows."""


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
    agent: str = ""
    """Account of the agent who was on the line when it was said (or was to be said); empty: nobody known."""
    team: str = ""
    """That account's team at that time."""


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
    escalated: float | None = None
    """When others were told that nobody has acknowledged it."""


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A switch that is thrown at run time and outlives a restart (shadow). Key: name."""

    name: str
    value: str
    at: float
    by: str = ""


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


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the audit's chain (chain.py says how rows are chained). Key: seq. Written by ledger.py alone."""

    seq: int
    """1, 2, 3 ... without a gap. The order; the time says nothing of it."""
    id: str
    """Of what happened, so that it is told once."""
    at_us: int
    """Microseconds since the epoch by the wall clock of whoever wrote it."""
    who: str
    """Unix user, or `account:` and the name of one."""
    what: str
    """chain.WHAT."""
    call: str
    subject: str
    """What it was done to, where that is no call alone: a digest, a pack with its version."""
    reason: str
    """As the person gave it."""
    node: str
    detail: str
    """What came of it."""
    previous: str
    """`digest` of the row before; zeros for the first."""
    digest: str
    """SHA-256 of all the rest, hexadecimal."""


Row = (
    CallRow | StayRow | RecordingRow | ViolationRow | ActRow | ClosingRow | AlertRow | FlagRow | HoldRow | TombstoneRow
)
"""Those a Book keeps; the audit's has a way of its own."""
