"""calls --watch: the calls that are going on, live in the terminal, the worst first. Asks the running service again and
again; knows no verb but `calls`."""

import contextlib
import select
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from rich import box
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

EVERY = 0.5
"""Seconds between two looks."""
QUIT = "q"
_WEIGHT = {"severe": 3, "warning": 2, "notice": 1}
_COLOURS = {"severe": "bold red", "warning": "yellow", "notice": "cyan"}
_HEADINGS = ("call", "switch", "phase", "seconds", "worst", "violations", "muted", "supervisors", "due")

Ask = Callable[[], Mapping[str, Any]]
"""The service's answer to `calls`."""


def worst_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By severity, then by how much was found, then by age."""
    return sorted(rows, key=lambda row: (
        -_WEIGHT.get(str(row.get("worst")), 0), -int(row.get("violations") or 0), -float(row.get("seconds") or 0)))


def table(answer: Mapping[str, Any]) -> Table:
    """What is shown. Nothing of a row is taken for markup."""
    rows = worst_first(list(answer.get("calls", [])))
    title = f"{len(rows)} calls" + (", shadow mode is on" if answer.get("shadow") else "")
    shown = Table(box=box.SIMPLE, title=title, caption=f"{QUIT} ends", pad_edge=False)
    for heading in _HEADINGS:
        shown.add_column(heading, overflow="fold")
    for row in rows:
        style = _COLOURS.get(str(row.get("worst")), "")
        shown.add_row(*(Text(_plain(cell), style=style) for cell in _cells(row)))
    return shown


def _cells(row: Mapping[str, Any]) -> Iterator[str]:
    yield str(row.get("call", ""))[:8]
    yield str(row.get("switch", ""))
    yield str(row.get("phase", ""))
    yield "-" if row.get("seconds") is None else f"{row['seconds']:.0f}"
    yield str(row.get("worst") or "-")
    yield str(row.get("violations") or "-")
    yield "-" if row.get("muted_for") is None else f"{row['muted_for']:.0f} s"
    yield ", ".join(_seat(seat) for seat in row.get("supervisors", [])) or "-"
    yield ", ".join(rule for rule, how in row.get("disclosures", {}).items() if how == "pending") or "-"


def _seat(seat: Mapping[str, Any]) -> str:
    how = {"ringing": "rings", "consult": "waits: consult"}.get(str(seat.get("state")), seat.get("mode"))
    return f"{seat.get('by') or seat.get('phone')} {how}"


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in text)


def lines(ask: Ask, more: Callable[[], bool]) -> None:
    """One JSON line a look, until `more` says no."""
    while more():
        sys.stdout.buffer.write(orjson.dumps(dict(ask())) + b"\n")
        sys.stdout.flush()
        time.sleep(EVERY)


def watch(ask: Ask, console: Console | None = None, quits: Callable[[float], bool] | None = None) -> None:
    """Shows it until q or Ctrl-C. `quits` waits so many seconds for that key."""
    console = console or Console()
    with contextlib.suppress(KeyboardInterrupt), keys() as pressed, Live(
        table(ask()), console=console, screen=console.is_terminal, auto_refresh=False
    ) as live:
        while not (quits or pressed)(EVERY):
            live.update(table(ask()), refresh=True)


@contextlib.contextmanager
def keys() -> Iterator[Callable[[float], bool]]:
    """Whether q is pressed within so many seconds. Without a terminal that only waits."""
    if not sys.stdin.isatty():
        yield _waited
        return
    import termios
    import tty

    was = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        yield _pressed
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, was)


def _waited(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def _pressed(seconds: float) -> bool:
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    return bool(ready) and sys.stdin.read(1) == QUIT
