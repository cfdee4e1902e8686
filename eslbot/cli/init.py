"""init: a directory to start from. Writes a commented configuration and a key, and overwrites nothing."""

import os
from pathlib import Path
from typing import Annotated

import typer

from eslbot.cli import keys, say
from eslbot.cli.template import filled


def init(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="Made if it is not there.")] = Path(),
) -> None:
    """Write a commented eslbot.toml and a key to start with."""
    from eslbot.record.keys import KeyProblem

    config, key = directory / "eslbot.toml", directory / "eslbot.key"
    for path in (config, key):
        if path.exists() or path.is_symlink():
            say.fail(f"{path} is there already, and nothing is overwritten")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        public = keys.make(key)
        with os.fdopen(os.open(config, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w", encoding="utf-8") as file:
            file.write(filled(public))
    except (OSError, KeyProblem) as error:
        say.fail(error)
    typer.echo(f"""\
{config}: the configuration, every setting explained
{key}: the key that opens the recordings (public key {public})

The service never needs this key. Move it to where recordings will be played, and make a second one on another machine
(`eslbot keys new -o KEYFILE`): put its public key beside the first in [record] recipients. A lost key is lost for good.

Next: set ESLBOT_ESL_PASSWORD, then eslbot check -c {config}, then eslbot run -c {config}""")
