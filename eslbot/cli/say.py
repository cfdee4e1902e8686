"""How commands speak: errors in one line with an exit code, tables for eyes, JSON for scripts, progress on a terminal.
Knows no noun."""

import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import typer

FAILED, USAGE, UNREACHABLE, INCOMPLETE = 1, 2, 3, 4
"""Exit codes: it could not be done; wrongly asked or configured; no service answers; an export that is not whole."""
WIDE = 400
"""Columns that no table needs."""


def anywhere() -> None:
    """Let no terminal end a command: what its encoding has no sign for, such as Chinese in Latin-1, is a `?` there."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def fail(message: object, code: int = FAILED) -> NoReturn:
    """Say what is wrong on standard error and end the command."""
    for line in str(message).splitlines() or [""]:
        typer.echo(line, err=True)
    raise typer.Exit(code)


def json(value: object) -> None:
    """The value as JSON on standard output, readable."""
    import orjson

    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
    sys.stdout.flush()


def table(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]], empty: str) -> None:
    """Rows for eyes: `columns` maps a row's key to its heading. What a row holds is never taken for markup. Where the
    terminal is too narrow for them side by side, each row is a block of lines."""
    if not rows:
        typer.echo(empty)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=box.SIMPLE, pad_edge=False)
    for heading in columns.values():
        shown.add_column(heading, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(_cell(row.get(key))) for key in columns))
    console = Console()
    if not console.is_terminal:
        Console(width=200).print(shown)
    elif console.measure(shown, options=console.options.update(max_width=WIDE)).maximum <= console.width:
        console.print(shown)
    else:
        _blocks(columns, rows)


def _blocks(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    widest = max(map(len, columns.values()))
    for row in rows:
        for key, heading in columns.items():
            cell = _cell(row.get(key))
            if cell not in ("", "-"):
                typer.echo(f"{heading:<{widest}}  {cell}")
        typer.echo()


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {item}" for key, item in value.items()) or "-"
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Iterable):
        return ", ".join(map(_cell, value)) or "-"
    return str(value)


def printable(text: str) -> str:
    """The text with a mark in place of each sign that could move a terminal's cursor or break a line."""
    return "".join(character if character.isprintable() else "�" for character in text)


def local_time(at: float | None) -> str | None:
    """Seconds since the epoch as this place's date and time."""
    from datetime import datetime

    return None if at is None else datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


@contextmanager
def progress(title: str, *, in_bytes: bool = False) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on standard error, where that is a terminal: gives what to tell (done, in all)."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    amount = DownloadColumn() if in_bytes else TextColumn("{task.percentage:>3.0f} %")
    columns = TextColumn("{task.description}", markup=False), BarColumn(), amount, TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
