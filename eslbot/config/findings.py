"""What is wrong, or doubtful, in a configuration, and how it is told. Turns pydantic's errors into sentences that name
the file, the line and the key, and suggests the key that was meant. Knows no particular setting."""

import difflib
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from eslbot.config.locate import Place, line_of


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell the admin."""

    origin: str
    """The file as it was named, or `environment NAME`."""
    line: int | None
    """From 1; None: the file as a whole, or the environment."""
    key: str
    """Dotted, with indices: `switch[0].port`; empty for the whole."""
    message: str
    error: bool = True
    """False: a warning."""

    def __str__(self) -> str:
        where = self.origin if self.line is None else f"{self.origin}:{self.line}"
        return ": ".join(part for part in (where, "" if self.error else "warning", self.key, self.message) if part)


class ConfigError(Exception):
    """The configuration cannot be used. Its text has one line a finding."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


_SENTENCES: Mapping[str, str] = {
    "missing": "is missing",
    "too_short": "needs at least {min_length}",
    "string_pattern_mismatch": "does not have the form {pattern}",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_type": "must be a string",
    "pattern_regex": "is not a regular expression",
    "pattern_type": "must be a regular expression, as a string",
    "tuple_type": "must be a list",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "literal_error": "must be {expected}",
    "less_than_equal": "must be at most {le}",
    "greater_than_equal": "must be at least {ge}",
}

_ADVICE: Mapping[str, str] = {
    "password": "a password does not belong in the file: put it into an environment variable and name that in "
    "password_env",
    "secret": "a secret does not belong in the file: put it into an environment variable and name that in secret_env",
}


def findings_of(
    errors: list[ErrorDetails],
    model: type[BaseModel],
    origin: str,
    lines: dict[Place, int],
    strangers: dict[Place, str],
) -> list[Finding]:
    """One finding an error. `lines` are the file's (locate), `strangers` the places that something else than the file
    set, with its name."""
    found = []
    for error in errors:
        place = tuple(error["loc"])
        other = next((strangers[place[:n]] for n in range(len(place), 0, -1) if place[:n] in strangers), None)
        line = None if other else line_of(lines, place)
        found.append(Finding(other or origin, line, dotted(place), _sentence(error, place, model)))
    return found


def dotted(place: Place) -> str:
    """`("switch", 0, "port")` -> `switch[0].port`."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _sentence(error: ErrorDetails, place: Place, model: type[BaseModel]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown(str(place[-1]), keys_at(model, place[:-1]))
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(**context)
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    return error["msg"]


def unknown(key: str, known: list[str]) -> str:
    """What to say of a key that is none of `known`."""
    if key in _ADVICE:
        return _ADVICE[key]
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    if close:
        return f"unknown key; did you mean {close[0]}?"
    return f"unknown key; known here: {', '.join(sorted(known))}" if known else "unknown key"


def keys_at(model: type[BaseModel], place: Place) -> list[str]:
    """The keys of the table at `place`."""
    here: Any = model
    for part in place:
        if isinstance(part, str):
            fields = {field.alias or name: field for name, field in here.model_fields.items()}
            if part not in fields:
                return []
            here = fields[part].annotation
            if typing.get_origin(here) is tuple:
                here = typing.get_args(here)[0]
    is_table = isinstance(here, type) and issubclass(here, BaseModel)
    return [field.alias or name for name, field in here.model_fields.items()] if is_table else []
