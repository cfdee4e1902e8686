"""What is said about a pack file that is wrong: every wrong value at once, each with its line and its rule.

Knows the shape of packs (schema) and where values stand (located); puts pydantic's findings into our words. Pure.
"""

from collections.abc import Collection
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from eslbot.judge.located import Located, Path, Problem
from eslbot.judge.rules import Says
from eslbot.judge.schema import LawModel, NearModel, PackModel, RequireModel, RuleModel, suggestion

_KINDS = ("any", "all", "near", "require")
"""A rule has exactly one of these; a requirement exactly one of the first three."""


def validate(located: Located, prompts: Collection[str] | None) -> tuple[PackModel | None, list[Problem]]:
    """The pack in a file, or everything that is wrong with its values. `prompts`: the names there are, if known."""
    problems = list(located.problems)

    def say(path: Path, text: str) -> None:
        problems.append(Problem(located.file, located.line(path), _rule_of(located.value, path), text))

    if not isinstance(located.value, dict):
        say((), "not a pack: it begins with `pack: NAME`")
        return None, problems
    model = None
    try:
        model = PackModel.model_validate(located.value, context={"prompts": prompts})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            say(detail["loc"], _text(detail))
    rules = located.value.get("rules")
    seen: dict[str, int] = {}
    for index, rule in enumerate(rules if isinstance(rules, list) else []):
        if not isinstance(rule, dict):
            continue
        path: Path = ("rules", index)
        for text in _kinds(rule, requirement_only=False):
            say(path, text)
        requirement = rule.get("require")
        if isinstance(requirement, dict):
            for text in _kinds(requirement, requirement_only=True):
                say((*path, "require"), text)
            if rule.get("says") == Says.EITHER:
                say((*path, "says"), "a requirement binds one side: says agent or customer")
        name = rule.get("id")
        if isinstance(name, str):
            if name in seen:
                say((*path, "id"), f"the id {name!r} is taken by the rule on line {seen[name]}")
            seen.setdefault(name, located.line((*path, "id")))
    problems.sort(key=lambda problem: problem.line)
    return (None if problems else model), problems


def _kinds(rule: dict[str, Any], *, requirement_only: bool) -> list[str]:
    kinds = _KINDS[:3] if requirement_only else _KINDS
    there = [kind for kind in kinds if kind in rule]
    if len(there) == 1:
        return []
    return [f"needs exactly one of {', '.join(kinds)}; it has {' and '.join(there) if there else 'none'}"]


def _rule_of(value: object, path: Path) -> str:
    if len(path) < 2 or path[0] != "rules" or not isinstance(value, dict):
        return ""
    rule = value["rules"][path[1]]
    name = rule.get("id") if isinstance(rule, dict) else None
    return name if isinstance(name, str) else f"number {int(path[1]) + 1}"


_KEYS: dict[str, list[str]] = {
    part: [*model.model_fields]
    for part, model in (("near", NearModel), ("require", RequireModel), ("law", LawModel), ("rules", RuleModel))
}


def _keys_at(path: Path) -> list[str]:
    """The keys that may stand beside the last one of a path."""
    parents = [part for part in path[:-1] if isinstance(part, str)]
    return _KEYS[parents[-1]] if parents else [*PackModel.model_fields]


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


def _text(detail: ErrorDetails) -> str:
    path, kind, given = detail["loc"], detail["type"], detail["input"]
    name = _named(path)
    if kind == "extra_forbidden":
        return f"unknown key {name!r}{suggestion(name, _keys_at(path))}"
    if given is None:
        return f"{name} is empty"
    if kind in _TEXTS:
        return f"{name} {_TEXTS[kind].format(given=given, **detail.get('ctx', {}))}"
    return f"{name}: {detail['msg']}"
