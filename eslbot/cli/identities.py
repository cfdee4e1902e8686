"""What opens recordings, for every command that needs it: a key file, one sealed with a passphrase, or a command that
prints it; from the options, else from [keys]. Knows how a person is asked, and says no key to anybody."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eslbot.cli import say

if TYPE_CHECKING:
    from eslbot.config import Settings
    from eslbot.record.keys import Identity

PASSPHRASE = "ESLBOT_PASSPHRASE"
"""The environment variable that is looked at before anybody is asked."""
_NOBODY = f"there is no terminal to ask at, and {PASSPHRASE} is not set"

KeyFile = Annotated[
    Path | None,
    typer.Option("--identity", metavar="KEYFILE", help="A recipient's key, or one sealed; absent: as [keys] says."),
]
KeyCommand = Annotated[
    str,
    typer.Option("--identity-command", metavar="COMMAND", help="Instead: a program that prints the key; no shell."),
]


def identities_of(
    settings: "Settings", file: Path | None, command: str, *, needed: bool = True
) -> "tuple[Identity, ...]":
    """The identities that the options name, else the configuration; none, where they are not `needed`. Ends the command
    where they cannot be had."""
    import shlex

    from eslbot.record import identities
    from eslbot.record.keys import KeyProblem

    if file is not None and command:
        say.fail("either --identity or --identity-command", say.USAGE)
    try:
        if file is None and not command:
            file, words = settings.keys.identity, settings.keys.identity_command
        else:
            words = tuple(shlex.split(command))
        if found := identities.configured(file, words, ask):
            return found
    except ValueError as error:   # KeyProblem too
        say.fail(error if isinstance(error, KeyProblem) else f"--identity-command: {error}", say.USAGE)
    if needed:
        say.fail("say what opens it: --identity KEYFILE, --identity-command COMMAND, or [keys]", say.USAGE)
    return ()


def ask(what: str) -> str:
    """The passphrase of what is named: from the environment, else from whoever sits at the terminal. Raises
    KeyProblem."""
    import sys

    from eslbot.record.keys import KeyProblem

    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise KeyProblem(f"{what}: is sealed with a passphrase; {_NOBODY}")
    return str(typer.prompt(f"Passphrase of {what}", hide_input=True, err=True))


def ask_anew(what: str) -> str:
    """A passphrase to seal with; asked for twice. Raises KeyProblem for an empty one."""
    import sys

    from eslbot.record.keys import KeyProblem

    given = os.environ.get(PASSPHRASE)
    if given is None:
        if not sys.stdin.isatty():
            raise KeyProblem(f"{what}: a passphrase is needed; {_NOBODY}")
        given = str(typer.prompt(f"Passphrase for {what}", hide_input=True, confirmation_prompt=True, err=True))
    if not given:
        raise KeyProblem(f"{what}: an empty passphrase protects nothing")
    return given
