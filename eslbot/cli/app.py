"""The command line: puts the nouns together. Knows which commands there are, not what they do."""

import sys
from collections.abc import Callable
from typing import Annotated

import typer

import eslbot
from eslbot.cli import (
    alerts,
    appeals,
    audit,
    backup,
    calls,
    erasing,
    keys,
    missing,
    model,
    prompts,
    publishing,
    recordings,
    repinning,
    retention,
    rotating,
    rules,
    say,
    supervise,
    users,
)
from eslbot.cli.bench import bench
from eslbot.cli.doctor import doctor
from eslbot.cli.init import init
from eslbot.cli.replay import replay
from eslbot.cli.run import check, run
from eslbot.cli.systemd import systemd

app = typer.Typer(
    name="eslbot",
    help="Keeps FreeSWITCH's outbound calls lawful and decent while they are going on.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(init)
app.command()(run)
app.command()(check)
app.command()(doctor)
app.command()(systemd)


@app.command()
def demo(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave it running afterwards.")] = False,
    language: Annotated[str, typer.Option("--language", metavar="zh|en", help="Of the calls.")] = "zh",
    console: Annotated[
        bool, typer.Option("--console", help="Open the console on this machine, and leave it running afterwards.")
    ] = False,
) -> None:
    """Hear it work: three calls on an embedded switch, with nothing installed."""
    if language not in ("zh", "en"):
        say.fail("--language: zh or en", say.USAGE)
    from eslbot.cli.demo import run_demo

    raise typer.Exit(run_demo(language=language, as_json=as_json, keep=keep or console, pages=console))


_OF_CALLS: tuple[Callable[..., None], ...] = (
    calls.calls, calls.mute, calls.unmute, calls.mask, calls.unmask, calls.hangup, calls.shadow, calls.disarm,
    supervise.listen, supervise.whisper, supervise.barge, supervise.takeover, supervise.leave, supervise.correct,
)
for command in _OF_CALLS:
    app.command()(command)
app.command()(replay)
app.command()(bench)
recordings.app.command()(missing.missing)
recordings.app.command()(erasing.erase)
recordings.app.command()(erasing.hold)
recordings.app.command()(erasing.release)
recordings.app.command()(erasing.holds)
app.add_typer(recordings.app, name="recordings")
app.add_typer(alerts.app, name="alerts")
app.add_typer(appeals.app, name="appeals")
app.add_typer(audit.app, name="audit")
app.add_typer(retention.app, name="retention")
app.add_typer(backup.app, name="backup")
rotating.attach(keys.app)
app.add_typer(keys.app, name="keys")
app.add_typer(users.app, name="users")
rules.app.command("publish")(publishing.publish)
rules.app.command("repin")(repinning.repin)
rules.app.command("list")(publishing.list_)
rules.app.command("reload")(publishing.reload)
app.add_typer(rules.app, name="rules")
app.add_typer(model.app, name="model")
app.add_typer(prompts.app, name="prompts")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"eslbot {eslbot.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Options of eslbot itself."""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command line (the process's own by default) and returns its exit code."""
    say.anywhere()
    try:
        app(sys.argv[1:] if arguments is None else arguments, prog_name="eslbot")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0
