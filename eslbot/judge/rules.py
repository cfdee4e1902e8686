"""Rules as values: what a rule looks for, on whose side, and the verdict it stands for.
Knows no pack file and no automaton. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from eslbot.judge.text import Language
from eslbot.model.call import Role
from eslbot.model.judgement import Verdict


class Says(StrEnum):
    """Whose words a rule is about."""

    AGENT = "agent"
    CUSTOMER = "customer"
    EITHER = "either"

    def covers(self, role: Role, roles_known: bool) -> bool:
        """Whether the rule judges this leg. Where roles are unknown nobody can be held to a role's rules."""
        if self is Says.EITHER:
            return role in (Role.AGENT, Role.CUSTOMER)
        return roles_known and role.value == self.value


Word = tuple[str, ...]
"""Phrases that do for one another, as the pack writes them."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the phrases. Each place is a hit; places that overlap are one."""

    words: tuple[Word]
    """A single word: the phrases."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of the words in one utterance, in any order. At most one hit an utterance."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """All of the words, in any order, within a span of so many units."""

    words: tuple[Word, ...]
    within: int
    """Units (Chinese characters, English words) from the first of the first word to the last of the last."""


Condition = AnyOf | AllOf | Near


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack in force."""

    verdict: Verdict
    """What is told when it is violated; its `rule` is the rule's id."""
    language: Language
    says: Says
    condition: Condition
    """The words it looks for: forbidden ones, or, with a deadline, required ones."""
    deadline: float | None = None
    """None: the words are a violation. Else seconds from the bridge by which they must have been said."""
    even_negated: bool = False
    """True: a hit counts although a negation or a quotation stands before it."""

    @property
    def id(self) -> str:
        return self.verdict.rule

    def phrases(self) -> Iterator[tuple[int, str]]:
        """(index of the word, phrase as the pack writes it)."""
        for index, word in enumerate(self.condition.words):
            for phrase in word:
                yield index, phrase
