"""What may stand in a pack: the shape of its values.

Knows the pack format (docs/reference/packs.md). Does not know files and lines (findings), nor how words are matched.
Pure.
"""

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from eslbot.judge.text import LANGUAGES, Language, folder, units
from eslbot.model.call import Confirm, Severity
from eslbot.model.judgement import Act, Action

LONGEST_PHRASE = 40
"""Units."""
WIDEST = 100
"""Units of a `near`."""
_LONGEST_MUTE = 600.0
_LONGEST_WITHIN = 7200.0
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(ms|s|m)")
_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FORMS: dict[Act, tuple[bool, str]] = {
    Act.REMIND: (True, "prompt"),
    Act.ALERT: (True, ""),
    Act.MUTE: (False, "duration"),
    Act.ANNOUNCE: (False, "prompt"),
    Act.HANG_UP: (True, ""),
}
"""For each act: whether it may stand alone, and what it takes."""


def suggestion(word: str, known: Collection[str]) -> str:
    """The known word that was probably meant, or all there are."""
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f": did you mean {close[0]!r}?" if close else f": there are {', '.join(sorted(known))}"


def _wrong(text: str) -> PydanticCustomError:
    return PydanticCustomError("pack", "{text}", {"text": text})


def seconds(text: object) -> float:
    """Seconds of a duration as packs and configuration write it: 500ms, 3s, 2m. Raises ValueError."""
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"{text!r} is no duration: write 500ms, 3s or 2m")
    return float(found[1]) * _UNIT_SECONDS[found[2]]


def _seconds(text: object) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise _wrong(str(error)) from error


def _deadline(text: object) -> float:
    value = _seconds(text)
    if not 0 < value <= _LONGEST_WITHIN:
        raise _wrong(f"{text} is out of range: more than 0s, at most {_LONGEST_WITHIN / 60:.0f}m")
    return value


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise _wrong(f"{text!r} is no name: letters, digits, '.', '_' and '-', at most 64, beginning with no sign")
    return text


def _phrase(text: str) -> str:
    size = min(units(folder(language).fold(text)) for language in LANGUAGES)
    if size == 0:
        raise _wrong(f"the phrase {text!r} has no letter, digit or character to be heard")
    if size > LONGEST_PHRASE:
        raise _wrong(f"the phrase is longer than {LONGEST_PHRASE} characters or words: {text!r}")
    return text


def _word(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _action(value: object, info: ValidationInfo) -> Action:
    if isinstance(value, dict) and len(value) == 1:
        ((name, argument),) = value.items()
    elif isinstance(value, str):
        name, argument = value, None
    else:
        raise _wrong(f"{value!r} is no action: write alert, or a single one like {{mute: 3s}}")
    if name not in list(Act):
        raise _wrong(f"unknown action {name!r}{suggestion(str(name), [act.value for act in Act])}")
    act = Act(name)
    alone, takes = _FORMS[act]
    if argument is None:
        if not alone or isinstance(value, dict):
            example = {"prompt": "NAME", "duration": "3s"}.get(takes)
            raise _wrong(f"write {{{name}: {example}}}" if example else f"write plain {name}")
        return Action(act)
    if takes == "duration":
        duration = _seconds(argument)
        if not 0 < duration <= _LONGEST_MUTE:
            raise _wrong(f"{argument} is out of range: a mute lasts more than 0s and at most {_LONGEST_MUTE / 60:.0f}m")
        return Action(act, seconds=duration)
    if takes != "prompt":
        raise _wrong(f"{name} takes nothing: write plain {name}")
    if not isinstance(argument, str) or not _NAME.fullmatch(argument):
        raise _wrong(f"{argument!r} is no prompt's name")
    known: Collection[str] | None = (info.context or {}).get("prompts")
    if known is not None and argument not in known:
        raise _wrong(f"there is no prompt {argument!r}{suggestion(argument, known)}")
    return Action(act, prompt=argument)


Name = Annotated[str, AfterValidator(_name)]
Phrase = Annotated[str, AfterValidator(_phrase)]
Phrases = Annotated[list[Phrase], Field(min_length=1)]
Word = Annotated[Phrases, BeforeValidator(_word)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NearModel(_Strict):
    words: Annotated[list[Word], Field(min_length=2, max_length=8)]
    within: Annotated[int, Field(ge=2, le=WIDEST)]

    @model_validator(mode="after")
    def _fits(self) -> "NearModel":
        fold = {language: folder(language).fold for language in LANGUAGES}
        least = min(sum(min(units(f(phrase)) for phrase in word) for word in self.words) for f in fold.values())
        if least > self.within:
            raise _wrong(f"the words alone take {least}, more than within: {self.within}")
        return self


class RequireModel(_Strict):
    any: Phrases | None = None
    all: list[Word] | None = Field(default=None, min_length=2, max_length=8)
    near: NearModel | None = None
    within: Annotated[float, PlainValidator(_deadline)]


class LawModel(_Strict):
    source: Annotated[str, Field(min_length=1)]
    sure: Literal["P", "S", "M"]


class RuleModel(_Strict):
    id: Name
    title: str = ""
    says: Literal["agent", "customer", "either"]
    any: Phrases | None = None
    all: list[Word] | None = Field(default=None, min_length=2, max_length=8)
    near: NearModel | None = None
    require: RequireModel | None = None
    severity: Literal["notice", "warning", "severe"]
    confirm: Literal["partial", "agreed", "final"] = "partial"
    even_negated: bool = False
    actions: list[Annotated[Action, PlainValidator(_action)]] = []
    law: LawModel | None = None


class PackModel(_Strict):
    pack: Name
    version: Annotated[str, Field(min_length=1, max_length=64)]
    language: Language
    title: str = ""
    notice: str = ""
    rules: Annotated[list[RuleModel], Field(min_length=1)]


SEVERITIES = {severity.label: severity for severity in Severity}
CONFIRMS = {confirm.label: confirm for confirm in Confirm}
