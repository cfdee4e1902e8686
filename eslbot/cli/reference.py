"""docs/reference/cli.md, made from the commands themselves: `python -m eslbot.cli.reference`.
Knows how to describe a command, not what it does."""

import sys
from typing import Any

import typer.main

from eslbot.cli.app import app

HEAD = """\
# The command line

Made from the code by `python -m eslbot.cli.reference`.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | it could not be done, or the service refused; one line on standard error says why |
| 2 | wrongly asked, or a mistake in the configuration or a rule pack |
| 3 | no service answers at the admin socket |
| 4 | an export of a recording that was never closed: its whole chunks were written |

CALL is any leg's uuid, or its first six characters or more, where they mean one call only. Durations are `500ms`, `3s`,
`2m`. What people command (`mute`, `unmute`, `hangup`) ignores shadow mode and `allow_hang_up`. `recordings` needs no
running service, and the identity never reaches one. `eslbot --install-completion` teaches the shell.
"""


def render() -> str:
    """The page."""
    parts = [HEAD]
    _describe(typer.main.get_command(app), "eslbot", parts)
    return "\n".join(parts)


def _describe(command: Any, name: str, parts: list[str]) -> None:
    children = getattr(command, "commands", {})
    for child, inner in children.items():
        _describe(inner, f"{name} {child}", parts)
    if not children:
        parts.append(_page(command, name))


def _page(command: Any, name: str) -> str:
    shown = [parameter for parameter in command.params if parameter.name != "help"]
    arguments = [parameter for parameter in shown if parameter.param_type_name == "argument"]
    usage = " ".join([name, *(_metavar(argument) for argument in arguments)])
    lines = [f"## {usage}", "", " ".join((command.help or "").split()), ""]
    rows = [
        f"| `{_cell(_spelled(parameter))}` | {_default(parameter)} | {_cell(parameter.help or '')} |"
        for parameter in shown
    ]
    if rows:
        lines += ["| | default | |", "|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _metavar(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name.upper())


def _spelled(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return _metavar(parameter)
    names = ", ".join(parameter.opts)
    return names if parameter.is_flag else f"{names} {_metavar(parameter)}"


def _default(parameter: Any) -> str:
    if parameter.required:
        return "(needed)"
    value = parameter.default
    if value is None or value is False or callable(value):
        return ""
    return f"`{getattr(value, 'value', value)}`"


if __name__ == "__main__":
    sys.stdout.write(render())
