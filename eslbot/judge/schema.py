"""What may stand in a pack: which keys, with values of which kind.

Knows the pack format (docs/reference/packs.md). Does not know how single values are written (values), what keys mean
beside each other (relations), files and lines (findings), nor how words are matched. Pure.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from eslbot.judge.text import LANGUAGES, Language, folder, units
from eslbot.judge.values import (
    ActionItem,
    Day,
    Duration,
    Listed,
    Name,
    PatternText,
    Phrases,
    Spoken,
    Text,
    Version,
    Width,
    Word,
    wrong,
)
from eslbot.model.call import Confirm, Severity

SINGLE_KINDS = ("any", "all", "some", "near", "sequence", "regex")
"""What words can be looked for by: exactly one of these in each part of an `either`."""
WORD_KINDS = (*SINGLE_KINDS, "either")
"""Exactly one of these where words are looked for."""
RULE_KINDS = (*WORD_KINDS, "require", "acoustic")
"""A rule has exactly one of these."""

Side = Literal["agent", "customer"]
Sides = Literal["agent", "customer", "either"]


def exactly_one(keys: tuple[str, ...]) -> ConfigDict:
    """Of these keys an object has exactly one (told to editors; findings sees to it)."""
    def say(schema: dict[str, Any]) -> None:
        schema["oneOf"] = [{"required": [key]} for key in keys]

    return ConfigDict(extra="forbid", frozen=True, json_schema_extra=say)


class Strict(BaseModel):
    """A mapping that holds the keys it knows, and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NearModel(Strict):
    words: Annotated[list[Word], Field(
        min_length=2, max_length=8, description="Each a phrase, or a list of phrases that do for one another.")]
    within: Annotated[Width, Field(
        description="Characters or words of the whole span; or a duration from the first to the last.")]

    @model_validator(mode="after")
    def _fits(self) -> "NearModel":
        fold = {language: folder(language).fold for language in LANGUAGES}
        least = min(sum(min(units(f(phrase)) for phrase in word) for word in self.words) for f in fold.values())
        if isinstance(self.within, int) and least > self.within:
            raise wrong(f"the words alone take {least}, more than within: {self.within}")
        return self


class SomeModel(Strict):
    words: Annotated[list[Word], Field(min_length=2, max_length=16)]
    at_least: Annotated[int, Field(ge=1, description="How many of the words.")]

    @model_validator(mode="after")
    def _enough(self) -> "SomeModel":
        if self.at_least > len(self.words):
            raise wrong(f"there are {len(self.words)} words, fewer than at_least: {self.at_least}")
        return self


class RegexModel(Strict):
    pattern: Annotated[PatternText, Field(description="RE2 syntax, on the folded text of one utterance.")]
    not_: Annotated[PatternText | None, Field(
        alias="not", description="A place that overlaps one which this pattern finds is no hit.")] = None


class SingleModel(Strict):
    """Words to look for, in one way."""

    any: Annotated[Phrases | None, Field(description="One of the phrases.")] = None
    all: Annotated[list[Word] | None, Field(
        min_length=2, max_length=8, description="All of them in one utterance, in any order.")] = None
    some: Annotated[SomeModel | None, Field(description="So many of them in one utterance, in any order.")] = None
    near: Annotated[NearModel | None, Field(description="All of them close together, in any order.")] = None
    sequence: Annotated[NearModel | None, Field(description="All of them close together, in this order.")] = None
    regex: Annotated[RegexModel | None, Field(description="A regular expression, in linear time.")] = None


class PartModel(SingleModel):
    """One of several ways to say a thing."""

    model_config = exactly_one(SINGLE_KINDS)


class WordsModel(SingleModel):
    """Words to look for."""

    either: Annotated[list[PartModel] | None, Field(
        min_length=2, max_length=40, description="Whichever of these is met.")] = None


class AfterModel(WordsModel):
    """What asks for a requirement."""

    model_config = exactly_one(WORD_KINDS)
    says: Annotated[Sides | None, Field(description="Whose words; those of the rule's `says` if absent.")] = None


class RequireModel(WordsModel):
    """What must be said."""

    model_config = exactly_one(WORD_KINDS)
    after: Annotated[AfterModel | None, Field(
        description="Required once this was said; if absent, from the answer.")] = None
    within: Annotated[Duration, Field(description="From the bridge, or from the words of `after`.")]
    by: Annotated[Side | None, Field(
        description="Who must say it; the rule's `says` if absent. Only with `after`.")] = None


class UnlessModel(WordsModel):
    """Words that excuse a hit when they were said before it."""

    model_config = exactly_one(WORD_KINDS)
    within: Annotated[Duration | None, Field(description="At most so long before; anywhere before if absent.")] = None
    says: Annotated[Sides | None, Field(description="Whose words; the same side's if absent.")] = None


class DuringModel(Strict):
    model_config = exactly_one(("first", "last"))
    first: Annotated[Duration | None, Field(description="Words that begin so soon after the bridge.")] = None
    last: Annotated[Duration | None, Field(
        description="Words that begin so shortly before the talk ends; judged then.")] = None


class RepeatedModel(Strict):
    times: Annotated[int, Field(ge=2, le=100)]
    within: Duration


class RateModel(Strict):
    above: Annotated[int, Field(ge=1, le=5000, description="Characters or words a minute.")]
    over: Annotated[Duration, Field(description="Measured over so long.")]


class AcousticModel(Strict):
    """What is heard beside words."""

    model_config = exactly_one(("silence", "talk_over", "rate"))
    silence: Annotated[Duration | None, Field(description="Nothing said for so long.")] = None
    talk_over: Annotated[Duration | None, Field(description="Both sides speak at once for so long.")] = None
    rate: Annotated[RateModel | None, Field(description="Speech faster than this.")] = None


class LineModel(Strict):
    """A line of an example, with its speaker."""

    says: Annotated[Side | None, Field(description="The side of the rule's words if absent.")] = None
    text: Spoken


def _lines(value: object) -> object:
    lines = value if isinstance(value, list) else [value]
    return [{"text": line} if isinstance(line, str) else line for line in lines]


Talk = Annotated[list[LineModel], BeforeValidator(_lines), Field(min_length=1, max_length=40)]
"""A line, or several that are said one after the other."""


class ExamplesModel(Strict):
    """Lines that must hit, and lines that must not: `eslbot rules check` runs them."""

    hit: Annotated[list[Talk], Field(description="Each one hits this rule.")] = []
    miss: Annotated[list[Talk], Field(description="None of them hits this rule.")] = []


class LawModel(Strict):
    source: Annotated[str, Field(min_length=1, max_length=400)]
    sure: Annotated[Literal["P", "S", "M"], Field(
        description="P the primary text was read, S a secondary source was read, M from memory.")]
    note: Text = ""


class RuleModel(WordsModel):
    """One rule."""

    model_config = exactly_one(RULE_KINDS)
    id: Annotated[Name, Field(description="Stands in metrics, alerts and reports: do not change it lightly.")]
    title: Annotated[Text, Field(description="For people; the id where there is none.")] = ""
    says: Annotated[Sides, Field(description="Whose words. `either` also judges calls whose roles are unknown.")]
    require: Annotated[RequireModel | None, Field(description="What must be said.")] = None
    acoustic: Annotated[AcousticModel | None, Field(description="What is heard beside words.")] = None
    none: Annotated[Phrases | None, Field(description="No hit where one of these stands in the same utterance.")] = None
    unless: Annotated[UnlessModel | None, Field(description="No hit where this was said before.")] = None
    during: Annotated[DuringModel | None, Field(description="Only at the beginning, or at the end.")] = None
    repeated: Annotated[RepeatedModel | None, Field(description="Only the so-manyth time within so long.")] = None
    cooldown: Annotated[Duration | None, Field(description="No second hit so soon after one that counted.")] = None
    once: Annotated[bool, Field(description="At most one hit a call and side, and agent.")] = False
    priority: Annotated[int, Field(
        ge=-1000, le=1000, description="Where words of two rules overlap, the higher one acts.")] = 0
    homophones: Annotated[bool | None, Field(description="Chinese: whether what sounds alike hits too.")] = None
    even_negated: Annotated[bool, Field(description="A hit counts although it is negated or quoted.")] = False
    severity: Literal["notice", "warning", "severe"]
    confirm: Annotated[Literal["partial", "agreed", "final"], Field(
        description="How sure the words must be before the rule acts.")] = "partial"
    actions: Annotated[list[ActionItem], Field(description="What is done, in order.")] = []
    law: Annotated[list[LawModel], Listed, Field(description="What stands behind the rule: one, or a list.")] = []
    examples: ExamplesModel = ExamplesModel()


class IncludeModel(Strict):
    """Rules of another pack."""

    pack: Annotated[Text, Field(min_length=1, description="A shipped name, or a path that counts from this file.")]
    version: Annotated[Version, Field(description="The version it was written against: another is refused.")]
    rules: Annotated[list[Name] | None, Field(min_length=1, description="Ids of those to take; all if absent.")] = None


class PackModel(Strict):
    """A pack of rules for eslbot."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={
        "anyOf": [{"required": ["rules"]}, {"required": ["include"]}]})

    pack: Annotated[Name, Field(description="The pack's name.")]
    version: Version
    language: Language
    title: Text = ""
    notice: Annotated[Text, Field(description="Shown with the pack.")] = ""
    effective: Annotated[Day | None, Field(description="In force from this day on.")] = None
    review: Annotated[Day | None, Field(description="To be looked at again by this day.")] = None
    homophones: Annotated[bool, Field(description="Chinese: default of the rules' `homophones`.")] = True
    include: Annotated[list[IncludeModel], Field(
        max_length=16, description="Packs whose rules this one takes; its own of the same ids stand instead.")] = []
    rules: Annotated[list[RuleModel], Field(description="At least one, unless rules are taken.")] = []


SEVERITIES = {severity.label: severity for severity in Severity}
CONFIRMS = {confirm.label: confirm for confirm in Confirm}
