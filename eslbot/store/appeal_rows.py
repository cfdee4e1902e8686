"""The row of an appeal, as rows.py's are of calls: who contests which violation, until when it is to be answered, and
how it ended. What people wrote is sealed with the call (record/letters.py). Knows no SQL. Times are seconds since the
epoch."""

import hashlib
from dataclasses import dataclass

OPEN, WITHDRAWN, UPHELD, REJECTED = "open", "withdrawn", "upheld", "rejected"
"""States: how they follow each other says improve/appeals."""


@dataclass(frozen=True, slots=True)
class AppealRow:
    """Somebody contests a violation: once. Key: id."""

    id: str
    """name_of the violation's hit."""
    hit: str
    call: str
    part: int
    """Of the recording with which the texts are sealed."""
    at: float
    """When it was filed."""
    agent: str
    """Account of who filed it, whose violation it is."""
    team: str
    """Whose violation it was, as the violation's row says."""
    due: float
    """Until when it is to be answered."""
    state: str = OPEN
    reason: str = ""
    """The agent's words: an age file in its armour, sealed for whoever opens the words of the call."""
    closed: float | None = None
    """When it was withdrawn or decided."""
    closed_by: str = ""
    """Who did: as the audit names them."""
    answer: str = ""
    """The decision's words, sealed like the reason."""


def name_of(hit: str) -> str:
    """A violation's name in addresses and on the command line: 16 hexadecimal digits."""
    return hashlib.sha256(hit.encode()).hexdigest()[:16]
