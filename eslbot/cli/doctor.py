"""doctor: looks at all that the service needs, and says how to mend what is wrong. Knows how findings are shown, not
how anything is looked at."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile

if TYPE_CHECKING:
    from eslbot.config import Finding as Doubt
    from eslbot.config import Settings
    from eslbot.doctor.findings import Finding

FORMAT = 1
"""Of the JSON; a key may be added without another."""
_STYLES = {"ok": "green", "hint": "cyan", "warning": "yellow", "error": "bold red"}


def doctor(
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
    only: Annotated[str, typer.Option("--only", metavar="SUBJECTS", help="Such as switch,store; absent: all.")] = "",
    quick: Annotated[bool, typer.Option("--quick", help="Measure nothing: leaves out the model's speed.")] = False,
    password_env: Annotated[str, typer.Option(
        "--password-env", metavar="NAME",
        help="Environment variable with the event socket's own password, for what the service's user may not ask.",
    )] = "",
) -> None:
    """Look at switch, spool, model, rules, store, disk, keys, backup, clock, ports and the running service; say what is
    wrong with each and how to mend it. Changes nothing. Exit code 1 where anything is an error, 2 where the
    configuration cannot be used."""
    from eslbot.config import ConfigError, read
    from eslbot.doctor.findings import Level, worst

    subjects = _subjects(only)
    own = _secret(password_env)
    settings, doubts = read(config, os.environ, secrets=False)
    if settings is None:
        say.fail(ConfigError(tuple(doubts)), say.USAGE)
    began = time.time()
    found = _examined(settings, config, tuple(doubts), subjects, own, quick)
    if as_json:
        say.json(_plain(found, config, began, subjects))
    else:
        _show(found)
    if worst(found) is Level.ERROR:
        raise typer.Exit(say.FAILED)


def _subjects(only: str) -> tuple[str, ...]:
    from eslbot.doctor.checks import SUBJECTS

    if not only:
        return SUBJECTS
    wanted = [name.strip() for name in only.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in SUBJECTS]
    if unknown or not wanted:
        say.fail(f"--only: {', '.join(unknown) or 'nothing'} is no subject; there are {', '.join(SUBJECTS)}", say.USAGE)
    return tuple(name for name in SUBJECTS if name in wanted)


def _secret(name: str) -> str:
    if name and not os.environ.get(name):
        say.fail(f"--password-env: the environment variable {name} is not set", say.USAGE)
    return os.environ.get(name, "")


def _examined(settings: "Settings", file: Path, doubts: "tuple[Doubt, ...]", subjects: tuple[str, ...], own: str,
              quick: bool) -> "list[Finding]":
    from eslbot.doctor.patient import Patient
    from eslbot.doctor.running import examine
    from eslbot.greenlets import Greenlets

    greenlets = Greenlets(lambda name, problem: None)   # whoever waits for it is told
    patient = Patient(settings, file, doubts, greenlets, own_password=own, quick=quick)
    try:
        with say.progress("looking") as told:
            return examine(patient, subjects, told)
    finally:
        greenlets.stop(timeout=1.0)


def _plain(found: "list[Finding]", file: Path, began: float, subjects: tuple[str, ...]) -> dict[str, Any]:
    import eslbot
    from eslbot.doctor.findings import counts, worst

    return {"format": FORMAT, "eslbot": eslbot.__version__, "config": str(file), "at": round(began, 3),
            "seconds": round(time.time() - began, 1), "subjects": list(subjects), "worst": worst(found).value,
            "counts": counts(found), "findings": [one.plain() for one in found]}


def _show(found: "list[Finding]") -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from eslbot.doctor.findings import counts

    shown = Table(box=box.SIMPLE, pad_edge=False)
    shown.add_column("level", no_wrap=True)
    shown.add_column("check", no_wrap=True)
    shown.add_column("found, and how to mend it", overflow="fold")
    for one in found:
        text = Text(say.printable(f"{one.of}: {one.found}" if one.of else one.found))
        if one.mend:
            text.append(f"\n  mend: {say.printable(one.mend)}", "dim")
        shown.add_row(Text(one.level.value, _STYLES[one.level.value]), Text(one.check), text)
    console = Console()
    console.print(shown) if console.is_terminal else Console(width=200).print(shown)
    told = counts(found)
    typer.echo(", ".join(f"{number} {level}{'s' if number != 1 and level != 'ok' else ''}"
                         for level, number in told.items()))
