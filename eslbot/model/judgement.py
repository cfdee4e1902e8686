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


@dataclass(frozen=True, slots=True)
class Action:
    """One deed that a rule asks for."""

    act: Act
    seconds: float | None = None
    """For how long (mute); None elsewhere."""
    prompt: str | None = None
    """A prompt's name (remind, announce); None: the generic one."""


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


@dataclass(frozen=True, slots=True)
class Hit:
    """Identity of one hit: however often a partial is rewritten, and however sure it becomes, this stays the same."""

    call: CallId
    role: Role
    utterance: int
    """-1 for a disclosure that was missed: it belongs to no utterance."""
    rule: str
    ordinal: int
    """The how-manyth hit of this rule in this utterance, from 0."""

    @property
    def key(self) -> str:
        """One string, stable over restarts; usable as an id in tables and order ids."""
        return f"{self.call}/{self.role}/{self.utterance}/{self.rule}/{self.ordinal}"


class Disclosure(StrEnum):
    """How a required disclosure stands."""

    PENDING = "pending"
    SAID = "said"
    MISSING = "missing"
    UNKNOWN = "unknown"
