"""Packs put together: which of their rules are in force on a day, compiled, and where in the programs each looks.

Knows packs as values; no file. The day is an argument. Pure.

A pack that stands later may replace rules of an earlier one by giving a rule the same id. Of several packs of one name,
with different `effective` days, the one that became effective last is in force.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType

from eslbot.judge.conditions import Looked, Sought
from eslbot.judge.program import Program
from eslbot.judge.rules import Rule
from eslbot.judge.text import LANGUAGES, Language
from eslbot.model.call import Role
from eslbot.model.judgement import Verdict


@dataclass(frozen=True, slots=True)
class Pack:
    """One file of rules."""

    name: str
    version: str
    language: Language
    title: str
    notice: str
    file: str
    """As it was named."""
    rules: tuple[Rule, ...]
    effective: date | None = None
    """In force from this day on; None: always."""
    review: date | None = None
    """To be looked at again by this day."""


class Slot(Enum):
    """What words mean to the rule that looks for them."""

    WORDS = "words"
    EXCUSE = "excuse"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Use:
    """Which rule a sought thing belongs to, and as what."""

    rule: Rule
    slot: Slot
    part: int
    """Its index among the parts of what is looked for."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The rules of one language."""

    program: Program
    uses: tuple[Use, ...]
    """Of each thing the program seeks."""

    def wanted(self, role: Role, roles_known: bool) -> tuple[int, ...]:
        """What is sought on a leg: indices of the program's things."""
        return tuple(
            index for index, each in enumerate(self.program.sought) if each.says.covers(role, roles_known)
        )


@dataclass(frozen=True, slots=True)
class Packs:
    """The rules in force, compiled. Immutable: every call may share it."""

    packs: tuple[Pack, ...]
    """Whose rules are in force, in their order."""
    rules: tuple[Rule, ...]
    compiled: tuple[Compiled, ...]
    """One a language that looks for words."""
    verdicts: Mapping[str, Verdict]
    """Rule id -> what stands behind it."""
    replaced: tuple[tuple[str, str, str], ...]
    """(rule id, pack it was in, pack whose rule is in force instead)."""
    loaded: tuple[Pack, ...]
    """All that were loaded: also those that are not in force yet, or no longer."""

    def on(self, day: date) -> "Packs":
        """The same packs as they are in force on a day (of the calendar that the call's customer lives by)."""
        return self if _in_force(self.loaded, day) == self.packs else put_together(self.loaded, day)

    def pack_of(self, rule: Rule) -> Pack:
        """The pack in force that a rule stands in."""
        return next(pack for pack in self.packs if pack.name == rule.verdict.pack)

    def next_change(self, day: date) -> date | None:
        """The next day after this one on which a loaded pack becomes effective."""
        return min((pack.effective for pack in self.loaded if pack.effective and pack.effective > day), default=None)

    def review_due(self, day: date) -> tuple[Pack, ...]:
        """The packs in force that should have been looked at again by this day."""
        return tuple(pack for pack in self.packs if pack.review is not None and pack.review <= day)


def put_together(packs: Iterable[Pack], day: date | None = None) -> Packs:
    """The packs in force on a day; None: on a day on which all of them are effective."""
    loaded = tuple(packs)
    there = _in_force(loaded, day or date.max)
    in_force: dict[str, Rule] = {}
    replaced: list[tuple[str, str, str]] = []
    for pack in there:
        for rule in pack.rules:
            if rule.id in in_force:
                replaced.append((rule.id, in_force[rule.id].verdict.pack, pack.name))
            in_force[rule.id] = rule
    rules = tuple(in_force.values())
    by_language = {each: [rule for rule in rules if rule.language == each] for each in LANGUAGES}
    return Packs(
        there,
        tuple(rule for of_language in by_language.values() for rule in of_language),
        tuple(each for language, of_language in by_language.items() for each in _compile(language, of_language)),
        MappingProxyType({rule.id: rule.verdict for rule in rules}),
        tuple(replaced),
        loaded,
    )


def _in_force(packs: Sequence[Pack], day: date) -> tuple[Pack, ...]:
    latest: dict[str, Pack] = {}
    for pack in packs:
        since = pack.effective or date.min
        before = latest.get(pack.name)
        if since <= day and (before is None or since > (before.effective or date.min)):
            latest[pack.name] = pack
    return tuple(pack for pack in packs if latest.get(pack.name) is pack)


def _compile(language: Language, rules: Iterable[Rule]) -> Iterable[Compiled]:
    sought: list[Sought] = []
    uses: list[Use] = []
    for rule in rules:
        for slot, looked in _slots(rule):
            for part, each in enumerate(looked.parts):
                sought.append(each)
                uses.append(Use(rule, slot, part))
    if sought:
        yield Compiled(Program(language, tuple(sought)), tuple(uses))


def _slots(rule: Rule) -> Iterable[tuple[Slot, Looked]]:
    if rule.words is not None:
        yield Slot.WORDS, rule.words
    if rule.counting.unless is not None:
        yield Slot.EXCUSE, rule.counting.unless.words
    if rule.require is not None:
        yield Slot.REQUIRED, rule.require.words
