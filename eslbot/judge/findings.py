"""What is said about a pack file that is wrong: every wrong value at once, each with its line and its rule.

Knows the shape of packs (schema) and where values stand (located); puts pydantic's findings into our words. Pure.
"""

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from eslbot.judge import schema
from eslbot.judge.located import Located, Path, Problem
from eslbot.judge.patterns import LARGEST_OF_A_PACK
from eslbot.judge.relations import TOO_MANY_PATTERNS, ends, pattern_sizes, relations
from eslbot.judge.schema import PackModel
from eslbot.judge.values import suggestion


def validate(located: Located, prompts: Collection[str] | None) -> tuple[PackModel | None, list[Problem]]:
    """The pack in a file, or everything that is wrong with its values. `prompts`: the names there are, if known."""
    problems = list(located.problems)

    def say(path: Path, text: str) -> None:
        path = _written(located.value, path)
        problems.append(Problem(located.file, located.line(path), _rule_of(located.value, path), text))

    if not isinstance(located.value, dict):
        say((), "not a pack: it begins with `pack: NAME`")
        return None, problems
    model = None
    try:
        model = PackModel.model_validate(located.value, context={"prompts": prompts})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            say(detail["loc"], _text(detail, _written(located.value, detail["loc"])))
    rules = located.value.get("rules")
    seen: dict[str, int] = {}
    for index, rule in enumerate(rules if isinstance(rules, list) else []):
        if not isinstance(rule, dict):
            continue
        path: Path = ("rules", index)
        for place, text in relations(rule, located.value.get("language")):
            say((*path, *place), text)
        name = rule.get("id")
        if isinstance(name, str):
            if name in seen:
                say((*path, "id"), f"the id {name!r} is taken by the rule on line {seen[name]}")
            seen.setdefault(name, located.line((*path, "id")))
    if not rules and not located.value.get("include"):
        say(("rules",), "there is no rule: write `rules`, or `include` another pack's")
    if not located.value.get("include"):  # else what is taken may end it: including.py looks at the whole
        for path, text in ends(rules if isinstance(rules, list) else [], seen):
            say(("rules", *path), text)
    size = pattern_sizes(rules if isinstance(rules, list) else [])
    if size > LARGEST_OF_A_PACK:
        say(("rules",), TOO_MANY_PATTERNS.format(size))
    problems.sort(key=lambda problem: problem.line)
    return (None if problems else model), problems


def _written(value: Any, path: Path) -> Path:
    """A path as it was written: without the index of what stands alone where a list may stand."""
    found: list[str | int] = []
    for step in path:
        if isinstance(step, int) and not isinstance(value, list):
            continue
        found.append(step)
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
    return tuple(found)


def _rule_of(value: object, path: Path) -> str:
    if len(path) < 2 or path[0] != "rules" or not isinstance(value, dict):
        return ""
    rule = value["rules"][path[1]]
    name = rule.get("id") if isinstance(rule, dict) else None
    return name if isinstance(name, str) else f"number {int(path[1]) + 1}"


_MODELS: dict[str, type[BaseModel]] = {
    "include": schema.IncludeModel, "rules": schema.RuleModel, "either": schema.PartModel, "some": schema.SomeModel,
    "near": schema.NearModel, "sequence": schema.NearModel, "regex": schema.RegexModel,
    "require": schema.RequireModel, "after": schema.AfterModel,
    "unless": schema.UnlessModel, "during": schema.DuringModel, "repeated": schema.RepeatedModel,
    "acoustic": schema.AcousticModel, "rate": schema.RateModel, "law": schema.LawModel,
    "examples": schema.ExamplesModel, "hit": schema.LineModel, "miss": schema.LineModel,
}  # fmt: skip
"""The shape of what stands under a key."""


def _keys_at(path: Path) -> list[str]:
    """The keys that may stand beside the last one of a path."""
    parents = [part for part in path[:-1] if isinstance(part, str)]
    model = _MODELS[parents[-1]] if parents else PackModel
    return [field.alias or name for name, field in model.model_fields.items()]


_TEXTS: dict[str, str] = {
    "missing": "is missing",
    "literal_error": "is {given!r}: it must be {expected}",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "string_too_long": "is longer than {max_length} characters",
    "list_type": "must be a list",
    "too_short": "needs at least {min_length}, it has {actual_length}",
    "too_long": "takes at most {max_length}, it has {actual_length}",
    "model_type": "must be keys and values",
    "int_parsing": "is {given!r}: it must be a whole number",
    "greater_than_equal": "is {given!r}: it must be at least {ge}",
    "less_than_equal": "is {given!r}: it must be at most {le}",
    "bool_parsing": "is {given!r}: it must be true or false",
}
"""Our words for pydantic's kinds of errors."""


def _named(path: Path) -> str:
    """A value by its key, or by its place in the nearest key's list."""
    match path:
        case (*_, str(key)):
            return key
        case (*_, str(key), int(index)):
            return f"{key} number {index + 1}"
        case (*_, str(key), int(index), int(inner)):
            return f"{key} number {index + 1}, {inner + 1}"
    return "the pack"


def _text(detail: ErrorDetails, path: Path) -> str:
    kind, given = detail["type"], detail["input"]
    name = _named(path)
    if kind == "extra_forbidden":
        return f"unknown key {name!r}{suggestion(name, _keys_at(path))}"
    if given is None:
        return f"{name} is empty"
    if kind in _TEXTS:
        return f"{name} {_TEXTS[kind].format(given=given, **detail.get('ctx', {}))}"
    return f"{name}: {detail['msg']}"
