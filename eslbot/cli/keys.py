"""keys new: makes the key that opens recordings. Knows nothing of recordings."""

from pathlib import Path
from typing import Annotated

import typer

from eslbot.cli import say

app = typer.Typer(no_args_is_help=True, help="The keys that open recordings.")


@app.callback()
def _group() -> None:
    """The keys that open recordings."""


@app.command("new")
def new(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="KEYFILE", help="Must not exist yet.")],
) -> None:
    """Make a key, in age-keygen's format, readable by its owner only; print its public half."""
    from eslbot.record.keys import KeyProblem

    try:
        public = make(output)
    except KeyProblem as error:
        say.fail(error)
    typer.echo(f"Public key: {public}")
    typer.echo("Whoever holds this file can open what is sealed for it; nobody can if it is lost.", err=True)


def make(path: Path) -> str:
    """Writes a fresh key to `path`; gives its recipient, age1.... Raises KeyProblem."""
    from datetime import datetime

    from eslbot.record.keys import new_identity, recipient, write_identity_file

    identity = new_identity()
    write_identity_file(path, identity, datetime.now().astimezone())
    return recipient(identity)
