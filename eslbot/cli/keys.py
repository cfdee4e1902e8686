"""keys new and seal: make the keys that open recordings, and keep them under a passphrase. status and rotate stand in
rotating.py. Knows files of keys, and no recording."""

from pathlib import Path
from typing import Annotated

import typer

from eslbot.cli import say

app = typer.Typer(no_args_is_help=True, help="The keys that open recordings.")

Output = Annotated[Path, typer.Option("-o", "--output", metavar="KEYFILE", help="Must not exist yet.")]


@app.callback()
def _group() -> None:
    """The keys that open recordings."""


@app.command("new")
def new(
    output: Output,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Seal the file with a passphrase; stock age reads it too.")
    ] = False,
    hybrid: Annotated[
        bool, typer.Option("--hybrid", help="One that a quantum computer does not break either: ML-KEM-768 and X25519.")
    ] = False,
) -> None:
    """Make a key, in age-keygen's format, readable by its owner only; print its public half."""
    from eslbot.cli.identities import ask_anew
    from eslbot.record.keys import KeyProblem

    try:
        public = make(output, ask_anew(str(output)) if passphrase else "", hybrid)
    except KeyProblem as error:
        say.fail(error)
    typer.echo(f"Public key: {public}")
    typer.echo("Whoever holds this file can open what is sealed for it; nobody can if it is lost.", err=True)


@app.command("seal")
def seal(
    file: Annotated[Path, typer.Argument(metavar="KEYFILE", help="A key file as `keys new` makes it.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="SEALED", help="Must not exist yet.")],
) -> None:
    """Seal a key file with a passphrase, as another file; stock age opens it too. The old one stays where it is."""
    from eslbot.cli.identities import ask_anew
    from eslbot.record import identities, passphrase
    from eslbot.record.keys import KeyProblem, write_key_file

    try:
        found = identities.from_file(file)
        secret = ask_anew(str(output))
        data = passphrase.seal(file.read_bytes(), secret)
        write_key_file(output, data)
        if identities.from_file(output, lambda what: secret) != found:
            say.fail(f"{output}: does not give the same key again; keep {file}")
    except KeyProblem as error:
        say.fail(error)
    typer.echo(f"{output}: {', '.join(one.recipient.short for one in found)}")
    typer.echo(f"{file} is as it was: try the sealed one, then overwrite and remove this (shred -u).", err=True)


def make(path: Path, passphrase: str = "", hybrid: bool = False) -> str:
    """Writes a fresh key to `path`, sealed where there is a passphrase; gives its recipient. Raises KeyProblem."""
    from datetime import datetime

    from eslbot.record import passphrase as sealing
    from eslbot.record.keys import identity_file, new_hybrid_identity, new_identity, recipient, write_key_file

    identity = new_hybrid_identity() if hybrid else new_identity()
    text = identity_file(identity, datetime.now().astimezone()).encode("ascii")
    write_key_file(path, sealing.seal(text, passphrase) if passphrase else text)
    return recipient(identity)
