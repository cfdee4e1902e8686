"""systemd: units for this installation and its configuration. Writes files only where it is told to, and over none."""

import os
import pwd
import sys
from pathlib import Path
from typing import Annotated

import typer

from eslbot.cli import say
from eslbot.cli.options import DEFAULT_FILE, ConfigFile, settings_of


def systemd(
    config: ConfigFile = DEFAULT_FILE,
    user: Annotated[str, typer.Option("--user", help="Whom the service runs as.")] = "eslbot",
    size: Annotated[str, typer.Option("--spool-size", metavar="SIZE", help="Of the spool's tmpfs.")] = "256m",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Write them there, over nothing; absent: show them."),
    ] = None,
) -> None:
    """Units for systemd: the service, hardened and watched, and the spool's own tmpfs."""
    from eslbot.cli import units

    settings = settings_of(config)
    places = units.Places(Path(sys.argv[0]).absolute(), config.absolute(), user, size)
    made = {units.SERVICE: units.service(settings, places)}
    tmpfs = units.mount(settings, places)
    if tmpfs is not None:
        made[tmpfs[0]] = tmpfs[1]
    if output is None:
        typer.echo("\n".join(f"# --- {name}\n{text}" for name, text in made.items()), nl=False)
    else:
        _write({output / name: text for name, text in made.items()})
    shared = tmpfs is None and settings.audio.source == "spool"
    for warning in _warnings(user, units.absent(settings), output, shared):
        typer.echo(warning, err=True)


def _write(units: dict[Path, str]) -> None:
    """All of them or none; what is there already with the same text is left, and named too."""
    try:
        there = {path: path.read_text("utf-8", "replace") for path in units if path.exists() or path.is_symlink()}
        others = [str(path) for path, text in there.items() if text != units[path]]
        if others:
            say.fail(f"{', '.join(others)}: there already with other words, and nothing is overwritten: move it away")
        for path, text in units.items():
            if path not in there:
                with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w", encoding="utf-8") as to:
                    to.write(text)
            typer.echo(f"{path}: as before" if path in there else str(path))
    except OSError as error:
        say.fail(f"{error.filename}: {error.strerror or error}")


def _warnings(user: str, absent: list[Path], output: Path | None, shared: bool) -> list[str]:
    found = []
    if shared:
        found.append(
            "The spool lies in /dev/shm, which has no size of its own: set [audio] spool to a place such as "
            "/run/eslbot-spool and ask again, to get its mount unit too."
        )
    try:
        pwd.getpwnam(user)
    except KeyError:
        found.append(f"There is no user {user} yet: useradd --system --home-dir /var/lib/eslbot --create-home {user}")
    for path in absent:
        found.append(f"{path} is not there, and the unit needs it: install -d -o {user} -m 0700 {path}")
    if output is not None:
        found.append("Next: systemctl daemon-reload, then systemctl enable --now what was written above.")
    return found
