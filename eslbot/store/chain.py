"""The audit's chain: what a row says, how it is bound to the one before, and which row is the first bad one. Pure:
knows no table, no key and no clock.

A row's digest is the SHA-256 of its canonical encoding: a JSON array, ASCII only (everything else as \\uXXXX), without
spaces, of the text "eslbot-audit-1" and the row's fields in the order of FIELDS. So the digest covers the row's number
and the digest of the row before, and changing any row breaks it or its successor. Whoever can write the table can make
the whole chain anew from some row on: only a checkpoint kept elsewhere (record/checkpoint.py) shows that, and only such
a one shows that the last rows were cut off."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import uuid4

from eslbot.store.rows import AuditRow

DOMAIN = "eslbot-audit-1"
FIELDS = ("seq", "id", "at_us", "who", "what", "call", "subject", "reason", "node", "detail", "previous")
"""What the digest covers, in this order."""
START = "0" * 64
"""`previous` of the first row."""
WHAT = frozenset({
    "export", "key-use", "mute", "unmute", "hang-up", "shadow", "disarm", "packs", "publish", "erase", "hold",
    "release", "retention", "backup", "restore", "rehearse", "rotate", "sign-in", "sign-in-failed", "sign-out",
    "user-added", "user-changed", "user-removed", "token-made", "token-revoked", "refused", "play", "acknowledge",
    "listen", "whisper", "barge", "takeover", "follow", "leave", "correct", "mask", "unmask",
    "appeal-filed", "appeal-withdrawn", "appeal-decided",
})
"""What can be audited. A new kind is added here, so that a reader knows them all."""
SERVICE = "eslbot"
"""Who does what nobody asked for."""
LONGEST = {"id": 64, "who": 200, "call": 200, "node": 200, "subject": 1000, "reason": 1000, "detail": 1000}
"""Characters kept of each text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is to be audited. No field may hold a spoken word, a party's number or a name of one: whoever
    takes a reason from a person redacts it first."""

    what: str
    who: str
    call: str = ""
    subject: str = ""
    reason: str = ""
    node: str = ""
    detail: str = ""
    at_us: int | None = None
    """When it happened, microseconds since the epoch; None: when it is appended."""
    id: str = field(default_factory=lambda: uuid4().hex)

    def __post_init__(self) -> None:
        if self.what not in WHAT:
            raise ValueError(f"{self.what!r} is nothing that is audited; there are {', '.join(sorted(WHAT))}")


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong with a chain."""

    seq: int
    """Number of the first bad row."""
    kind: str
    """edited, missing, unlinked, rewritten or cut."""
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a walk along the chain found."""

    rows: int
    """Good ones, from the first on."""
    head: str
    """Digest of the last good one."""
    fault: Fault | None


def canonical(row: AuditRow) -> bytes:
    """What is hashed."""
    return json.dumps([DOMAIN, *(getattr(row, name) for name in FIELDS)], separators=(",", ":")).encode("ascii")


def digest(row: AuditRow) -> str:
    """SHA-256 of the row's canonical encoding, hexadecimal."""
    return hashlib.sha256(canonical(row)).hexdigest()


def linked(entry: Entry, last: AuditRow | None, now_us: int) -> AuditRow:
    """The row that follows `last` (None: the first one)."""
    texts = {name: _plain(str(getattr(entry, name)), length) for name, length in LONGEST.items()}
    row = AuditRow(
        seq=1 if last is None else last.seq + 1, at_us=now_us if entry.at_us is None else entry.at_us, what=entry.what,
        previous=START if last is None else last.digest, digest="", **texts,
    )
    return _sealed(row)


def walk(rows: Iterable[AuditRow], marks: Mapping[int, str] | None = None) -> Checked:
    """Go along the rows, in the order of their numbers, up to the first bad one.

    `marks`: digests by row number, from checkpoints that are known to be good; a chain that lacks one of those rows, or
    has another in its place, was cut or made anew."""
    marks = marks or {}
    last, good, marked = START, 0, 0
    for row in rows:
        fault = _fault(row, good + 1, last, marks, marked)
        if fault is not None:
            return Checked(good, last, fault)
        last, good = row.digest, row.seq
        marked = good if good in marks else marked
    beyond = max(marks, default=0)
    if beyond > good:
        text = f"row {good + 1} and what follows it are gone: a checkpoint saw row {beyond}"
        return Checked(good, last, Fault(good + 1, "cut", text))
    return Checked(good, last, None)


def _fault(row: AuditRow, expected: int, last: str, marks: Mapping[int, str], marked: int) -> Fault | None:
    if row.seq != expected:
        return Fault(expected, "missing", f"row {expected} is missing: row {row.seq} stands in its place")
    if digest(row) != row.digest:
        return Fault(row.seq, "edited", f"row {row.seq} is not what was written: its digest does not fit")
    if row.previous != last:
        text = f"row {row.seq} does not follow row {row.seq - 1}: one of them was put in or exchanged"
        return Fault(row.seq, "unlinked", text)
    if row.seq in marks and marks[row.seq] != row.digest:
        text = f"row {row.seq} is another than the checkpoint saw: the chain was made anew from a row after {marked} on"
        return Fault(row.seq, "rewritten", text)
    return None


def _sealed(row: AuditRow) -> AuditRow:
    return replace(row, digest=digest(row))


def _plain(text: str, length: int) -> str:
    """What every database keeps as it is: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")[:length]
