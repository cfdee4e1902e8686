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
    for purpose, one in sorted(report["purposes"].items()):
        typer.echo(f"basis of {purpose}: {one['basis']}")
    if report["rows"]:
        typer.echo(f"rows of {report['rows']} calls deleted")


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
        {"call": one.call, "expires": one.at, "held": one.held, "purpose": one.purpose, "basis": one.basis}
        for one in retention.due() if one.at <= until
    ]
    rule, doubt = retention.rule, retention.doubt()
    if as_json:
        say.json({"period": rule.seconds, "basis": rule.basis, "doubt": doubt, "expires": rows})
        return
    shown = [{**row, "expires": say.local_time(row["expires"])} for row in rows]
    columns = {"call": "call", "purpose": "purpose", "expires": "expires", "held": "held", "basis": "basis"}
    say.table(columns, shown, f"nothing expires within {within}")
    kept = "for ever" if rule.seconds is None else spelled(rule.seconds)
    typer.echo(f"kept {kept}; basis: {rule.basis}")
    if doubt:
        typer.echo(f"{doubt}: a run would delete nothing", err=True)


@app.command("next")
def next_(config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False) -> None:
    """What expires next, by what calls were for: each period with its basis, and the first recording that it ends."""
    import time

    from eslbot.config.periods import spelled
    from eslbot.record.retention import next_of

    retention = retention_of(settings_of(config))
    lines, doubt = next_of(retention.due(), retention.rules, time.time()), retention.doubt()
    if as_json:
        say.json({"purposes": lines, "doubt": doubt})
        return
    shown = []
    for line in lines:
        coming: dict[str, Any] = line["next"] or {}
        shown.append({
            **line, "purpose": line["purpose"] or "(others)", "call": coming.get("call", ""),
            "period": "for ever" if line["period"] is None else spelled(line["period"]),
            "expires": say.local_time(coming["expires"]) if coming else "",
        })
    say.table({
        "purpose": "purpose", "period": "kept", "recordings": "recordings", "over": "over", "held": "held",
        "expires": "next", "call": "call", "basis": "basis",
    }, shown, "no rule")
    if doubt:
        typer.echo(f"{doubt}: a run would delete nothing", err=True)


def retention_of(settings: "Settings") -> "Retention":
    """The configured rule over the configured store."""
    from eslbot.model.call import PURPOSES
    from eslbot.record.expiry import Retention
    from eslbot.record.retention import rule

    section = settings.retention
    packs = [Path(pack).stem for pack in settings.judge.packs]
    purposes = {}
    for purpose in PURPOSES:
        period = getattr(section.purpose, purpose)
        if period.keep is not None:
            purposes[purpose] = rule(period.keep, period.basis, packs, section.below_minimum, purpose)
    base = rule(section.keep, section.basis, packs, section.below_minimum)
    return Retention(eraser_of(settings), base, purposes, section.rows)
