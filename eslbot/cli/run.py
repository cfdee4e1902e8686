"""run and check: start the service, or say whether it could start. Knows where to look for mistakes, and the service's
one front door."""

import errno
import os
from typing import TYPE_CHECKING

import typer

from eslbot.cli import say
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile

if TYPE_CHECKING:
    from eslbot.config import Finding


def run(config: ConfigFile = DEFAULT_FILE) -> None:
    """Run the service until it is told to end (SIGTERM, Ctrl-C)."""
    from eslbot.config import read

    settings, findings = read(config, os.environ)
    for finding in findings:
        typer.echo(str(finding), err=True)
    if settings is None:
        raise typer.Exit(say.USAGE)
    from eslbot import judge
    from eslbot.listen.models import ModelError
    from eslbot.listen.recogniser import RecogniserError
    from eslbot.listen.spool_files import SpoolError
    from eslbot.record.keys import KeyProblem
    from eslbot.service.run import run as serve
    from eslbot.store import StoreProblem

    try:
        raise typer.Exit(serve(settings, config))
    except (judge.PackErrors, ModelError, RecogniserError, SpoolError, KeyProblem) as error:
        say.fail(error, say.USAGE)
    except StoreProblem as error:
        say.fail(error)
    except OSError as error:
        say.fail(_told(error))


def _told(error: OSError) -> str:
    """With where to look, for what the system says without a setting."""
    if error.errno == errno.EADDRINUSE:
        return f"{error}; is eslbot running already? `eslbot doctor --only ports` says who has it, and by which setting"
    return str(error)


def check(config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False) -> None:
    """Tell everything that is wrong with the configuration and its packs, each with file and line. Exit code 2 if
    anything is."""
    from eslbot.cli.checking import findings_of

    findings = findings_of(config, os.environ)
    wrong = any(finding.error for finding in findings)
    if as_json:
        say.json([_plain(finding) for finding in findings])
    else:
        for finding in findings:
            typer.echo(str(finding))
        if not wrong:
            typer.echo(f"{config}: good")
    if wrong:
        raise typer.Exit(say.USAGE)


def _plain(finding: "Finding") -> dict[str, object]:
    return {
        "file": finding.origin, "line": finding.line, "key": finding.key, "message": finding.message,
        "severity": "error" if finding.error else "warning",
    }  # fmt: skip
