"""Rules as values: what a rule looks for, on whose side, which of its hits count, and the verdict it stands for.
Knows no pack file and no automaton. Pure."""

from dataclasses import dataclass

from eslbot.judge.conditions import Looked, Says
from eslbot.judge.text import Language
from eslbot.model.call import Role
from eslbot.model.judgement import Verdict


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must be said, by whom, and until when."""

    words: Looked
    within: float
    """Seconds from the bridge; with a trigger, from the end of its words. The trigger is what the rule looks for."""
    by: Role
    """Agent or customer."""


@dataclass(frozen=True, slots=True)
class Excuse:
    """Words that make a hit none when they were said before it."""

    words: Looked
    within: float | None
    """Seconds from their beginning to the hit's; None: anywhere before it in the call."""
    same_side: bool
    """True: only the words of the side whose hit it is."""


@dataclass(frozen=True, slots=True)
class Counting:
    """Which of a rule's hits count. Each side is counted by itself."""

    unless: Excuse | None = None
    first: float | None = None
    """Seconds from the bridge in which its words must begin."""
    last: float | None = None
    """Seconds before the end of the talk in which its words must begin; judged when it has ended."""
    times: int = 1
    """Every so-manyth hit of those within..."""
    within: float = 0.0
    """...so many seconds, from the beginning of the first to that of the last."""
    cooldown: float = 0.0
    """Seconds from the beginning of a hit that counted in which no other begins that does."""
    once: bool = False


PLAIN = Counting()
"""Every hit counts."""


@dataclass(frozen=True, slots=True)
class Acoustic:
    """What is heard beside words: exactly one of these is set."""

    silence: float | None = None
    """Seconds."""
    talk_over: float | None = None
    """Seconds."""
    rate_above: int | None = None
    """Units a minute, measured over..."""
    rate_over: float | None = None
    """...so many seconds."""


Talk = tuple[tuple[Role, str], ...]
"""Lines said one after the other: by whom, and what."""


@dataclass(frozen=True, slots=True)
class Example:
    """Talk that must hit a rule, or must not."""

    hits: bool
    talk: Talk
    line: int
    """Of the pack's file."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The pack that a rule was taken from by another."""

    pack: str
    version: str
    file: str
    """As it was named; the rule's lines are that file's."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack in force."""

    verdict: Verdict
    """What is told when it is violated; its `rule` is the rule's id."""
    language: Language
    says: Says
    kind: str
    """The key by which the pack says what is looked for: any, all, near, require..."""
    words: Looked | None = None
    """Forbidden words; or, where something is required after them, those that ask for it. None: required from the
    answer, or acoustic."""
    counting: Counting = PLAIN
    require: Requirement | None = None
    acoustic: Acoustic | None = None
    priority: int = 0
    """Of two rules whose words overlap the higher one acts."""
    examples: tuple[Example, ...] = ()
    line: int = 0
    """Of its id in the file it stands in."""
    origin: Origin | None = None
    """Where its pack took it from; None: it stands in the pack's own file."""

    @property
    def id(self) -> str:
        return self.verdict.rule
