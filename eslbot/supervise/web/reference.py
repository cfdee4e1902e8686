"""docs/reference/api.md, made from the OpenAPI document: `python -m eslbot.supervise.web.reference`.
Knows how to describe an operation, not what it does."""

import sys
import textwrap
from typing import Any

import eslbot
from eslbot.supervise.web.documents import kind, rows
from eslbot.supervise.web.openapi import PROBLEMS, document
from eslbot.supervise.web.operations import OPERATIONS

HEAD = """\
# The HTTP API

Made from the code by `python -m eslbot.supervise.web.reference`. A running service describes itself at
`/api/v1/openapi.json` (OpenAPI 3.1), and for eyes at `/api/v1/docs`, to whoever has signed in.

{about}

A list has at most 500 rows; `next` is what to send as `after` for those that follow. An `Idempotency-Key` is
remembered with its answer until the service is restarted. An act on a call carries it into the call's journal, which
is written before anything is done: sent again after a restart, or a crash in the middle of it, the request is answered
`"done": [], "again": true` and nothing is done again. `Idempotency-Replayed` marks both. Accounts and tokens:
[how-to/people.md](../how-to/people.md).

| code | meaning |
|---|---|
{codes}
"""


def render() -> str:
    """The page."""
    described = document(OPERATIONS, eslbot.__version__)
    codes = [f"| {code} | {what} |" for code, what in PROBLEMS.items()]
    parts = [HEAD.format(about=textwrap.fill(described["info"]["description"], 120), codes="\n".join(codes))]
    parts += map(_operation, rows(described))
    parts += [_schema(name, schema) for name, schema in described["components"]["schemas"].items()]
    return "\n".join(parts)


def _operation(row: dict[str, Any]) -> str:
    lines = [f"## {row['method']} {row['path']}", "", f"{row['summary']}. {row['about']}", ""]
    if row["takes"]:
        lines += ["| name | in | type | |", "|---|---|---|---|"]
        lines += [
            f"| `{one['name']}` | {one['where']} | {_cell(one['type'])} | "
            + f"{'needed. ' if one['needed'] else ''}{_cell(one['about'])}".strip() + " |"
            for one in row["takes"]
        ]
        lines.append("")
    return "\n".join([*lines, f"Gives {row['gives']}.", ""])


def _schema(name: str, schema: dict[str, Any]) -> str:
    lines = [f"## {name}", ""]
    if "description" in schema:
        lines += [schema["description"], ""]
    lines += ["| name | type | |", "|---|---|---|"]
    lines += [
        f"| `{field}` | {_cell(kind(of))} | {_cell(of.get('description', ''))} |"
        for field, of in schema["properties"].items()
    ]
    return "\n".join([*lines, ""])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(render())
