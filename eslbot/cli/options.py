"""What several commands share: options, how the configuration is read, and how the running service is asked. Knows no
command."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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


def asked(client: "AdminClient", verb: str, **args: Any) -> dict[str, Any]:
    """The running service's answer; where there is none, or it refuses, the command ends and says so."""
    from eslbot.supervise.admin import NotReachable
    from eslbot.supervise.wire import Refused

    try:
        return client.call(verb, **args)
    except NotReachable as error:
        say.fail(error, say.UNREACHABLE)
    except Refused as error:
        say.fail(error)


def user() -> str:
    """Who runs this: the account's name, `uid:1234` where it has none."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid:{os.getuid()}"
