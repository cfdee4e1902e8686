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
        for name, text in made.items():
            _write(output / name, text)
            typer.echo(str(output / name))
    shared = tmpfs is None and settings.audio.source == "spool"
    for warning in _warnings(user, units.absent(settings), output, shared):
        typer.echo(warning, err=True)


def _write(path: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        say.fail(f"{path} is there already, and nothing is overwritten")
    except OSError as error:
        say.fail(f"{path}: {error.strerror or error}")


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
