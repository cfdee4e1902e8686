"""retention run, report: erases what has been kept long enough, and says what goes next. Knows the rule's settings and
how a report is shown."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.erasing import eraser_of
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile, settings_of

if TYPE_CHECKING:
    from eslbot.config import Settings
    from eslbot.record.expiry import Retention

app = typer.Typer(no_args_is_help=True, help="How long recordings are kept.")


@app.command("run")
def run(
    config: ConfigFile = DEFAULT_FILE,
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say what would be erased.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="The clock is right, however far it went.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase the recordings whose period is over and that nobody holds. Nothing is deleted while the clock is in doubt:
    more than an hour behind, or more than a day ahead of what was last seen to be right."""
    from eslbot.record.erase import ErasureRefused
    from eslbot.record.expiry import ClockInDoubt
    from eslbot.store import StoreProblem

    try:
        with say.progress("erasing what has expired") as told:
            report = retention_of(settings_of(config)).run(dry, yes, told)
    except ClockInDoubt as doubt:
        say.fail(f"{doubt}: nothing was deleted; if it is right now, run it with --yes")
    except (ErasureRefused, StoreProblem) as error:
        say.fail(error)
    except OSError as error:
        say.fail(f"{error.filename}: {error.strerror}")
    if as_json:
        say.json(report)
        return
    count = len(report["expired"]) if dry else report["erased"]
    typer.echo(f"{count} recordings {'would be ' if dry else ''}erased, {len(report['held'])} held beyond their period")
    typer.echo(f"basis: {report['basis']}")


@app.command("report")
def report_(
    config: ConfigFile = DEFAULT_FILE,
    within: Annotated[str, typer.Option("--within", metavar="PERIOD", help="12h, 30d, 5y.")] = "30d",
    as_json: AsJson = False,
) -> None:
    """What expires next, soonest first; and what would have, but for a hold."""
    import time

    from eslbot.config.periods import parse_period, spelled

    try:
        until = time.time() + parse_period(within)
    except ValueError as error:
        say.fail(f"--within: {error}", say.USAGE)
    retention = retention_of(settings_of(config))
    rows: list[dict[str, Any]] = [
        {"call": one.call, "expires": one.at, "held": one.held} for one in retention.due() if one.at <= until
    ]
    rule, doubt = retention.rule, retention.doubt()
    if as_json:
        say.json({"period": rule.seconds, "basis": rule.basis, "doubt": doubt, "expires": rows})
        return
    shown = [{**row, "expires": say.local_time(row["expires"])} for row in rows]
    say.table({"call": "call", "expires": "expires", "held": "held"}, shown, f"nothing expires within {within}")
    kept = "for ever" if rule.seconds is None else spelled(rule.seconds)
    typer.echo(f"kept {kept}; basis: {rule.basis}")
    if doubt:
        typer.echo(f"{doubt}: a run would delete nothing", err=True)


def retention_of(settings: "Settings") -> "Retention":
    """The configured rule over the configured store."""
    from eslbot.record.expiry import Retention
    from eslbot.record.retention import rule

    section = settings.retention
    packs = [Path(pack).stem for pack in settings.judge.packs]
    return Retention(eraser_of(settings), rule(section.keep, section.basis, packs, section.below_minimum))
