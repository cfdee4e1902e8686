"""What judging finds: hits that count, disclosures, and what they ask for.
Knows no text, no automaton, no pack file."""

from dataclasses import dataclass
from enum import StrEnum

from eslbot.model.call import CallId, Confirm, Role, Severity


class Act(StrEnum):
    """The verbs a rule may ask for."""

    REMIND = "remind"
    ALERT = "alert"
    MUTE = "mute"
    ANNOUNCE = "announce"
    HANG_UP = "hang_up"
    SUPERVISOR = "supervisor"
    """Have a supervisor come into the call."""
    MASK = "mask"
    """Keep nothing of what is said from here on, in the recording and in words."""


FLOOR: dict[Act, Confirm] = {
    Act.REMIND: Confirm.PARTIAL,
    Act.ALERT: Confirm.AGREED,
    Act.MUTE: Confirm.AGREED,
    Act.ANNOUNCE: Confirm.AGREED,
    Act.HANG_UP: Confirm.FINAL,
    Act.SUPERVISOR: Confirm.AGREED,
    Act.MASK: Confirm.AGREED,
}
"""The earliest confirmation at which each act may touch a call, whatever its rule asks."""


@dataclass(frozen=True, slots=True)
class Action:
    """One deed that a rule asks for."""

    act: Act
    seconds: float | None = None
    """For how long (mute, mask at most); None elsewhere."""
    prompt: str | None = None
    """A prompt's name (remind, announce); None: the generic one."""
    until: str | None = None
    """The rule whose words end it (mask)."""


@dataclass(frozen=True, slots=True)
class Law:
    """The source behind a rule and how sure we are of it."""

    source: str
    sure: str
    """P primary text read, S secondary source, M from memory."""
    note: str = ""
    """What people should know of it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands behind a violation and can be shown to anyone: the rule, its pack, its law, and what it asks for."""

    rule: str
    """Rule id, unique within the packs in force."""
    title: str
    pack: str
    version: str
    severity: Severity
    confirm: Confirm
    """What the rule asks for before it acts."""
    actions: tuple[Action, ...]
    laws: tuple[Law, ...] = ()
    """What stands behind it; none where the rule is policy."""


MISSED = -1
"""The utterance of what was not said."""
HEARD = -2
"""The utterance of what is no words: silence, talk-over, speech rate."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Identity of one hit: however often a partial is rewritten, and however sure it becomes, this stays the same."""

    call: CallId
    role: Role
    utterance: int
    """MISSED for a disclosure that was missed, HEARD for what is no words: they belong to no utterance."""
    rule: str
    ordinal: int
    """The how-manyth hit of this rule in this utterance, from 0. Of a missed disclosure 0 where it was due from the
    answer, else a number of what asked for it; of what is no words its first sample."""

    @property
    def key(self) -> str:
        """One string, stable over restarts; usable as an id in tables and order ids."""
        return f"{self.call}/{self.role}/{self.utterance}/{self.rule}/{self.ordinal}"


def was_missed(key: str) -> bool:
    """Whether a hit's key is of something that was not said."""
    return key.split("/")[2:3] == [str(MISSED)]


def disclosure_key(rule: str, ordinal: int) -> str:
    """One string for a disclosure of a call: the rule's id, and for what a trigger asked for its ordinal too."""
    return f"{rule}#{ordinal}" if ordinal else rule


class Disclosure(StrEnum):
    """How a required disclosure stands."""

    PENDING = "pending"
    SAID = "said"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """Someone was not heard."""
    VOID = "void"
    """What asked for it was taken back."""
