"""What words are looked for, as values: the kinds of conditions, and one side's words that meet one.

Knows phrases and units; no rule's verdict, no time, no automaton. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from eslbot.judge.patterns import Pattern
from eslbot.judge.text import Language
from eslbot.model.call import Role


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
class SomeOf:
    """So many of the words in one utterance, in any order. At most one hit an utterance."""

    words: tuple[Word, ...]
    at_least: int
    """All of them, where it is their number."""


@dataclass(frozen=True, slots=True)
class Near:
    """All of the words, in any order, within a span of so many units."""

    words: tuple[Word, ...]
    within: int
    """Units (Chinese characters, English words) from the first of the first word to the last of the last."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """All of the words, each behind the one before it, within a span of so many units."""

    words: tuple[Word, ...]
    within: int


@dataclass(frozen=True, slots=True)
class Matching:
    """What a pattern finds in one utterance, but where it overlaps what `but_not` finds."""

    pattern: Pattern
    but_not: Pattern | None = None
    words: tuple[Word, ...] = ()
    """None: no phrase."""


Single = AnyOf | SomeOf | Near | Sequence | Matching


@dataclass(frozen=True, slots=True)
class Either:
    """Whichever of these is met: different ways to say one thing. Hits of theirs that overlap are one."""

    parts: tuple[Single, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all parts, one part's behind the other's."""
        return tuple(word for part in self.parts for word in part.words)


Condition = Single | Either


def singles(condition: Condition) -> tuple[Single, ...]:
    """The conditions it is made of; itself, where it is a single one."""
    return condition.parts if isinstance(condition, Either) else (condition,)


@dataclass(frozen=True, slots=True)
class Sought:
    """The smallest thing that is looked for: a condition on the text of one leg."""

    condition: Condition
    language: Language
    says: Says
    """On which leg."""
    none: Word = ()
    """Where one of these stands in the same utterance, nothing is found in it."""
    even_negated: bool = False
    """True: it counts although a negation or a quotation turns it."""
    homophones: bool = False
    """True: what sounds alike counts."""

    def phrases(self) -> Iterator[tuple[int, str]]:
        """(index of the word, phrase as the pack writes it); the words of `none` have the index -1."""
        for phrase in self.none:
            yield -1, phrase
        for index, word in enumerate(self.condition.words):
            for phrase in word:
                yield index, phrase


@dataclass(frozen=True, slots=True)
class Looked:
    """Words that are looked for on the time axis: one sought thing, or several that must come close in time."""

    parts: tuple[Sought, ...]
    """One; or one a word, where they must come within seconds."""
    seconds: float = 0.0
    """From the beginning of the first to that of the last; 0 where there is one part."""
    ordered: bool = False
    """Each must begin after the one before it."""
