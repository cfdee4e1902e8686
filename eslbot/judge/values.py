"""Single values of a pack: durations, dates, names, phrases, patterns, actions; each refused in plain words.

Knows how a value is written. Does not know where it stands (schema) nor what it leads to. Pure.
"""

import re
from collections.abc import Collection
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from eslbot.judge.patterns import PatternError, pattern
from eslbot.judge.text import LANGUAGES, folder, units
from eslbot.model.judgement import Act, Action

LONGEST_PHRASE = 40
"""Units."""
WIDEST = 100
"""Units of a `near` or a `sequence`."""
LONGEST_TEXT = 2000
"""Characters of what people read: titles, notes, examples."""
_LONGEST: dict[Act, float] = {Act.MUTE: 600.0, Act.MASK: 3600.0}
_LONGEST_WITHIN = 7200.0
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(ms|s|m)")
_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FORMS: dict[Act, tuple[bool, str]] = {
    Act.REMIND: (True, "prompt"),
    Act.ALERT: (True, ""),
    Act.MUTE: (False, "duration"),
    Act.ANNOUNCE: (False, "prompt"),
    Act.HANG_UP: (True, ""),
    Act.SUPERVISOR: (True, ""),
    Act.MASK: (False, "end"),
}
"""For each act: whether it may stand alone, and what it takes."""


def suggestion(word: str, known: Collection[str]) -> str:
    """The known word that was probably meant, or all there are."""
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f": did you mean {close[0]!r}?" if close else f": there are {', '.join(sorted(known))}"


def wrong(text: str) -> PydanticCustomError:
    """An error whose text is ours."""
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
        raise wrong(str(error)) from error


def _duration(text: object) -> float:
    value = _seconds(text)
    if not 0 < value <= _LONGEST_WITHIN:
        raise wrong(f"{text} is out of range: more than 0s, at most {_LONGEST_WITHIN / 60:.0f}m")
    return value


def _width(value: object) -> int | float:
    """Units, a whole number; or seconds, a duration."""
    if isinstance(value, str) and value.isdecimal():
        if not 2 <= int(value) <= WIDEST:
            raise wrong(f"{value} is out of range: 2 to {WIDEST} characters or words, or a duration like 8s")
        return int(value)
    if isinstance(value, str) and _DURATION.fullmatch(value):
        return _duration(value)
    raise wrong(f"{value!r} is neither a whole number of characters or words nor a duration like 8s")


def _day(text: object) -> date:
    try:
        if isinstance(text, str) and _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise wrong(f"{text!r} is no date: write 2026-12-31")


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise wrong(f"{text!r} is no name: letters, digits, '.', '_' and '-', at most 64, beginning with no sign")
    return text


def _phrase(text: str) -> str:
    size = min(units(folder(language).fold(text)) for language in LANGUAGES)
    if size == 0:
        raise wrong(f"the phrase {text!r} has no letter, digit or character to be heard")
    if size > LONGEST_PHRASE:
        raise wrong(f"the phrase is longer than {LONGEST_PHRASE} characters or words: {text!r}")
    return text


def _pattern(text: str) -> str:
    try:
        pattern(text)
    except PatternError as error:
        raise wrong(str(error)) from error
    return text


def _listed(value: object) -> object:
    """What may be written alone or as a list."""
    return value if isinstance(value, list) or value is None else [value]


def _action(value: object, info: ValidationInfo) -> Action:
    if isinstance(value, dict) and len(value) == 1:
        ((name, argument),) = value.items()
    elif isinstance(value, str):
        name, argument = value, None
    else:
        raise wrong(f"{value!r} is no action: write alert, or a single one like {{mute: 3s}}")
    if name not in list(Act):
        raise wrong(f"unknown action {name!r}{suggestion(str(name), [act.value for act in Act])}")
    act = Act(name)
    alone, takes = _FORMS[act]
    if argument is None:
        if not alone or isinstance(value, dict):
            example = {"prompt": "NAME", "duration": "3s", "end": "60s"}.get(takes)
            raise wrong(f"write {{{name}: {example}}}" if example else f"write plain {name}")
        return Action(act)
    if takes == "duration" or (takes == "end" and not isinstance(argument, dict)):
        return Action(act, seconds=_lasting(act, argument))
    if takes == "end":
        return _ended(act, argument)
    if takes != "prompt":
        raise wrong(f"{name} takes nothing: write plain {name}")
    if not isinstance(argument, str) or not _NAME.fullmatch(argument):
        raise wrong(f"{argument!r} is no prompt's name")
    known: Collection[str] | None = (info.context or {}).get("prompts")
    if known is not None and argument not in known:
        raise wrong(f"there is no prompt {argument!r}{suggestion(argument, known)}")
    return Action(act, prompt=argument)


def _lasting(act: Act, argument: object) -> float:
    duration, longest = _seconds(argument), _LONGEST[act]
    if not 0 < duration <= longest:
        raise wrong(f"{argument} is out of range: a {act.value} lasts more than 0s and at most {longest / 60:.0f}m")
    return duration


def _ended(act: Act, argument: dict[str, object]) -> Action:
    """What words of another rule end, and at the latest a time."""
    unknown = sorted(set(argument) - {"for", "until"})
    if unknown:
        raise wrong(f"{act.value}: unknown key {unknown[0]!r}{suggestion(unknown[0], ('for', 'until'))}")
    until = argument.get("until")
    if not isinstance(until, str) or not _NAME.fullmatch(until):
        raise wrong(f"{act.value}: until needs the id of a rule, whose words end it")
    return Action(act, seconds=_lasting(act, argument["for"]) if "for" in argument else None, until=until)


# --- as fields, with what an editor is told of them ------------------------------------------------------------------
_TEXTUAL = ["string", "number"]
"""YAML editors take the phrase 110 for a number; we read the text that was written."""


def _as_json(schema: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema(schema, mode="validation")


_DURATION_JSON: dict[str, Any] = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?(ms|s|m)$"}
_TAKES_JSON: dict[str, Any] = {
    "duration": _DURATION_JSON, "prompt": {"type": "string"}, "end": {"anyOf": [
        _DURATION_JSON, {"type": "object", "properties": {"for": _DURATION_JSON, "until": {"type": "string"}},
                         "required": ["until"], "additionalProperties": False}]},
}  # fmt: skip
_ACTION_JSON: dict[str, Any] = {"anyOf": [
    {"enum": [act.value for act, (alone, _) in _FORMS.items() if alone]},
    *({"type": "object", "properties": {act.value: _TAKES_JSON[takes]}, "required": [act.value],
       "additionalProperties": False} for act, (_, takes) in _FORMS.items() if takes),
]}  # fmt: skip

Name = Annotated[str, AfterValidator(_name), _as_json({"type": _TEXTUAL, "pattern": rf"^{_NAME.pattern}$"})]
Text = Annotated[str, Field(max_length=LONGEST_TEXT), _as_json({"type": _TEXTUAL})]
Version = Annotated[str, Field(min_length=1, max_length=64), _as_json({"type": _TEXTUAL})]
Spoken = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), _as_json({"type": _TEXTUAL})]
Phrase = Annotated[str, AfterValidator(_phrase), _as_json({"type": _TEXTUAL})]
Phrases = Annotated[list[Phrase], Field(min_length=1)]
Word = Annotated[Phrases, BeforeValidator(_listed), _as_json(
    {"anyOf": [{"type": _TEXTUAL}, {"type": "array", "items": {"type": _TEXTUAL}, "minItems": 1}]}
)]  # fmt: skip
PatternText = Annotated[str, AfterValidator(_pattern), _as_json({"type": "string", "maxLength": 400})]
Duration = Annotated[float, PlainValidator(_duration), _as_json(_DURATION_JSON)]
Width = Annotated[int | float, PlainValidator(_width), _as_json(
    {"anyOf": [{"type": "integer", "minimum": 2, "maximum": WIDEST}, _DURATION_JSON]}
)]  # fmt: skip
Day = Annotated[date, PlainValidator(_day), _as_json({"type": "string", "format": "date"})]
ActionItem = Annotated[Action, PlainValidator(_action), _as_json(_ACTION_JSON)]
Listed = BeforeValidator(_listed)
