"""Options that several commands share, and how the configuration is read for them. Knows no command."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eslbot.cli import say

if TYPE_CHECKING:
    from eslbot.config import Settings
    from eslbot.supervise.admin import AdminClient

ConfigFile = Annotated[
    Path, typer.Option("-c", "--config", metavar="FILE", envvar="ESLBOT_CONFIG", help="The configuration file.")
]
DEFAULT_FILE = Path("eslbot.toml")
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output, for scripts.")]
Call = Annotated[
    str, typer.Argument(metavar="CALL", help="Any leg's uuid, or its first six characters or more.", show_default=False)
]

Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is audited.", show_default=False)]


def settings_of(file: Path) -> "Settings":
    """The configuration, for a command that connects to no switch: passwords need not be in its environment."""
    from eslbot.config import ConfigError, load

    try:
        return load(file, os.environ, secrets=False)
    except ConfigError as error:
        say.fail(error, say.USAGE)


def client_of(file: Path) -> "AdminClient":
    """The way to the running service."""
    from eslbot.supervise.admin import AdminClient

    return AdminClient(settings_of(file).admin.socket)


def user() -> str:
    """Who runs this: the account's name, `uid:1234` where it has none."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid:{os.getuid()}"
