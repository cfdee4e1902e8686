"""The rows, as typed values: one frozen dataclass a table, one field a column. Knows no SQL. Times are seconds since
the epoch; samples are counted on the call's clock. No field may ever hold a spoken word, or a number or a name of a
customer; an account's name and its desk phone are the staff's own."""

from dataclasses import dataclass

from eslbot.store.appeal_rows import AppealRow
from eslbot.store.recording_rows import HoldRow, RecordingRow, TombstoneRow


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
    CallRow | StayRow | RecordingRow | ViolationRow | ActRow | ClosingRow | AlertRow | AppealRow | FlagRow | HoldRow
    | TombstoneRow
)
"""Those a Book keeps; the audit's has a way of its own."""
