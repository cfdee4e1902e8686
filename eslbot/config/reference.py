"""docs/reference/config.md, made from the settings themselves: `python -m eslbot.config.reference`.
Knows how to describe a field, not what it means."""

import ast
import inspect
import re
import sys
import textwrap
import typing
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from eslbot.config.fields import Address
from eslbot.config.numbers import NumberPattern
from eslbot.config.periods import parse_period, spelled
from eslbot.config.section import Section
from eslbot.config.settings import Settings

HEAD = """\
# eslbot.toml

Made from the code by `python -m eslbot.config.reference`.

`eslbot init` writes a commented file, `eslbot check -c FILE` tells everything that is wrong with it and its rule packs,
each mistake with file and line. Unknown keys are refused. Relative paths count from the file. Durations are `500ms`,
`3s`, `2m`, periods `90s`, `12h`, `30d`, `5y`. A list may be written as one string with commas.

Every key of a `[section]`, but not those of `[[switch]]` and `[[recipient]]`, can also be set from the environment,
which wins over the file: `ESLBOT_WATCH__LISTEN` is `[watch] listen`, `ESLBOT_AUDIO__FORK__LISTEN` is
`[audio.fork] listen`. Secrets stand in the environment only; the file names their variables.
"""


def render() -> str:
    """The page."""
    parts = [HEAD]
    top = {name: field for name, field in Settings.model_fields.items() if _section(field) is None}
    parts.append(_table("At the top", top, of=Settings))
    for name, field in Settings.model_fields.items():
        section = _section(field)
        if section is not None:
            parts.append(_described(field.alias or name, section, many=typing.get_origin(field.annotation) is tuple))
    return "\n".join(parts)


def _section(field: FieldInfo) -> type[Section] | None:
    kind: Any = field.annotation
    if typing.get_origin(kind) is tuple:
        kind = typing.get_args(kind)[0]
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


def _described(name: str, section: type[Section], *, many: bool = False) -> str:
    fields = {key: field for key, field in section.model_fields.items() if _section(field) is None}
    text = _table(f"[[{name}]]" if many else f"[{name}]", fields, _doc(section), of=section)
    for key, field in section.model_fields.items():
        inner = _section(field)
        if inner is not None:
            text += "\n" + _described(f"{name}.{key}", inner)
    return text


def _doc(section: type[Section]) -> str:
    return " ".join(inspect.cleandoc(section.__doc__).split()) if section.__doc__ else ""


def _meanings(section: type[Section]) -> dict[str, str]:
    """Field -> the string that stands below it. Read here and not by pydantic (use_attribute_docstrings), which would
    read the source at each start of each command: a third of what it takes to know the configuration."""
    found: dict[str, str] = {}
    for kind in reversed(section.__mro__[: section.__mro__.index(Section)]):
        [made] = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
        assert isinstance(made, ast.ClassDef)
        for field, below in pairwise(made.body):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
                found[field.target.id] = inspect.cleandoc(str(ast.literal_eval(below.value)))
    return found


def _table(title: str, fields: dict[str, FieldInfo], about: str = "", *, of: type[Section]) -> str:
    meanings = _meanings(of)
    rows = [
        f"| `{key}` | {_default(field)} | {_cell(field.description or meanings.get(key, ''))} |"
        for key, field in fields.items()
    ]
    lines = [f"## {title}", "", *([about, ""] if about else []), "| key | default | meaning |", "|---|---|---|", *rows]
    return "\n".join(lines) + "\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "(needed)"
    if field.default_factory is not None or field.default is None or field.default == ():
        return ""
    if any(isinstance(one, BeforeValidator) and one.func is parse_period for one in field.metadata):
        return f'`"{spelled(field.default)}"`'
    return f"`{_shown(field.default)}`"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, float):
        return f'"{value:g}s"'
    if isinstance(value, str | Path | Address | NumberPattern):
        return f'"{value}"'
    return f'"{value:04o}"' if value == 0o660 else str(value)


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(render())
